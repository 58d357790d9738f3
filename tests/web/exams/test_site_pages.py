"""Pages of a school's part in a survey: candidates, printed lists, absences, incidents, marks."""

import pypdfium2
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.web.exams.campaigns import LISTED, NOON, WHY, exam_of, only, planned, site_of, sitting_of
from tests.web.exams.files import csv
from tests.web.exams.test_pages import work_off
from tests.web.world import make_pupil, make_user
from thucchat.web.exams.actions.campaigns import start_campaign
from thucchat.web.exams.actions.listing import freeze_candidates
from thucchat.web.exams.models import Absence, Campaign, Candidate, ExamResult, Incident, Site, SittingReport
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope
from thucchat.web.shared.spreadsheets.reading import read_spreadsheet
from thucchat.web.shared.spreadsheets.writing import Form, List, write_list


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SECOND_FACTOR, settings.WORKING_DAY = False, LISTED


@pytest.fixture
def campaign(world) -> Campaign:
    """A survey that runs in rooms of four."""
    made = planned(world)
    only(made, "toan", "van")
    freeze_candidates(made.pk, LISTED, by=None, at=NOON, seats=4)
    return start_campaign(made.pk, by=None, at=NOON)


@pytest.fixture
def site(world, campaign) -> Site:
    return site_of(campaign, world.schools[0])


@pytest.fixture
def clerk(world):
    return make_user("clerk", world.schools[0])


@pytest.fixture
def client(clerk) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


def address(name: str, row, query: str = "") -> str:
    return reverse(f"exams:{name}", args=[row.pk]) + query


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def texts_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def form_rows(client, site) -> list[tuple[str | None, ...]]:
    """The form for a school's marks as it goes out: headings, then a row a candidate."""
    (sheet,) = read_spreadsheet(client.get(address("site-template", site)).content)
    return sheet.cells.rows()


def test_a_school_sees_rooms_seats_and_what_is_still_open(client, site):
    page = client.get(site.get_absolute_url(), {"phong": "2"}).content.decode()

    assert "Phòng 1 (3)" in page
    assert "06001004" in page
    assert "06001001" not in page, "room 2 alone is shown"
    assert page.count("chưa báo cáo") == 2
    assert page.count("0/6") == 2
    assert reverse("exams:imports") in page


def test_a_teacher_reads_the_list_and_may_do_nothing(world, site):
    reader = Client()
    reader.force_login(make_user("teacher", world.schools[0]))

    page = reader.get(site.get_absolute_url()).content.decode()

    assert "06001001" in page
    assert "Nhập điểm" not in page
    assert reader.get(address("site-marks", site)).status_code == 403


@pytest.mark.parametrize(("role", "is_told"), [("teacher", False), ("team_head", False), ("clerk", True)])
def test_who_sees_by_class_is_not_told_birth_dates_incidents_and_removals(client, world, site, role, is_told):
    gone = Candidate.objects.get(sbd="06001001")
    client.post(address("candidate-remove", gone), {"reason": "Đã chuyển trường"})
    text = {"kind": "health", "number": "06001002", "text": "Em đau bụng"}
    client.post(address("site-incident", site, "?mon=toan"), text)
    enter_scope(Scope(WHOLE_PROVINCE))
    reader, places = Client(), {"team_head": world.teams[0]}
    reader.force_login(make_user(role, places.get(role, world.schools[0])))

    page = reader.get(site.get_absolute_url()).content.decode()

    born = f"{Candidate.objects.get(sbd='06001002').born_on:%d/%m/%Y}"
    told = ("Ngày sinh", born, "Đã chuyển trường", "Em đau bụng", "In danh sách phòng")
    assert [word in page for word in told] == [is_told] * len(told)
    assert "06001002" in page
    assert reader.get(address("site-lists", site, "?mon=toan")).status_code == (200 if is_told else 403)


def test_room_lists_name_every_candidate_of_the_room(client, site):
    answer = client.get(address("site-lists", site, "?mon=van"))

    text = texts_of(answer.content)
    assert all(number in text for number in Candidate.objects.filter(site=site).values_list("sbd", flat=True))
    assert "Ngữ văn" in text
    assert answer["Content-Disposition"].endswith('khoi-6-danh-sach-phong-van.pdf"')
    assert client.get(address("site-lists", site, "?mon=hoa")).status_code == 404


def test_sheets_of_a_room_have_a_page_for_each_of_its_candidates(client, site):
    answer = client.get(address("site-sheets", site, "?mon=toan&phong=2"))

    with pypdfium2.PdfDocument(answer.content) as document:
        assert len(document) == 3
    assert "0 6 0 0 1 0 0 4" in texts_of(answer.content)


def test_the_form_for_marks_goes_out_and_comes_back_filled(client, clerk, site, campaign):
    headings, first, second, *others = form_rows(client, site)
    assert headings == ("SBD", "Họ và tên", "Lớp", "Phòng", "Ngữ văn", "Toán")
    filled = [(*first[:4], "6,5"), (*second[:4], "v"), *others]
    data = write_list(List("Điểm", headings, filled), Form.XLSX)

    client.post(address("site-hand-in", site), {"file": SimpleUploadedFile("diem.xlsx", data)})
    preview = work_off(clerk)
    client.post(preview + "ghi/")
    work_off(clerk)

    enter_scope(Scope(WHOLE_PROVINCE))
    place = exam_of(campaign).subjects.index("van")
    told = {row.sbd: row.scores[place] for row in ExamResult.objects.all()}
    assert told == {"06001001": 650, "06001002": -1}
    assert [row[4] for row in form_rows(client, site)[1:4]] == ["6,5", "v", None]


def test_a_file_is_taken_only_while_the_survey_runs(client, site, campaign):
    enter_scope(Scope(WHOLE_PROVINCE))
    Campaign.objects.filter(pk=campaign.pk).update(state="closed", closed_at=NOON)

    file = SimpleUploadedFile("a.csv", csv("sbd,toan", "06001001,7"))
    page = client.post(address("site-hand-in", site), {"file": file}).content.decode()

    assert "đã chốt kết quả; danh sách và điểm không đổi được nữa." in page


def test_who_comes_late_is_added_on_the_page_with_a_reason(client, world, site):
    late = make_pupil(world.classes[0], "Lò Thị Muộn")
    url, facts = address("site-arrive", site), {"pupil_code": late.code, "room": "1", "reason": WHY}

    assert "Phòng phải từ 1 đến 3, không phải 9." in client.post(url, facts | {"room": "9"}).content.decode()
    answer = client.post(url, facts)

    assert said(answer) == ["Đã bổ sung Lò Thị Muộn, số báo danh 06001007."]
    assert answer.url == f"{site.get_absolute_url()}?phong=1"


def test_a_candidate_is_moved_and_taken_off_with_reasons_that_stay_to_be_read(client, site):
    row = Candidate.objects.get(sbd="06001001")
    assert "phòng 1, chỗ 1" in client.get(row.get_absolute_url()).content.decode()

    blank = client.post(address("candidate-move", row), {"room": "2", "reason": ""})
    client.post(address("candidate-move", row), {"room": "2", "reason": "Phòng 1 hỏng đèn"})
    moved = client.get(row.get_absolute_url()).content.decode()
    client.post(address("candidate-remove", row), {"reason": "Đã chuyển trường"})

    assert said(blank) == ["Hãy nêu lí do (ít nhất 5 kí tự), và phòng nếu đổi phòng."]
    assert "phòng 2, chỗ 4" in moved
    page = client.get(site.get_absolute_url()).content.decode()
    assert "06001001 Vàng A Dế, lớp 6A1: Đã chuyển trường" in page
    assert "Đổi phòng" not in client.get(row.get_absolute_url()).content.decode()


def test_absences_are_reported_and_a_second_report_says_why(client, site, campaign):
    url = address("site-report", site, "?mon=van")
    first, second = Candidate.objects.filter(site=site)[:2]

    client.post(url, {f"c{first.pk}": "illness"})
    refused = client.post(url, {f"c{second.pk}": "other"}).content.decode()
    shown = client.get(url).content.decode()
    client.post(url, {f"c{second.pk}": "other", "reason": "Ghi nhầm dòng"})

    assert "Buổi này đã báo cáo; hãy nêu lí do sửa (ít nhất 5 kí tự)." in refused
    assert shown.count("selected") == 1 + site.candidates.count() - 1
    assert dict(Absence.objects.values_list("candidate", "reason")) == {second.pk: "other"}
    report = SittingReport.objects.get()
    assert (report.sitting, report.present) == (sitting_of(campaign, "van"), 5)


def test_everybody_present_is_a_report_too(client, site):
    client.post(address("site-report", site, "?mon=toan"), {"reason": ""})

    assert SittingReport.objects.get().absent == 0
    assert client.get(site.get_absolute_url()).content.decode().count("chưa báo cáo") == 1


def test_an_incident_is_written_down_and_shown(client, site):
    url = address("site-incident", site, "?mon=toan")

    empty = client.post(url, {"kind": "paper"})
    client.post(url, {"kind": "health", "number": "06001002", "text": "Em đau bụng, đã đưa xuống y tế"})

    assert said(empty) == ["Hãy ghi loại sự cố, diễn biến và cách xử lí."]
    assert Incident.objects.get().candidate.sbd == "06001002"
    page = client.get(site.get_absolute_url()).content.decode()
    assert "<strong>Thí sinh ốm giữa giờ</strong>. Em đau bụng, đã đưa xuống y tế" in page


def test_marks_are_entered_by_room_or_class_and_wrong_ones_named(client, site, campaign):
    url = address("site-marks", site, "?mon=toan&phong=2")
    fourth, fifth = Candidate.objects.filter(site=site, room=2)[:2]

    wrong = client.post(url, {f"c{fourth.pk}": "11", f"c{fifth.pk}": "6,5"}).content.decode()
    assert "“11” không phải điểm từ 0 đến 10" in wrong
    assert not ExamResult.objects.exists()
    answer = client.post(url, {f"c{fourth.pk}": "7,25", f"c{fifth.pk}": "v"})

    assert said(answer) == ["Đã ghi 2 điểm Toán, phòng 2."]
    place = exam_of(campaign).subjects.index("toan")
    assert {row.sbd: row.scores[place] for row in ExamResult.objects.all()} == {
        fourth.sbd: 725,
        fifth.sbd: -1,
    }
    shown = client.get(url).content.decode()
    assert 'value="7,25"' in shown
    assert 'value="v"' in shown
    of_class = client.get(address("site-marks", site, "?mon=toan&lop=6A2")).content.decode()
    assert of_class.count('inputmode="decimal"') == 3
    assert "Nhập điểm Toán, lớp 6A2" in of_class


@pytest.mark.parametrize("query", ["?mon=%00", "?mon=hoa", "?mon=toan&lop=%00", "?mon=toan&lop=6A9"])
def test_a_paper_or_class_that_the_school_does_not_have_is_not_found(client, site, query):
    assert client.get(address("site-marks", site, query)).status_code == 404


def test_a_mark_that_stood_is_changed_on_the_page_with_a_reason_only(client, site):
    url = address("site-marks", site, "?mon=toan&phong=1")
    key = Candidate.objects.get(sbd="06001001").pk
    client.post(url, {f"c{key}": "7"})
    assert f'<input type="hidden" name="seen{key}" value="7"' in client.get(url).content.decode()

    refused = client.post(url, {f"c{key}": "8", f"seen{key}": "7"}).content.decode()
    assert "Có điểm đã ghi bị đổi; hãy nêu lí do (ít nhất 5 kí tự)." in refused
    client.post(url, {f"c{key}": "8", f"seen{key}": "7", "reason": "Cộng nhầm điểm bài 3"})

    assert 'value="8"' in client.get(url).content.decode()


def test_a_page_opened_before_a_colleague_wrote_takes_nothing_of_his_away(client, site, campaign):
    url = address("site-marks", site, "?mon=toan&phong=1")
    first, second = (f"{row.pk}" for row in Candidate.objects.filter(site=site, room=1)[:2])
    client.post(url, {f"c{first}": "7"})

    stale = {f"c{first}": "", f"seen{first}": "", f"seen{second}": ""}
    same = client.post(url, stale | {f"c{second}": "", "reason": WHY}).content.decode()
    answer = client.post(url, stale | {f"c{second}": "6", "reason": WHY})
    refused = client.post(url, stale | {f"c{first}": "9", "reason": WHY}).content.decode()

    assert "Không có điểm nào khác với điểm đã ghi." in same
    assert said(answer) == ["Đã ghi 1 điểm Toán, phòng 1."]
    assert "Điểm của số báo danh 06001001 đã đổi từ lúc mở trang, nay là “7”; chưa ghi gì." in refused
    place = exam_of(campaign).subjects.index("toan")
    found = {row.sbd: row.scores[place] for row in ExamResult.objects.all()}
    assert found == {"06001001": 700, "06001002": 600}


def test_the_site_of_another_school_is_not_found(client, world, campaign):
    other = site_of(campaign, world.schools[1])
    row = Candidate.objects.filter(site=other).first()

    for url in (other.get_absolute_url(), address("site-marks", other), row.get_absolute_url()):
        assert client.get(url).status_code == 404
