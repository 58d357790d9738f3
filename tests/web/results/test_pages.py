"""Pages of results by role: whose pupils, which numbers, at how many queries."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.web.exams.test_pages import queries_of, work_off
from tests.web.results.answers import run_of, send
from tests.web.world import make_user
from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.results.actions.publishing import publish_on_paper
from thucchat.web.results.models import MeasureRun, ResponseFile, RunReport
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

NOW = datetime(2026, 10, 2, 5, tzinfo=UTC)
KEY = "A" * 12
MOST_QUERIES = 10


@pytest.fixture
def teacher(world):
    """Who teaches mathematics to the first class of the first school."""
    user = make_user("teacher", world.schools[0])
    user.staff_code = world.teachers[0].code
    user.save()
    return user


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    """The site works in the autumn of the small world's year."""
    settings.WORKING_DAY = datetime(2026, 10, 5, tzinfo=UTC).date()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_class_has_every_pupil_with_score_error_and_group(exam, teacher, world):
    answer = client_of(teacher).get(reverse("results:class", args=[world.classes[0].pk]))

    words = words_of(answer)
    assert "Sai số chuẩn của mỗi điểm: 0,85." in words
    assert re.search(r"Vàng A Dế vắng", words)
    assert re.search(r"Vàng A Páo 4,25 ± 0,85 nhóm 2, sát", words)
    assert words.count("± 0,85") == 2


def test_a_class_costs_few_queries(exam, teacher, world, django_assert_max_num_queries):
    client = client_of(teacher)
    with django_assert_max_num_queries(60) as captured:
        client.get(reverse("results:class", args=[world.classes[0].pk]))

    asked = queries_of(captured)
    assert len(asked) <= MOST_QUERIES, asked


def test_a_teacher_sees_his_classes_alone_and_which_subject_he_teaches(exam, teacher, world):
    words = words_of(client_of(teacher).get(reverse("results:classes")))

    assert re.search(r"6A1 Toán tôi dạy 2 4,13 0,60 0 ", words), words
    assert "6A2" not in words
    other = reverse("results:class", args=[world.classes[1].pk])
    assert client_of(teacher).get(other).status_code == 404


def test_a_principal_sees_the_classes_of_the_school(exam, world):
    words = words_of(client_of(make_user("principal", world.schools[0])).get(reverse("results:classes")))

    assert {name for name in ("6A1", "6A2") if name in words} == {"6A1", "6A2"}
    assert words.count("Toán") == 2, "the other schools have classes of the same names"


def test_a_class_without_a_survey_says_so(world, officer):
    page = client_of(officer).get(reverse("results:class", args=[world.classes[0].pk])).content.decode()

    assert "Lớp chưa có kết quả của đợt khảo sát nào." in page
    principal = client_of(make_user("principal", world.schools[0]))
    assert "Chưa có đợt khảo sát nào." in principal.get(reverse("results:classes")).content.decode()


def test_a_pupil_has_all_surveys_over_time_with_errors_and_a_drawing(exam, teacher, world):
    pupil = world.pupils[1]
    later = Campaign.objects.create(
        school_year=world.year, moment="end", annex=exam.campaign.annex, opens_on="2027-04-20",
        closes_on="2027-04-30", error=70,
    )  # fmt: skip
    other = Exam.objects.create(
        code="e", name="Cuối năm, khối 6", kind="survey", year=2027, held_on="2027-04-20", grade=6,
        campaign=later, subjects=["toan"],
    )  # fmt: skip
    result = exam.results.get(pupil=pupil)
    result.pk, result.exam, result.scores = None, other, [650]
    result.unit_path = world.schools[2].unit_path  # he sat it at another school
    result.save()

    page = client_of(teacher).get(reverse("results:pupil", args=[pupil.pk])).content.decode()

    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert re.search(r"Toán 4,00 0,85", words)
    assert re.search(r"Cuối năm, khối 6 20/04/2027 Toán 6,50 0,70", words)
    assert 'alt="Toán theo thời gian: 09/2026: 4,00 (sai số 0,85); 04/2027: 6,50 (sai số 0,70)."' in page


def test_abilities_are_shown_once_the_exam_is_published(exam, officer, teacher, sat, world):
    run = run_of(send(exam, sat.file, officer, key=KEY), officer)
    measured = run.measures.get(pupil=world.pupils[1])
    shown = f"{measured.ability:.2f}".replace(".", ",")
    url = reverse("results:pupil", args=[world.pupils[1].pk])

    assert f"{shown} ±" not in client_of(teacher).get(url).content.decode()
    enter_scope(Scope(WHOLE_PROVINCE))
    publish_on_paper(exam.pk, at=NOW)
    assert f"{shown} ±" in client_of(teacher).get(url).content.decode()


def test_of_several_runs_the_newest_tells_the_ability(exam, officer, teacher, sat, world):
    file = send(exam, sat.file, officer, key=KEY)
    runs = [run_of(file, officer, model=MeasureRun.Model(name)) for name in ("pcm", "2pl")]
    old, new = (f"{run.measures.get(pupil=world.pupils[1]).ability:.2f}".replace(".", ",") for run in runs)
    assert old != new
    publish_on_paper(exam.pk, at=NOW)

    page = client_of(teacher).get(reverse("results:pupil", args=[world.pupils[1].pk])).content.decode()

    assert f"{new} ±" in page
    assert f"{old} ±" not in page


def test_others_pupils_do_not_exist(exam, teacher, world):
    for number in (3, 6, 12):
        url = reverse("results:pupil", args=[world.pupils[number].pk])
        assert client_of(teacher).get(url).status_code == 404


def test_a_file_goes_from_upload_to_measures_and_report(exam, officer, sat, world):
    client = client_of(officer)
    facts = {"subject": "toan", "file": SimpleUploadedFile("bai.csv", sat.file), "typed_key": KEY}
    client.post(reverse("results:upload", args=[exam.pk]), facts)
    page = work_off(officer)
    assert "318" in client.get(page).content.decode()
    client.post(f"{page}phan-tich/", {"model": "2pl", "linking": "none"})
    page = work_off(officer)

    words = words_of(client.get(page))
    assert "318 bài có điểm trong 318" in words
    assert "có, sau" in words
    waiting = client.get(f"{page}nhan-xet/").content.decode()
    assert "Vẽ nhận xét câu hỏi" in waiting
    work_off(officer)
    assert client.get(f"{page}nhan-xet/").content.startswith(b"%PDF")
    assert RunReport.objects.count() == 1


def test_a_wrong_wish_is_told_on_the_form(exam, officer, sat, world):
    client = client_of(officer)
    upload = reverse("results:upload", args=[exam.pk])
    both = {
        "subject": "toan", "file": SimpleUploadedFile("bai.csv", sat.file), "typed_key": KEY,
        "key": SimpleUploadedFile("key.csv", b"x"),
    }  # fmt: skip
    assert "Hãy cho đáp án bằng một cách" in client.post(upload, both).content.decode()
    enter_scope(Scope(WHOLE_PROVINCE))
    file = send(exam, sat.file, officer, key=KEY)
    page = client.post(
        reverse("results:run-start", args=[file.pk]), {"model": "2pl", "linking": "fixed"}
    ).content.decode()
    assert "Nối thang cần cả cách nối và lần phân tích để nối vào." in page
    assert not MeasureRun.objects.exists()


def test_before_publication_only_the_offices_of_the_province_see_a_run(exam, officer, teacher, sat, world):
    run = run_of(send(exam, sat.file, officer, key=KEY), officer)
    district, principal = (
        make_user("district", world.districts[0]), make_user("principal", world.schools[0])
    )  # fmt: skip
    url = run.get_absolute_url()

    assert client_of(officer).get(url).status_code == 200
    for user in (teacher, district, principal):
        assert client_of(user).get(url).status_code == 404
    enter_scope(Scope(WHOLE_PROVINCE))
    publish_on_paper(exam.pk, at=NOW)
    for user in (teacher, district, principal):
        page = client_of(user).get(url)
        assert page.status_code == 200
        assert "bài làm</a>" not in page.content.decode()


def test_each_sees_the_measures_of_his_own_pupils(exam, officer, teacher, sat, world):
    run = run_of(send(exam, sat.file, officer, key=KEY), officer)
    publish_on_paper(exam.pk, at=NOW)
    url = reverse("results:measures", args=[run.pk])
    principal = make_user("principal", world.schools[0])

    pages = {user: words_of(client_of(user).get(url)) for user in (officer, principal, teacher)}
    assert "trong 318" in pages[officer]
    assert "1–6 trong 6" in pages[principal]
    assert "1–3 trong 3" in pages[teacher]
    assert world.pupils[3].code not in pages[teacher]


def test_the_error_found_becomes_the_surveys_and_a_run_is_withdrawn(exam, officer, sat):
    Campaign.objects.filter(pk=exam.campaign_id).update(error=None)
    run = run_of(send(exam, sat.file, officer, key=KEY), officer)
    client, url = client_of(officer), run.get_absolute_url()

    assert "làm sai số của đợt khảo sát" in client.get(url).content.decode()
    client.post(f"{url}sai-so/")
    assert "làm sai số của đợt khảo sát" not in client.get(url).content.decode(), "closed with an error"
    client.post(f"{url}rut/")

    assert Campaign.objects.get(pk=exam.campaign_id).error == round(100 * run.summary["error_of_ten"])
    run.refresh_from_db()
    assert run.state == "withdrawn"


def test_the_page_of_a_run_and_of_an_exam_cost_few_queries(exam, officer, sat, django_assert_max_num_queries):
    run = run_of(send(exam, sat.file, officer, key=KEY), officer)
    client = client_of(officer)
    for url in (run.get_absolute_url(), reverse("results:exam", args=[exam.pk])):
        with django_assert_max_num_queries(60) as captured:
            client.get(url)
        asked = queries_of(captured)
        assert len(asked) <= MOST_QUERIES, asked


def test_a_refused_file_lists_its_errors(exam, officer):
    file = send(exam, b"SBD,C1,C2\n1,A,1\n2,A,7\n", officer, key="A; TL 2")

    page = client_of(officer).get(file.get_absolute_url()).content.decode()

    assert "“7” không phải là điểm từ 0 đến 2." in page
    assert ResponseFile.objects.get().state == "refused"


def test_the_list_says_what_is_published(exam, officer):
    url = reverse("results:exams")
    assert ">chưa<" in client_of(officer).get(url).content.decode()
    publish_on_paper(exam.pk, at=NOW)
    assert "12:00 02/10/2026" in client_of(officer).get(url).content.decode()
