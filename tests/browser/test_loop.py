"""The principal's path, and the year's pages as a teacher sees them on a phone."""

import pytest

from tests.browser.test_site import DESKTOP, PHONE, check, sign_in
from thucchat.web.people.actions.demo import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.browser]
MOST_CLICKS = 8


def test_a_principal_sees_where_the_school_stands_accepts_a_handover_and_prints_the_minute(chromium, site):
    page = chromium.new_page(viewport={"width": DESKTOP, "height": 900})
    clicks = 0

    def click(what: str) -> None:
        nonlocal clicks
        clicks += 1
        page.click(what)
        page.wait_for_load_state()

    page.goto(f"{site}/tai-khoan/dang-nhap/")
    page.fill("input[name=login]", "hieutruong")
    page.fill("input[name=password]", PASSWORD)
    click("main button")
    click("aside >> text=Chất lượng, việc đến hạn")
    assert page.locator("section[aria-label='Chỉ tiêu'] tbody tr").count() >= 1
    click("section[aria-label='Việc đến lượt tôi'] >> text=Nhận bàn giao lớp >> nth=0")
    click("main >> button:has-text('Nhận bàn giao')")
    assert "Đã nhận bàn giao" in page.inner_text("main")
    with page.expect_download() as minute:
        click("text=Biên bản (PDF)")

    assert minute.value.suggested_filename.endswith(".pdf")
    assert clicks <= MOST_CLICKS
    page.close()


@pytest.mark.parametrize("name", ["khaothi", "phong", "hieutruong", "giaovien"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_pages_of_the_year_are_sound(chromium, site, name, width):
    page = sign_in(chromium, site, name, width)
    page.goto(f"{site}/mot-nam-hoc/")
    check(page, "year")
    links = page.eval_on_selector_all("ol.year a", "all => all.map(one => one.href)")
    for link in links:
        page.goto(link)
        check(page, link)
        inner = page.query_selector("main table.rows tbody a")
        if inner:
            inner.click()
            page.wait_for_load_state()
            check(page, f"{link} → first row")
    page.close()
