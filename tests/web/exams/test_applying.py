import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.web.exams.files import bring_in, csv, preview, quiet
from tests.web.world import make_user
from thucchat.web.exams.actions.applying import apply_import, undo_import
from thucchat.web.exams.models import ExamResult, NationalMean, ResultImport
from thucchat.web.ledger.models import Event
from thucchat.web.results.actions.publishing import publish_on_paper
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because
from thucchat.web.shared.models import Change
from thucchat.web.shared.scope import Scope, enter_scope

HEADING = "sbd,ma truong,toan,van"


@pytest.fixture
def officer(world):
    return make_user("testing", world.province)


@pytest.fixture
def file(world) -> bytes:
    """A candidate of school 0, one of school 2, one of nowhere."""
    return csv(HEADING, f"1,{world.schools[0].code},7,8", f"2,{world.schools[2].code},5.5,v", "3,XX,4,")


def standing(exam) -> dict[str, list[int | None]]:
    return dict(ExamResult.objects.filter(exam=exam).order_by("sbd").values_list("sbd", "scores"))


def test_a_file_is_written_whole_and_describes_its_exam(exam, officer, file, world):
    batch = bring_in(exam, file, officer)

    assert standing(exam) == {"1": [700, 800], "2": [550, -1], "3": [400, None]}
    paths = dict(ExamResult.objects.values_list("sbd", "unit_path"))
    assert paths == {"1": world.schools[0].unit_path, "2": world.schools[2].unit_path, "3": "1/"}
    areas = dict(ExamResult.objects.values_list("sbd", "area"))
    assert areas == {"1": world.districts[0].pk, "2": world.districts[1].pk, "3": None}
    exam.refresh_from_db()
    assert (exam.subjects, exam.candidates, exam.source) == (["toan", "van"], 3, "a.csv")
    assert exam.fingerprint == batch.sha256


def test_schools_are_found_by_name_and_through_the_pupil_too(exam, officer, world):
    data = csv("sbd,mã học sinh,trường,toan", "1,,THCS 1,7", f"2,{world.pupils[12].code},,8")

    bring_in(exam, data, officer)

    found = {result.sbd: (result.school, result.pupil) for result in ExamResult.objects.all()}
    assert found == {"1": (world.schools[1], None), "2": (world.schools[2], world.pupils[12])}


def test_the_same_file_again_changes_nothing(exam, officer, file):
    bring_in(exam, file, officer)

    again = preview(exam, file, officer)

    assert {name: again.counts[name] for name in ("new", "changed", "same", "missing")} == {
        "new": 0,
        "changed": 0,
        "same": 3,
        "missing": 0,
    }


def test_a_corrected_file_needs_a_reason_which_the_history_keeps(exam, officer, file):
    bring_in(exam, file, officer)
    corrected = csv("sbd,toan", "1,7.25")
    with pytest.raises(RuleBroken) as refusal:
        bring_in(exam, corrected, officer)
    assert refusal.value.code == "results.reason"
    ResultImport.objects.filter(state="previewed").delete()

    bring_in(exam, corrected, officer, why="Phúc khảo bài Toán")

    assert standing(exam)["1"] == [725, 800], "a subject that the file does not tell stays"
    change = Change.objects.get(table="exams_examresult")
    assert (change.operation, change.reason) == ("U", "Phúc khảo bài Toán")
    assert (change.before, change.after) == ({"scores": [700, 800]}, {"scores": [725, 800]})


def test_undoing_puts_back_what_stood_before(exam, officer, file):
    first = bring_in(exam, file, officer)
    before = standing(exam)
    second = bring_in(exam, csv("sbd,toan,li", "1,9,9", "4,5,5"), officer, why="Bổ sung môn Vật lí")
    assert standing(exam)["1"] == [900, 800, 900]

    with pytest.raises(RuleBroken) as refusal:
        undo_import(first.pk, by=officer, at=timezone.now(), reason="Nhầm tệp")
    assert refusal.value.code == "results.not_last"
    undo_import(second.pk, by=officer, at=timezone.now(), reason="Nhầm tệp")

    exam.refresh_from_db()
    assert standing(exam) == before
    assert (exam.subjects, exam.candidates, exam.fingerprint) == (["toan", "van"], 3, first.sha256)
    undo_import(first.pk, by=officer, at=timezone.now(), reason="Nhầm tệp")
    exam.refresh_from_db()
    assert (standing(exam), exam.candidates, exam.fingerprint) == ({}, 0, "")


def test_other_results_than_those_published_are_closed_until_they_are_published_too(exam, officer, file):
    first = bring_in(exam, file, officer)
    assert not Event.objects.filter(kind="exam.unpublished").exists(), "it was not public"
    publish_on_paper(exam.pk, at=timezone.now())

    second = bring_in(exam, csv("sbd,toan", "1,9"), officer, why="Phúc khảo bài Toán")
    exam.refresh_from_db()
    assert exam.published_at is None
    told = Event.objects.get(kind="exam.unpublished")
    assert (told.subject_id, told.actor_id) == (exam.pk, officer.pk)
    assert json.loads(told.facts) == {"before": first.sha256, "results": exam.fingerprint}
    publish_on_paper(exam.pk, at=timezone.now())
    undo_import(second.pk, by=officer, at=timezone.now(), reason="Nhầm tệp")

    exam.refresh_from_db()
    assert (exam.published_at, exam.fingerprint) == (None, first.sha256)
    assert Event.objects.filter(kind="exam.unpublished").count() == 2


def test_a_file_with_an_error_is_not_written(exam, officer):
    batch = preview(exam, csv("sbd,toan", "1,tám", "2,5"), officer)

    with pytest.raises(RuleBroken) as refusal:
        apply_import(batch.pk, by=officer, at=timezone.now(), progress=quiet)

    assert refusal.value.code == "results.errors"
    assert not ExamResult.objects.exists()


def test_what_has_changed_since_the_preview_stops_the_writing(exam, officer, file):
    shown = preview(exam, file, officer)
    bring_in(exam, csv("sbd,toan", "1,9"), officer)

    with pytest.raises(RuleBroken) as refusal:
        apply_import(shown.pk, by=officer, at=timezone.now())

    assert refusal.value.code == "results.meanwhile"
    assert standing(exam) == {"1": [900]}


def test_a_file_is_written_once(exam, officer, file):
    batch = bring_in(exam, file, officer)

    with pytest.raises(RuleBroken, match="không thể chuyển sang “Đã ghi”"):
        apply_import(batch.pk, by=officer, at=timezone.now())


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(exam, officer):
    batch = preview(exam, b"%PDF-1.7 ...", officer)

    assert batch.state == "refused"
    assert batch.refusal.startswith("Đây là PDF, không phải bảng tính.")


def test_the_database_refuses_a_changed_score_without_a_reason(exam, officer, file):
    bring_in(exam, file, officer)
    row = ExamResult.objects.filter(sbd="1")

    with pytest.raises(IntegrityError, match="result_needs_reason"), transaction.atomic():
        row.update(scores=[1, 2])
    with because("Thử"):
        assert row.update(scores=[1, 2]) == 1


@pytest.mark.parametrize("scores", [[1001], [None, -4]])
def test_the_database_refuses_scores_off_the_scale(exam, officer, file, scores):
    bring_in(exam, file, officer)

    with pytest.raises(IntegrityError, match="result_scale"), transaction.atomic(), because("Thử"):
        ExamResult.objects.filter(sbd="1").update(scores=scores)


def test_a_school_sees_its_own_candidates_only(exam, officer, file, world):
    bring_in(exam, file, officer)

    enter_scope(Scope(world.schools[0].unit_path))

    assert set(ExamResult.objects.values_list("sbd", flat=True)) == {"1"}
    assert not ResultImport.objects.exists()


def test_new_candidates_are_told_by_their_import_not_one_by_one(exam, officer, file):
    bring_in(exam, file, officer)

    assert not Change.objects.filter(table="exams_examresult").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM exams_examresult WHERE added_by_id IS NOT NULL")
        assert cursor.fetchone() == (3,)


def test_the_national_table_is_written_corrected_and_put_back(officer, world):
    heading = "year,province,subject,count,mean"
    bring_in(None, csv(heading, "2023,A,Toan,10,6", "2024,A,Toan,10,7"), officer)
    second = bring_in(
        None, csv(heading, "2024,A,Toan,10,7.5", "2024,B,Toan,9,5"), officer, why="Sở A đính chính"
    )

    rows = set(NationalMean.objects.values_list("year", "province", "mean"))
    assert rows == {(2023, "A", 6.0), (2024, "A", 7.5), (2024, "B", 5.0)}
    undo_import(second.pk, by=officer, at=timezone.now(), reason="Nhầm tệp")
    assert set(NationalMean.objects.values_list("year", "mean")) == {(2023, 6.0), (2024, 7.0)}
