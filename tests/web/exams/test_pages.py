import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.web.exams.files import bring_in, csv, many_results, quiet
from tests.web.world import make_user
from thucchat.web.exams.actions.reporting import make_exam_report
from thucchat.web.exams.models import Exam, ExamResult, ResultImport, Snapshot
from thucchat.web.exams.queries.cuts import Cut
from thucchat.web.shared.jobs import JOBS
from thucchat.web.shared.models import Work
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

MOST_QUERIES = 8
MACHINERY = re.compile(r"set_config|SAVEPOINT|current_setting")


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.SECOND_FACTOR = False


@pytest.fixture
def officer(world):
    return make_user("testing", world.province)


@pytest.fixture
def full(exam, officer, world) -> Exam:
    """The exam with 90 candidates of three schools."""
    bring_in(exam, many_results([school.code for school in world.schools], 90), officer, name="ba-truong.csv")
    exam.refresh_from_db()
    return exam


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def work_off(user) -> str:
    """Do the newest piece of work as the worker would; returns where its result is."""
    enter_scope(Scope(user.grants.get().unit.unit_path))
    job = ProcrastinateJob.objects.filter(task_name="run_work").latest("pk")
    work = Work.objects.get(pk=job.args["work_id"])
    url = JOBS[work.kind](quiet, **job.args["arguments"])
    Work.objects.filter(pk=work.pk).update(state=Work.State.DONE)
    return url


def queries_of(captured) -> list[str]:
    return [one["sql"] for one in captured.captured_queries if not MACHINERY.search(one["sql"])]


def test_a_report_that_is_not_there_is_made_in_the_background_once(full, officer):
    client, url = client_of(officer), full.get_absolute_url()

    waiting = client.get(url).content.decode()
    client.get(url)

    assert "Tính kết quả Thi tốt nghiệp 2025: Tỉnh Mẫu theo địa bàn huyện" in waiting
    assert Work.objects.filter(kind="exams.report").count() == 1
    assert work_off(officer) == url
    page = client.get(url).content.decode()
    figures = [block for block in Snapshot.objects.get().document["body"] if block["kind"] == "Figure"]
    assert page.count('src="data:image/svg+xml;base64,') == len(figures) > 3
    assert "Chỉ so sánh nhóm có từ 30 bài trở lên." in page


def test_the_page_costs_few_queries(full, officer, world, django_assert_max_num_queries):
    make_exam_report(full, Cut(world.province, "area"))
    client = client_of(officer)

    with django_assert_max_num_queries(100) as captured:
        assert client.get(full.get_absolute_url()).status_code == 200

    asked = queries_of(captured)
    assert len(asked) <= MOST_QUERIES, asked


def test_a_principal_sees_his_school_beside_the_province(full, world):
    principal = make_user("principal", world.schools[0])
    client, url = client_of(principal), full.get_absolute_url()
    client.get(url)
    work_off(principal)

    page = client.get(url).content.decode()

    assert "Trường THCS 0" in page
    assert "Toàn tỉnh" in page
    assert "Trường THCS 1" not in page
    assert client.get(url, {"don-vi": world.schools[1].pk}).status_code == 404
    assert client.get(url, {"don-vi": "1 OR 1=1"}).status_code == 404
    assert "ba-truong.csv" not in client.get(reverse("exams:imports")).content.decode()
    teacher = make_user("teacher", world.schools[0])
    assert client_of(teacher).get(reverse("exams:imports")).status_code == 403


def test_a_district_sees_its_schools_and_no_report_of_the_province(full, world):
    district = make_user("district", world.districts[0])
    make_exam_report(full, Cut(world.province, "area"))
    client, url = client_of(district), full.get_absolute_url()
    client.get(url)
    work_off(district)

    page = client.get(url).content.decode()

    assert "Trường THCS 1" in page
    assert "Trường THCS 2" not in page
    enter_scope(Scope(world.districts[0].unit_path))
    assert {snapshot.key for snapshot in Snapshot.objects.all()} == {
        f"exam:{full.pk}:unit:{world.districts[0].pk}:school"
    }


def test_the_list_counts_the_candidates_of_the_reader(full, officer, world):
    principal = make_user("principal", world.schools[0])

    assert ">90<" in client_of(officer).get("/ky-thi/").content.decode()
    assert ">30<" in client_of(principal).get("/ky-thi/").content.decode()


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_documents_of_the_report_are_handed_out(full, officer, world, kind, start):
    make_exam_report(full, Cut(world.province, "area"))

    answer = client_of(officer).get(reverse("exams:download", args=[full.pk]), {"dang": kind})

    assert answer.content.startswith(start)
    assert answer["Content-Disposition"] == f'attachment; filename="tn-2025-{world.province.code}.{kind}"'


def test_word_is_made_in_the_background(full, officer, world):
    make_exam_report(full, Cut(world.province, "area"))
    client, url = client_of(officer), reverse("exams:download", args=[full.pk]) + "?dang=docx"

    assert "Tạo văn bản Word" in client.get(url).content.decode()
    assert work_off(officer) == url
    assert client.get(url).content.startswith(b"PK")
    told = client.get(url, headers={"HX-Request": "true"}).content.decode()  # the waiting page asks again
    assert f'href="{url}"' in told
    assert "Tải tệp về" in told
    assert client.get(url.replace("docx", "exe")).status_code == 404


def test_an_exam_without_results_says_so(exam, officer):
    page = client_of(officer).get(exam.get_absolute_url()).content.decode()

    assert "Kì thi chưa có kết quả. Hãy nhập tệp kết quả." in page
    assert not Work.objects.exists()


def test_a_file_goes_from_upload_to_page_and_back(exam, officer, world):
    client = client_of(officer)
    data = csv("sbd,mã trường,toan", f"1,{world.schools[0].code},7.5", "2,LẠ,8")

    client.post(reverse("exams:upload", args=[exam.pk]), {"file": SimpleUploadedFile("diem.csv", data)})
    preview = work_off(officer)
    shown = client.get(preview).content.decode()
    assert "Không tìm thấy mã trường “LẠ”: 1 thí sinh chỉ được tính chung cho cả tỉnh." in shown
    assert "môn Toán" in shown
    client.post(preview + "ghi/")
    assert work_off(officer) == preview
    assert ExamResult.objects.count() == 2
    client.post(preview + "hoan-tac/", {"reason": "Nhầm tệp"})
    work_off(officer)

    assert not ExamResult.objects.exists()
    assert ResultImport.objects.get().state == "undone"
    assert "Đã hoàn tác" in client.get(preview).content.decode()


def test_a_corrected_score_is_shown_and_not_written_without_a_reason(full, officer):
    client = client_of(officer)
    client.post(
        reverse("exams:upload", args=[full.pk]), {"file": SimpleUploadedFile("a.csv", csv("sbd,toan", "1,0"))}
    )
    result = ExamResult.objects.get(sbd="00000001")
    batch = ResultImport.objects.latest("pk")
    assert batch.file_name == "a.csv"
    preview = work_off(officer)
    assert "1</b><span>dòng mới" in client.get(preview).content.decode(), "number 1 is not number 00000001"

    points = f"{result.scores[0] // 100},{result.scores[0] % 100:02d}"
    data = csv("sbd,toan", "0000001,9.99")
    client.post(reverse("exams:upload", args=[full.pk]), {"file": SimpleUploadedFile("b.csv", data)})
    preview = work_off(officer)
    assert f"Toán: {points} → 9,99" in client.get(preview).content.decode()
    client.post(preview + "ghi/", {"reason": "vì"})
    assert Work.objects.filter(kind="exams.apply").count() == 0
    client.post(preview + "ghi/", {"reason": "Phúc khảo"})
    work_off(officer)

    enter_scope(Scope(WHOLE_PROVINCE))
    result.refresh_from_db()
    assert result.scores[0] == 999


def test_a_new_exam_is_added_by_a_form(officer, world):
    facts = {
        "kind": "entrance",
        "name": "Tuyển sinh 2025",
        "code": "ts-2025",
        "year": 2025,
        "held_on": "2025-06-03",
    }

    answer = client_of(officer).post(reverse("exams:add"), facts)

    exam = Exam.objects.get(code="ts-2025")
    assert answer.url == reverse("exams:upload", args=[exam.pk])


def national(user) -> None:
    heading = "năm,tỉnh,môn,số bài,điểm trung bình"
    rows = [
        f"{year},{name},Toán,100,{mean}"
        for year, means in ((2023, (5, 6, 7, 8, 9)), (2024, (8.5, 6, 7, 8, 9)))
        for name, mean in zip(("Mẫu", "A", "B", "C", "D"), means, strict=True)
    ]
    bring_in(None, csv(heading, *rows), user)


def test_the_national_page_says_how_to_begin(officer, world):
    page = client_of(officer).get("/ky-thi/toan-quoc/").content.decode()

    assert "Chưa có bảng toàn quốc" in page
    assert "năm, tỉnh, môn, số bài, điểm trung bình" in page


def test_the_national_page_places_the_own_province_and_any_other(officer, world):
    national(officer)
    client = client_of(officer)
    client.get("/ky-thi/toan-quoc/")
    work_off(officer)

    page = re.sub(r"<[^>]+>", " ", client.get("/ky-thi/toan-quoc/").content.decode())

    assert re.search(r"2/5\s+hạng năm 2024, tăng 3 bậc ·\s+đạt chỉ tiêu \+3", page)
    assert "Mẫu so với cả nước" in page
    client.get("/ky-thi/toan-quoc/", {"tinh": "A", "chi_tieu": "2"})
    work_off(officer)
    other = client.get("/ky-thi/toan-quoc/", {"tinh": "A", "chi_tieu": "2"}).content.decode()
    assert "A so với cả nước" in other
    assert client.get("/ky-thi/toan-quoc/tai-ve/").content.startswith(b"%PDF")


def test_a_target_that_is_none_is_refused_with_a_sentence(officer, world):
    national(officer)

    page = client_of(officer).get("/ky-thi/toan-quoc/", {"chi_tieu": "ba"}).content.decode()

    assert "Chỉ tiêu “ba” phải là số bậc tăng như +3 hoặc thứ hạng cần đạt như 50." in page


def test_work_that_failed_is_started_again_only_when_asked(full, officer):
    client, url = client_of(officer), full.get_absolute_url()
    client.get(url)
    enter_scope(Scope(WHOLE_PROVINCE))
    Work.objects.update(state=Work.State.FAILED, message="Hết chỗ.")

    page = client.get(url).content.decode()

    assert "Không xong: Hết chỗ." in page
    assert Work.objects.count() == 1
    client.get(url, {"lai": "1"})
    assert Work.objects.count() == 2
