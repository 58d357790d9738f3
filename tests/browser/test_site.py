"""Every page a role reaches from its menu, at phone and desktop width: readable, without errors."""

import json
from pathlib import Path

import pytest

from thucchat.web.people.actions.demo import NAMES, PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.browser]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESKTOP = 390, 1440
VISITS = [(name, DESKTOP) for name in NAMES.values()] + [
    (name, PHONE) for name in ("khaothi", "hieutruong", "giaovien")
]


def sign_in(chromium, site: str, username: str, width: int):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.problems = []
    page.on(
        "console", lambda message: page.problems.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(f"{site}/tai-khoan/dang-nhap/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_load_state()
    return page


def serious_faults(page) -> list[str]:
    """What axe calls serious or worse. Its script enters as the debugger's, so the policy stays as it is."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {json.dumps([node['target'] for node in fault['nodes'][:3]])}"
        for fault in found["violations"]
        if fault["impact"] in {"serious", "critical"}
    ]


def menu_of(page) -> list[str]:
    return page.eval_on_selector_all(
        "aside a.nav-link", "links => links.map(link => link.getAttribute('href'))"
    )


@pytest.mark.parametrize(("username", "width"), VISITS)
def test_every_page_of_a_role_is_sound(chromium, site, username, width):
    page = sign_in(chromium, site, username, width)
    for address in menu_of(page):
        page.goto(site + address)
        check(page, address)
        first = page.query_selector("table.rows tbody tr td:first-child a")
        if first:
            first.click()
            page.wait_for_load_state()
            check(page, f"{address} → first row")
    page.close()


def check(page, place: str) -> None:
    assert page.title() not in {"", "Có lỗi ở phía chúng tôi · Thực Chất"}, place
    assert serious_faults(page) == [], place
    assert page.problems == [], place
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{place} is {wide} pixels wider than the window"


def test_a_principal_finds_a_pupil_without_a_mouse(chromium, site):
    page = sign_in(chromium, site, "hieutruong", DESKTOP)
    page.goto(f"{site}/hoc-sinh/")
    name = page.inner_text("table.rows tbody tr td:first-child a >> nth=0")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    page.keyboard.press("Enter")
    page.focus("input[name=q]")
    page.keyboard.type(name.split()[-1])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for _ in range(60):
        if page.evaluate("document.activeElement.closest('table.rows td') !== null"):
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert name.split()[-1] in page.inner_text("h1")
    page.close()


def test_no_page_asks_anything_of_another_host(chromium, site):
    page = sign_in(chromium, site, "khaothi", DESKTOP)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/hoc-sinh/")

    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    page.close()


def test_a_long_list_is_written_in_the_background_and_fetched(chromium, site):
    page = sign_in(chromium, site, "chuyenmon", DESKTOP)
    page.goto(f"{site}/xuat-du-lieu/hoc-sinh/xlsx/?trang_thai=tat-ca")
    page.wait_for_selector("text=Xem kết quả", timeout=60_000)

    with page.expect_download() as fetched:
        page.click("text=Xem kết quả")

    assert fetched.value.suggested_filename.endswith(".xlsx")
    page.close()


def test_a_word_file_is_waited_for_and_fetched(chromium, site):
    page = sign_in(chromium, site, "khaothi", DESKTOP)
    page.goto(f"{site}/ky-thi/")
    page.click("table.rows tbody tr:first-child a")
    page.wait_for_selector("text=Word", timeout=60_000)
    page.click("text=Word")
    page.wait_for_selector("text=Tải tệp về", timeout=60_000)

    with page.expect_download() as fetched:
        page.click("text=Tải tệp về")

    assert fetched.value.suggested_filename.endswith(".docx")
    page.close()
