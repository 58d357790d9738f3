"""After signing: pupils who do not count, re-based targets, and grade 12 waiting for the graduation exam."""

from datetime import date

import pytest

from tests.web.quality.test_year import code_of
from tests.web.quality.year import LATE, NOON, survey
from tests.web.world import make_user
from thucchat.web.exams.models import Exam, ExamResult, ResultImport
from thucchat.web.people.models import Enrolment, Pupil, SchoolClass
from thucchat.web.quality.actions import acceptances, exemptions
from thucchat.web.quality.actions.rebasing import rebase_target, remaining_amount
from thucchat.web.quality.models import Acceptance, Commitment, Exemption, Target

END = [600, 600, 600, *([None] * 3), *([100] * 3), *([500] * 9)]
ILL = exemptions.Ground(Exemption.Reason.ILLNESS, "Giấy ra viện 12/3")


@pytest.fixture
def commitment(world, in_force) -> Commitment:
    return Commitment.objects.get(staff=world.teachers[0])


@pytest.fixture
def teacher(world):
    return make_user("teacher", world.schools[0], staff_code=world.teachers[0].code)


@pytest.fixture
def principal(world):
    return make_user("principal", world.schools[0])


def accept(world, scores=END) -> None:
    campaign = survey(world, "end", scores)
    call = {"answer_by": date(2027, 5, 23), "by": None, "at": LATE}
    acceptances.draw_up_acceptances(campaign, {"TOAN": "toan"}, **call)


def test_an_excepted_pupil_counts_neither_for_the_teacher_nor_above(world, commitment, teacher, principal):
    pupil = world.pupils[0]
    ask = lambda who=pupil, ground=ILL: exemptions.ask_exemption(  # noqa: E731
        commitment.pk, who, ground, by=teacher, at=NOON
    )
    assert code_of(lambda: ask(world.pupils[5])) == "exemption.stranger"
    assert code_of(lambda: ask(ground=exemptions.Ground(Exemption.Reason.OTHER, " "))) == (
        "exemption.no_evidence"
    )
    made = ask()
    assert code_of(ask) == "exemption.twice"
    agree = lambda by: exemptions.agree_exemption(made.pk, by=by, at=NOON)  # noqa: E731
    assert code_of(lambda: agree(teacher)) == "exemption.same_person"
    agree(principal)
    assert code_of(lambda: agree(principal)) == "exemption.agreed"

    accept(world)

    own = Acceptance.objects.get(commitment=commitment).results[0]
    school = Acceptance.objects.get(commitment__unit=world.schools[0], commitment__staff=None).results[0]
    target = Target.objects.get(pk=own["target"])
    assert (own["counted"], own["excepted"]) == (2, 1)
    assert own["amount"] == target.amount - target.aims[target.pupil_ids.index(pupil.pk)]
    assert school["excepted"] == 1
    assert code_of(lambda: ask(world.pupils[1])) == "exemption.late"


def test_only_who_promised_asks_for_an_exception(world, commitment, principal):
    call = {"by": principal, "at": NOON}

    assert code_of(lambda: exemptions.ask_exemption(commitment.pk, world.pupils[0], ILL, **call)) == (
        "exemption.not_holder"
    )


def test_a_rebased_amount_stands_beside_the_signed_one_up_to_the_district(world, commitment, principal):
    target = Target.objects.get(staff=world.teachers[0])
    signed = {one.pk: one.amount for one in Target.objects.all()}
    wanted = target.amount - 1 if target.amount else 1

    rebase_target(target.pk, wanted, "Hai em chuyển trường", by=principal, at=NOON)

    chain = [target.pk]
    while (above := Target.objects.get(pk=chain[-1]).parent_id) is not None:
        chain.append(above)
    moved = Target.objects.filter(pk__in=chain[:-1])  # all but the province's, which is signed with nobody
    assert all(one.rebased - one.amount == wanted - target.amount for one in moved)
    assert {one.pk: one.amount for one in Target.objects.all()} == signed
    assert Target.objects.exclude(pk__in=chain[:-1]).exclude(rebased=None).count() == 0


@pytest.mark.parametrize(
    ("amount", "reason", "code"), [(99, "x", "target.amount"), (1, " ", "target.no_reason")]
)
def test_a_rebase_needs_a_reason_and_an_amount_within_reach(
    world, commitment, principal, amount, reason, code
):
    target = Target.objects.get(staff=world.teachers[0])

    assert code_of(lambda: rebase_target(target.pk, amount, reason, by=principal, at=NOON)) == code


def test_nobody_rebases_his_own_target_or_one_of_a_unit(world, commitment, teacher, principal):
    own = Target.objects.get(staff=world.teachers[0])
    school = Target.objects.get(unit=world.schools[0], staff=None)

    assert code_of(lambda: rebase_target(own.pk, 1, "x", by=teacher, at=NOON)) == "target.same_person"
    assert code_of(lambda: rebase_target(school.pk, 1, "x", by=principal, at=NOON)) == "target.not_class"


def test_what_remains_is_asked_of_those_still_in_the_class(world, commitment):
    target = Target.objects.get(staff=world.teachers[0])
    assert remaining_amount(target) == target.amount

    row = Pupil.objects.get(pk=target.pupil_ids[0]).enrolments.get(days__upper_inf=True)
    row.days = (row.days.lower, date(2027, 1, 5))
    row.end = Enrolment.End.MOVED_AWAY
    row.save()

    assert remaining_amount(target) == target.amount - target.aims[0]


def test_grade_twelve_waits_for_the_graduation_exam_and_is_counted_from_it(world, in_force):
    twelfth = SchoolClass.objects.filter(pk=world.classes[0].pk)
    campaign = survey(world, "end", [None] * 3 + [500] * 15)  # its pupils sat no survey in the subject
    twelfth.update(grade=12)
    call = {"answer_by": date(2027, 5, 23), "by": None, "at": LATE}
    draw_up = lambda: acceptances.draw_up_acceptances(campaign, {"TOAN": "toan"}, **call)  # noqa: E731

    draw_up()
    waiting = Commitment.objects.filter(acceptance=None)
    units = {world.schools[0].pk, world.teams[0].pk, world.districts[0].pk}
    assert {one.staff_id or one.unit_id for one in waiting} == units | {world.teachers[0].pk}

    exam = Exam.objects.create(
        code="tn-2027", kind="graduation", year=2027, held_on=date(2027, 6, 26), subjects=["toan"],
        candidates=3, fingerprint="0" * 64,
    )  # fmt: skip
    batch = ResultImport.objects.create(exam=exam, file_name="x", sha256="0" * 64, unit_path="1/")
    for pupil, score in zip(world.pupils[:3], (700, 400, 650), strict=True):
        ExamResult.objects.create(
            exam=exam, sbd=pupil.code, pupil=pupil, school=pupil.school, scores=[score], added_by=batch,
            unit_path=pupil.school.unit_path,
        )  # fmt: skip
    draw_up()

    own = Acceptance.objects.get(commitment__staff=world.teachers[0]).results[0]
    assert (own["counted"], own["missing"], own["reached"]) == (3, 0, 2)
    assert not Commitment.objects.filter(acceptance=None).exists()
