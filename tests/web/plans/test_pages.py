"""The pages, as people of each place see them."""

import csv
import io
import re

import pytest
from django.test import Client

from tests.web.plans.planted import ALL, NOON, means, published
from tests.web.world import make_unit, make_user
from thucchat.web.plans.actions.figures import Report, confirm_figure, enter_figure, refuse_figure
from thucchat.web.plans.models import ReportedFigure

YEAR = "?nam=2026-2027"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR = False


def client_of(role, unit) -> Client:
    client = Client()
    client.force_login(make_user(role, unit))
    return client


def titles(page: str) -> list[str]:
    return re.findall(r'data-label="Chỉ tiêu"><a href="/chi-tieu/([^/]+)/', page)


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_department_sees_every_target_in_the_order_of_the_documents(world):
    page = client_of("leader", world.province).get(f"/chi-tieu/{YEAR}").content.decode()

    assert titles(page) == list(ALL)
    assert page.count("chưa đủ số liệu</span>") == 25 + 1  # and the count above
    assert "Kế hoạch 2362/KH-SGDĐT" in page
    assert "mục II.2.f" in page
    assert "Số trường phổ thông có quyết định đạt chuẩn còn hiệu lực trên tổng số" in page


def test_a_school_sees_what_it_answers_for_and_its_part_of_the_rest(world):
    page = client_of("principal", world.schools[0]).get(f"/chi-tieu/{YEAR}").content.decode()

    assert titles(page) == [
        "db24.start-survey", "db24.end-survey", "db24.mid-survey", "db24.entrance-mean", "db24.national-rank",
        "db24.schools-ranked", "db24.ranked-by-district", "mn24.school-subjects", "sl20.entry-surveys",
    ]  # fmt: skip


def test_a_district_sees_its_own_and_the_count_of_its_schools(world):
    client = client_of("district", world.districts[0])

    page = client.get(f"/chi-tieu/{YEAR}").content.decode()
    schools = client.get(f"/chi-tieu/mn24.school-subjects/don-vi/{YEAR}").content.decode()

    assert {"mn24.prizes", "mn24.topic-papers", "mn24.school-subjects"} <= set(titles(page))
    assert not {"db24.accredited", "sl20.graduation", "sl20.mock-exams"} & set(titles(page))
    assert "Trường THCS 1" in schools
    assert "Trường THCS 2" not in schools


@pytest.mark.parametrize("role", ["teacher", "team_head"])
def test_a_teacher_sees_how_his_whole_school_stands(world, role):
    published(world, [(world.schools[0], 1)])
    unit = world.schools[0] if role == "teacher" else world.teams[0]

    page = client_of(role, unit).get(f"/chi-tieu/db24.schools-ranked/{YEAR}").content.decode()

    assert "1/1 = 100 %, chỉ tiêu 100 %." in page


@pytest.mark.parametrize("role", ["teacher", "team_head"])
def test_a_teacher_opens_every_unit_that_the_list_shows(world, role):
    client = client_of(role, world.schools[0] if role == "teacher" else world.teams[0])

    page = client.get(f"/chi-tieu/mn24.school-subjects/don-vi/{YEAR}").content.decode()
    links = re.findall(r'data-label="Đơn vị"><a href="([^"]+)"', page)

    assert links
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_the_board_is_a_file_too(world):
    client = client_of("office", world.province)

    rows = read_csv(client.get(f"/chi-tieu/{YEAR}&tep=csv"))

    assert rows[0][:4] == ["Văn bản", "Mục", "Chỉ tiêu", "Mức đề ra"]
    assert [row[2] for row in rows[1:]] == [one.title for one in ALL.values()]
    assert {row[5] for row in rows[1:]} == {"chưa đủ số liệu"}
    assert client.get(f"/chi-tieu/{YEAR}&tep=xlsx").content[:2] == b"PK"


def test_the_units_behind_a_count_are_listed_by_status_and_as_a_file(world):
    published(world, [(world.schools[0], 1), (world.schools[1], 2), (world.schools[2], None)])
    client = client_of("leader", world.province)
    address = f"/chi-tieu/db24.ranked-by-district/don-vi/{YEAR}"

    failed = client.get(f"{address}&trang_thai=not_met").content.decode()
    rows = read_csv(client.get(f"{address}&tep=csv"))

    assert "huyện Nam" in failed
    assert "huyện Bắc" not in failed
    assert [row[1:3] for row in rows[1:]] == [["100 %", "đạt"], ["0 %", "chưa đạt"]]


def test_the_page_of_the_national_rank_goes_through_the_years(world):
    means(2025, {"A": 9, "B": 8, "C": 7, "Mẫu": 6})
    means(2026, {"A": 9, "B": 8, "C": 7, "Mẫu": 9.5})

    page = client_of("leader", world.province).get("/chi-tieu/db24.national-rank/?nam=2025-2026")

    text = page.content.decode()
    assert "Từ hạng 4 đến hạng 1 trong 4: +3 bậc, chỉ tiêu +3." in text
    assert re.findall(r'data-label="Năm thi">(\d+)<', text) == ["2026", "2025"]
    assert [one.won for one in page.context["ranks"]] == [3, None]


def test_a_figure_is_entered_by_one_and_confirmed_by_another_on_the_page(world):
    clerk, principal = (client_of(role, world.schools[0]) for role in ("clerk", "principal"))
    address = f"/chi-tieu/mn24.school-subjects/don-vi/{world.schools[0].pk}/nhap/{YEAR}"
    counts = dict.fromkeys(ALL["mn24.school-subjects"].members, "1")

    blank = clerk.post(address, counts | {"TIN": "", "evidence": "Danh sách dự thi"})
    entered = clerk.post(address, counts | {"evidence": "Danh sách dự thi"})
    figure = ReportedFigure.objects.get()
    waiting = principal.get(f"/chi-tieu/mn24.school-subjects/{YEAR}").content.decode()
    own = clerk.get(f"/chi-tieu/mn24.school-subjects/{YEAR}").content.decode()

    assert blank.status_code == 200  # an empty cell is not a zero
    assert entered.status_code == 302
    assert "Xác nhận số liệu" in waiting
    assert "Xác nhận số liệu" not in own
    assert clerk.post(f"/chi-tieu/so-lieu/{figure.pk}/xac-nhan/").status_code == 403
    principal.post(f"/chi-tieu/so-lieu/{figure.pk}/xac-nhan/")
    assert "6/6 môn đạt." in clerk.get(f"/chi-tieu/mn24.school-subjects/{YEAR}").content.decode()
    assert "Đã xác nhận" in clerk.get("/chi-tieu/so-lieu/").content.decode()


def test_who_entered_a_figure_is_told_that_another_must_confirm_it(world):
    officer = client_of("office", world.province)
    address = f"/chi-tieu/db24.awareness/don-vi/{world.province.pk}/nhap/{YEAR}"
    officer.post(address, {"met": "met", "evidence": "Báo cáo 3/BC"})
    figure = ReportedFigure.objects.get()

    page = officer.post(f"/chi-tieu/so-lieu/{figure.pk}/xac-nhan/", follow=True).content.decode()
    officer.post(f"/chi-tieu/so-lieu/{figure.pk}/khong-xac-nhan/", {"why": "không đúng"})

    assert "Người nhập số liệu không tự xác nhận" in page
    assert ReportedFigure.objects.get().state == "entered"


def test_the_list_begins_with_what_waits(world):
    officer, leader = (make_user(role, world.province) for role in ("office", "leader"))
    for code in ("db24.accredited", "db24.national-standard", "sl20.graduation"):
        report = Report(ALL[code], world.year, world.province, {"reached": 1, "of": 1}, "Báo cáo 1")
        enter_figure(report, by=officer, at=NOON)
    confirm_figure(ReportedFigure.objects.get(indicator="sl20.graduation").pk, by=leader, at=NOON)
    refused = ReportedFigure.objects.get(indicator="db24.accredited")
    refuse_figure(refused.pk, "thiếu căn cứ", by=leader, at=NOON)

    rows = read_csv(client_of("office", world.province).get("/chi-tieu/so-lieu/?tep=csv"))

    assert [row[-1] for row in rows[1:]] == ["Chờ xác nhận", "Đã xác nhận", "Không xác nhận"]


def test_values_of_two_years_are_entered_subject_by_subject(world):
    school = make_unit("school", "Trường THPT", world.province, school_type="thpt", levels=["THPT"])
    client = client_of("principal", school)
    address = f"/chi-tieu/sl20.record-gap/don-vi/{school.pk}/nhap/{YEAR}"

    client.post(address, {"now_toan": "1.2", "before_toan": "1.3", "now_van": "0.5", "evidence": "Báo cáo 5"})

    assert ReportedFigure.objects.get().counts == {
        "now": {"toan": "1.2", "van": "0.5"},
        "before": {"toan": "1.3"},
    }


def test_a_computed_target_has_no_form_to_enter(world):
    client = client_of("office", world.province)

    page = client.get(f"/chi-tieu/db24.start-survey/{YEAR}").content.decode()
    answer = client.post(
        f"/chi-tieu/db24.start-survey/don-vi/{world.province.pk}/nhap/{YEAR}",
        {"reached": 1, "of": 1, "evidence": "Báo cáo 1"},
    )

    assert "Nhập số liệu" not in page
    assert "do hệ thống tính" in answer.content.decode()
    assert client.get("/chi-tieu/khong-co/").status_code == 404
