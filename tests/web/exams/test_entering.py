import pytest
from django.utils import timezone

from tests.web.exams.campaigns import NOON, exam_of, only, site_of, sitting_of, started
from tests.web.exams.files import csv, preview, quiet
from tests.web.exams.test_candidates import code_of
from tests.web.world import make_user
from thucchat.web.exams.actions.applying import apply_import, undo_import
from thucchat.web.exams.actions.attendance import report_sitting
from thucchat.web.exams.actions.campaigns import close_campaign
from thucchat.web.exams.actions.entering import enter_marks
from thucchat.web.exams.models import Absence, Campaign, Candidate, ExamResult, ResultImport
from thucchat.web.exams.queries.imports import shown_lines
from thucchat.web.exams.queries.reconciling import reconciliation
from thucchat.web.shared.models import Change
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

TOLD = "Cộng nhầm điểm bài 3"


@pytest.fixture
def campaign(world) -> Campaign:
    made = started(world)
    only(made, "toan", "van")
    return made


@pytest.fixture
def clerks(world):
    return [make_user("clerk", school) for school in world.schools]


def enter(world, campaign, clerk, place: int, marks, subject="toan", **values) -> ResultImport:
    """Marks of a school's candidates in the order of their seats, entered by its clerk in his scope."""
    enter_scope(Scope(world.schools[place].unit_path))
    site = site_of(campaign, world.schools[place])
    numbers = Candidate.objects.filter(site=site, removed_for="").values_list("sbd", flat=True)
    given = dict(zip(numbers, marks, strict=False))
    sitting = sitting_of(campaign, subject)
    try:
        return enter_marks(site.pk, sitting.pk, given, by=clerk, at=timezone.now(), **values)
    finally:
        enter_scope(Scope(WHOLE_PROVINCE))


def standing(campaign, school) -> list[tuple[str, int | None, int | None]]:
    """Number, mathematics and literature of a school's results."""
    exam = exam_of(campaign)
    places = [exam.subjects.index(name) for name in ("toan", "van")]
    rows = ExamResult.objects.filter(exam=exam, school=school).order_by("sbd")
    return [(row.sbd, *(row.scores[place] for place in places)) for row in rows]


def test_marks_become_results_of_the_candidates(world, campaign, clerks):
    batch = enter(world, campaign, clerks[0], 0, [725, -1])

    assert standing(campaign, world.schools[0]) == [("06001001", 725, None), ("06001002", -1, None)]
    row = ExamResult.objects.get(sbd="06001001")
    first = Candidate.objects.get(sbd="06001001")
    assert (row.pupil, row.area, row.unit_path) == (first.pupil, world.districts[0], first.unit_path)
    assert (batch.state, batch.owner, batch.counts["new"]) == ("applied", clerks[0], 2)
    exam = exam_of(campaign)
    assert (exam.candidates, exam.source) == (2, batch.file_name)


def test_a_mark_that_stood_changes_with_a_reason_only(world, campaign, clerks):
    enter(world, campaign, clerks[0], 0, [725, 500])
    enter(world, campaign, clerks[0], 0, [800], subject="van")  # another paper: nothing gives way

    assert code_of(lambda: enter(world, campaign, clerks[0], 0, [750])) == "marks.reason"
    assert code_of(lambda: enter(world, campaign, clerks[0], 0, [725, 500])) == "marks.none"
    enter(world, campaign, clerks[0], 0, [750, 500], reason=TOLD)

    assert standing(campaign, world.schools[0])[0] == ("06001001", 750, 800)
    assert Change.objects.filter(table="exams_examresult").order_by("pk").last().reason == TOLD


def test_an_entry_is_taken_back_whatever_other_schools_did_since(world, campaign, clerks):
    first = enter(world, campaign, clerks[0], 0, [725])
    second = enter(world, campaign, clerks[0], 0, [725, 300])
    enter(world, campaign, clerks[1], 1, [600])

    undo = lambda batch: undo_import(batch.pk, by=clerks[0], at=NOON, reason="Nhầm lớp")  # noqa: E731
    assert code_of(lambda: undo(first)) == "results.not_last"
    undo(second)
    undo(first)

    assert standing(campaign, world.schools[0]) == []
    assert standing(campaign, world.schools[1]) == [("06002001", 600, None)]
    assert exam_of(campaign).candidates == 1


def test_what_the_province_wrote_since_stops_a_school_from_taking_back(world, campaign, clerks):
    officer = make_user("testing", world.province)
    mine = enter(world, campaign, clerks[0], 0, [725])
    batch = preview(exam_of(campaign), csv("sbd,toan", "06001001,9"), officer)
    ResultImport.objects.filter(pk=batch.pk).update(why="Chấm phúc khảo")
    apply_import(batch.pk, by=officer, at=timezone.now())

    enter_scope(Scope(world.schools[0].unit_path))
    code = code_of(lambda: undo_import(mine.pk, by=clerks[0], at=NOON, reason="Nhầm"))
    enter_scope(Scope(WHOLE_PROVINCE))
    assert code == "results.not_last"


def test_nobody_writes_for_another_school(world, campaign, clerks):
    site, sitting = site_of(campaign, world.schools[0]), sitting_of(campaign)
    other = Candidate.objects.filter(site=site_of(campaign, world.schools[1])).first()

    act = lambda: enter_marks(site.pk, sitting.pk, {other.sbd: 500}, by=clerks[0], at=NOON)  # noqa: E731
    assert code_of(act) == "marks.stranger"


def test_a_file_of_the_school_tells_its_candidates_by_number_alone(world, campaign, clerks):
    enter_scope(Scope(world.schools[0].unit_path))
    good = preview(exam_of(campaign), csv("sbd,toan", "06001001,7", "06001002,v"), clerks[0])
    apply_import(good.pk, by=clerks[0], at=NOON)
    strange = preview(exam_of(campaign), csv("sbd,toan,hoa", "06002001,7,8"), clerks[0])
    enter_scope(Scope(WHOLE_PROVINCE))

    assert standing(campaign, world.schools[0]) == [("06001001", 700, None), ("06001002", -1, None)]
    assert ExamResult.objects.filter(pupil=None).count() == 0
    told = [line["message"] for line in shown_lines(strange.content.problems)]
    assert sorted(told) == [
        "Số báo danh 06002001 không có trong danh sách đã chốt; hãy bổ sung thí sinh hoặc bỏ dòng.",
        "Đợt khảo sát không có môn Hóa học; hãy bỏ cột này.",
    ]
    assert code_of(lambda: apply_import(strange.pk, by=clerks[0], at=NOON)) == "results.errors"


def test_a_file_by_pupils_codes_ends_under_the_candidates_numbers(world, campaign):
    officer = make_user("testing", world.province)
    row = Candidate.objects.get(sbd="06003004")
    batch = preview(exam_of(campaign), csv("mã học sinh,toan", f"{row.pupil.code},7", "X1,5"), officer)
    apply_import(batch.pk, by=officer, at=NOON, progress=quiet)

    assert set(ExamResult.objects.values_list("sbd", "pupil")) == {(row.sbd, row.pupil_id), ("X1", None)}
    found = {one.name: one.strangers for one in reconciliation(campaign, WHOLE_PROVINCE)}
    assert found == {"Trường THCS 0": 0, "Trường THCS 1": 0, "Trường THCS 2": 0, "(không rõ trường)": 1}


def test_a_pupil_who_is_not_the_one_of_the_number_keeps_the_file_out(world, campaign):
    first, second = Candidate.objects.filter(site=site_of(campaign, world.schools[0]))[:2]
    lines = (f"{first.sbd},{second.pupil.code},7", f"{second.sbd},{second.pupil.code},8")

    batch = preview(
        exam_of(campaign), csv("sbd,mã học sinh,toan", *lines), make_user("testing", world.province)
    )

    told = [(one["line"], one["value"], one["message"]) for one in shown_lines(batch.content.problems)]
    message = f"Số báo danh {first.sbd} không phải của học sinh có mã ở dòng này"
    assert told == [(2, first.sbd, f"{message}; hãy sửa số báo danh hoặc mã học sinh.")]
    assert code_of(lambda: apply_import(batch.pk, by=None, at=NOON)) == "results.errors"


def test_two_lines_of_one_candidate_keep_the_file_out(world, campaign):
    row = Candidate.objects.get(sbd="06001001")
    lines = ("06001001,,7", f"P1,{row.pupil.code},8", "P2,,5", "06001001,,9")

    batch = preview(
        exam_of(campaign), csv("sbd,mã học sinh,toan", *lines), make_user("testing", world.province)
    )

    told = [(one["line"], one["message"]) for one in shown_lines(batch.content.problems) if one["is_error"]]
    assert told == [
        (3, "“P1” chỉ thí sinh đã có ở dòng trên; mỗi thí sinh chỉ một dòng."),
        (5, "Số báo danh 06001001 đã có ở dòng 2; mỗi thí sinh chỉ một dòng."),
    ]
    assert batch.counts["errors"] == 2


def test_the_zero_that_a_spreadsheet_drops_from_a_number_is_put_back(world, campaign, clerks):
    enter_scope(Scope(world.schools[0].unit_path))
    batch = preview(exam_of(campaign), csv("sbd,toan", "6001001,7", "6001002.0,8"), clerks[0])
    again = preview(exam_of(campaign), csv("sbd,toan", "6001001,7", "06001001,8"), clerks[0])
    apply_import(batch.pk, by=clerks[0], at=NOON)
    enter_scope(Scope(WHOLE_PROVINCE))

    assert standing(campaign, world.schools[0]) == [("06001001", 700, None), ("06001002", 800, None)]
    assert batch.counts["warnings"] == 0
    assert [(one["line"], one["value"]) for one in shown_lines(again.content.problems)] == [(3, "06001001")]


def test_closing_waits_until_every_paper_is_told_or_a_reason_is_stated(world, campaign, clerks):
    for place, clerk in enumerate(clerks):
        enter(world, campaign, clerk, place, [500] * 6)
        enter(world, campaign, clerk, place, [600] * (6 - (place == 2)), subject="van")
    assert code_of(lambda: close_campaign(campaign.pk, by=None, at=NOON)) == "campaign.unexplained"
    site = site_of(campaign, world.schools[2])
    last = Candidate.objects.filter(site=site).last()

    absent = {last.pk: Absence.Reason.ILLNESS}
    report_sitting(site.pk, sitting_of(campaign, "van").pk, absent, by=None, at=NOON)
    report_sitting(site.pk, sitting_of(campaign, "toan").pk, absent, by=None, at=NOON)

    found = reconciliation(campaign, world.schools[2].unit_path)
    assert [(one.scored, one.absent, one.contradicted, one.unexplained) for one in found] == [(11, 1, 1, 0)]
    assert not found[0].is_settled
    close_campaign(campaign.pk, by=None, at=NOON)
    assert code_of(lambda: enter(world, campaign, clerks[0], 0, [900], reason=TOLD)) == "campaign.closed"
    batch = ResultImport.objects.filter(state="applied").first()
    assert code_of(lambda: undo_import(batch.pk, by=None, at=NOON, reason=TOLD)) == "campaign.closed"


def test_the_office_may_close_all_the_same_and_its_reason_stays(world, campaign, clerks):
    for place, clerk in enumerate(clerks):
        enter(world, campaign, clerk, place, [500])

    closed = close_campaign(campaign.pk, by=None, at=NOON, reason="Điểm trường Nậm Vì bị lũ cô lập")

    assert (closed.state, closed.closed_for) == ("closed", "Điểm trường Nậm Vì bị lũ cô lập")


def test_an_unlisted_survey_has_nothing_to_reconcile(world):
    assert reconciliation(Campaign(), WHOLE_PROVINCE) == []
