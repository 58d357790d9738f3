"""The ceremony from proposal to printed variants, as people do it."""

import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.browser.test_site import DESKTOP, PHONE, check, sign_in
from tests.web.bank.papers import KEYS, MATRIX, TAGS, paper
from thucchat.engine.custody.ciphers import CIPHERS, Age
from thucchat.engine.papers.blueprint_docx import blueprint_to_docx
from thucchat.engine.papers.reading.reader import read_paper

pytestmark = [pytest.mark.slow, pytest.mark.browser]
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KEEPERS = (
    ("Lò Văn Giữ", "Phòng khảo thí"),
    ("Quàng Thị Giữ", "Thanh tra tỉnh"),
    ("Vàng A Giữ", "Công an tỉnh"),
    ("Tòng Thị Giữ", "Công đoàn"),
    ("Cà Văn Giữ", "Trường bạn"),
)
DIGITS = "27182818284590452353"


def upload(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": WORD, "buffer": content}


def moment(seconds: int) -> datetime:
    return datetime.now(HERE) + timedelta(seconds=seconds)


def written(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S")


def press(page, text: str) -> None:
    with page.expect_navigation():
        page.click(f"main button:has-text('{text}')")


def make_blueprint(page, site: str) -> None:
    page.goto(f"{site}/de-thi/ma-tran/them/")
    page.fill("[name=title]", "Ma trận khảo sát Toán 9")
    page.select_option("[name=subject]", label="Toán", timeout=5000)
    page.select_option("[name=grade]", "9")
    page.set_input_files("[name=file]", upload("ma-tran.docx", blueprint_to_docx(MATRIX)))
    press(page, "Đọc tệp")
    check(page, "blueprint editor")
    press(page, "Lưu ma trận")
    assert "Ma trận khớp" in page.inner_text("main")
    check(page, "blueprint")


def prepare(page, site: str, recipients: list[str], due: datetime) -> str:
    page.goto(f"{site}/de-thi/them/")
    values = {
        "code": "ks-toan-9", "title": "Khảo sát đầu năm Toán 9", "minutes": "45", "forms": "2", "needed": "3",
        "propose_by": written(due), "opens_at": written(due + timedelta(seconds=1)),
    }  # fmt: skip
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=blueprint]", label="Ma trận khảo sát Toán 9")
    press(page, "Lập kì")
    address = page.url
    for (name, body), recipient in zip(KEEPERS, recipients, strict=True):
        page.fill("[name=name]", name)
        page.fill("[name=body]", body)
        page.fill("[name=recipient]", recipient)
        press(page, "Thêm người giữ khoá")
    press(page, "Mở cho các đơn vị nộp đề")
    check(page, "round")
    return address


def propose(page, address: str, number: int, *, pledged: str = "") -> str:
    """Hand in, settle, and pledge; returns the value to be opened."""
    page.goto(address)
    page.set_input_files("[name=file]", upload(f"de-{number}.docx", paper(number)))
    press(page, "Nộp đề")
    for place, key in KEYS.items():
        page.fill(f"[name=key-{place}]", key)
        page.select_option(f"[name=line-{place}]", str(TAGS[place].line))
        for level, value in enumerate(TAGS[place].levels):
            page.select_option(f"[name=level-{place}-{level}]", value.value)
    press(page, "Lưu đáp án")
    assert "5 câu có đáp án" in page.inner_text("main")
    if pledged:
        return pledged
    page.goto(address)
    page.fill("[name=number]", f"{number}88")
    press(page, "Gửi cam kết")
    value = page.inner_text(".secret")
    check(page, "pledge")
    return value


def review_all(page, address: str) -> None:
    page.goto(address)
    links = page.eval_on_selector_all("main td a[href*='de-xuat']", "all => all.map(one => one.href)")
    for link in links:
        page.goto(link)
        page.select_option("[name=approves]", "1")
        press(page, "Ghi ý kiến")
    page.goto(f"{links[0]}?in=1")
    check(page, "proposal beside its print")
    assert page.locator(".pages-in img").count() >= 1


def test_from_proposal_to_printed_variants(chromium, site):
    cipher, width = CIPHERS[Age.name], DESKTOP
    secrets = [cipher.new_secret() for _ in KEEPERS]
    office, testing = (sign_in(chromium, site, name, width) for name in ("chuyenmon", "khaothi"))
    head, district = (sign_in(chromium, site, name, width) for name in ("hieutruong", "phong"))
    leader = sign_in(chromium, site, "lanhdao", width)

    make_blueprint(testing, site)
    due = moment(75)
    address = prepare(testing, site, [cipher.recipient(one) for one in secrets], due)
    values = {head: propose(head, address, 0), district: propose(district, address, 1)}
    propose(head, address, 2, pledged=values[head])
    review_all(office, address)
    review_all(testing, address)
    testing.wait_for_timeout(max(0, (due - datetime.now(HERE)).total_seconds() + 2) * 1000)

    testing.goto(address)
    press(testing, "Chốt danh sách")
    draw = testing.url
    for page, value in values.items():
        page.goto(draw)
        page.fill("[name=value]", value)
        press(page, "Mở cam kết")
    testing.goto(draw)
    press(testing, "Đóng phần mở cam kết")
    testing.wait_for_timeout(1100)
    testing.fill("[name=source_0]", DIGITS)
    press(testing, "Bốc thăm")
    assert "chính thức" in testing.inner_text("main")
    check(testing, "draw")
    with testing.expect_download() as minutes:
        testing.click("text=In biên bản")
    assert Path(minutes.value.path()).read_bytes()[:4] == b"%PDF"

    testing.fill("[name=reason]", "Tới giờ in sao đề")
    press(testing, "Gửi đề nghị")
    leader.goto(f"{site}/viec-duyet/")
    leader.click("table.rows tbody tr:first-child a")
    check(leader, "decision")
    press(leader, "Duyệt")
    testing.goto(draw)
    testing.fill("[name=secrets]", "\n".join(secrets[1:4]))
    testing.fill("[name=codes]", "101, 102")
    with testing.expect_download() as archive:
        testing.click("text=Mở và tải các mã đề")
    names = zipfile.ZipFile(io.BytesIO(Path(archive.value.path()).read_bytes()))
    assert len(read_paper(names.read("ks-toan-9/ma-de-101.docx")).questions) == 5
    for page in (office, testing, head, district, leader):
        page.close()


def test_its_pages_fit_a_phone(chromium, site):
    page = sign_in(chromium, site, "khaothi", PHONE)
    page.goto(f"{site}/de-thi/")
    links = page.eval_on_selector_all("main td:first-child a", "all => all.map(one => one.href)")
    assert links
    for link in links:
        page.goto(link)
        check(page, "round on a phone")
        draws = page.eval_on_selector_all("main a[href*='boc-tham']", "all => all.map(one => one.href)")
        for draw in draws:
            page.goto(draw)
            check(page, "draw on a phone")
    page.close()
