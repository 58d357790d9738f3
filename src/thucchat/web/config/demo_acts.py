"""What single people do in the demonstration's year: they dispute, counter, except, merge, object and sign.

Few enough to look at one by one, and each as its page would do it, by an account of the person's own.
"""

from datetime import date, datetime, timedelta
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db.models import Count

from thucchat.web.org.models import Grant, Role, SchoolYear, Unit, User
from thucchat.web.people.actions.reorganising import merge_school
from thucchat.web.people.models import Enrolment, Pupil, Staff
from thucchat.web.quality.actions import acceptances, exemptions, handovers, rebasing, reviews, voices
from thucchat.web.quality.models import Acceptance, Commitment, Exemption, Handover, ReviewAction, Target

FEW = 4  # people who do the same thing
LEADERS = (Staff.Position.PRINCIPAL, Staff.Position.VICE)  # in the order of their codes


def person(staff: Staff, role: Role, on: date) -> User:
    """The account of somebody who works at a school, with the role he has there."""
    user, made = User.objects.get_or_create(
        username=f"{role}-{staff.code}".lower(),
        defaults={"full_name": staff.full_name, "staff_code": staff.code, "password": make_password(None)},
    )
    if made:
        Grant.objects.create(
            user=user, role=role, unit=staff.unit, valid_from=on, unit_path=staff.unit.unit_path
        )
    return user


def head_of(school: Unit, on: date) -> User:
    """The account of a school's principal, or of who stands in for him."""
    leaders = Staff.objects.filter(unit=school, left_on=None, position__in=LEADERS)
    return person(leaders.order_by("position", "pk")[0], Role.PRINCIPAL, on)


def dispute_handovers(*, on: date, at: datetime) -> None:
    """Receivers of some schools object; principals test a pupil again and correct his score, or uphold it."""
    issued = Handover.objects.filter(kind=Handover.Kind.START, state=Handover.State.ISSUED)
    firsts = issued.order_by("school_class__school_id", "pk").distinct("school_class__school_id")
    for place, row in enumerate(islice(firsts.select_related("receiver__unit", "school_class__school"), FEW)):
        receiver, head = person(row.receiver, Role.TEACHER, on), head_of(row.school_class.school, on)
        pupil = next(key for key, score in zip(row.pupils, row.scores, strict=True) if score is not None)
        name = Pupil.objects.get(pk=pupil).full_name
        words = f"Em {name} làm bài khi đang ốm, điểm không đúng sức học."
        handovers.dispute_handover(row.pk, words, by=receiver, at=at)
        if place % 2:
            handovers.rule_on_handover(row.pk, "Đã xem lại bài làm, điểm đúng.", {}, by=head, at=at)
            continue  # upheld: it comes into force when its time is up
        handovers.order_retest(row.pk, by=head, at=at)
        again = min(1000, (row.scores[row.pupils.index(pupil)] or 0) + 100)
        error = row.errors[row.pupils.index(pupil)]
        ruling = "Khảo sát lại ngày hôm sau, có hai người coi."
        handovers.rule_on_handover(row.pk, ruling, {pupil: (again, error)}, by=head, at=at)
        handovers.accept_handover(row.pk, by=receiver, at=at)


def counter_targets(*, on: date, at: datetime) -> None:
    """Some teachers ask for less; the principal keeps the amount with a reason, and they agree."""
    given = Target.objects.filter(state=Target.State.PROPOSED, amount__gt=2).exclude(staff=None)
    firsts = given.order_by("unit_id", "pk").distinct("unit_id").select_related("staff__unit", "unit")
    for row in firsts[FEW : 2 * FEW]:
        if row.staff is not None:
            teacher, head = person(row.staff, Role.TEACHER, on), head_of(row.staff.unit, on)
            asked = "Lớp có nhiều em nghỉ học dài ngày."
            voices.counter_target(row.pk, row.amount - 1, asked, by=teacher, at=at)
            words = "Số em nghỉ đã tính trong dự kiến; nhà trường bố trí thêm buổi phụ đạo."
            voices.keep_target(row.pk, words, by=head, at=at)
            voices.agree_to_target(row.pk, by=teacher, at=at)


def review_month(*, on: date, at: datetime, confirmed: bool = True) -> None:
    """The largest schools meet: what was agreed the last time has been done, and something new is agreed."""
    year = SchoolYear.objects.get(starts__lte=on, ends__gte=on)
    bound = Target.objects.filter(school_year=year).values("unit")
    schools = Unit.objects.open_on(on).filter(kind=Unit.Kind.SCHOOL, pk__in=bound)
    for school in schools.annotate(n=Count("pupils")).order_by("-n", "pk")[:FEW]:
        head, staff = (
            head_of(school, on),
            list(Staff.objects.filter(unit=school, left_on=None).order_by("pk")),
        )
        made = reviews.plan_review(school, year, on, by=head, at=at)
        for action in ReviewAction.objects.filter(review__unit=school, state=ReviewAction.State.OPEN):
            reviews.end_action(action.pk, "Đã dạy bốn buổi, có điểm danh.", done=True, by=head, at=at)
        reviews.hold_review(made.pk, _meeting(staff, on), by=head, at=at)
        reviews.add_action(made.pk, _task(staff[-1], on), by=head, at=at)
        if confirmed:
            reviews.confirm_review(made.pk, by=head, at=at)


def _meeting(staff: list[Staff], on: date) -> reviews.Meeting:
    return reviews.Meeting(
        held_on=on,
        present=len(staff) - 1,
        invited=len(staff),
        absent=((staff[1].full_name, "nghỉ ốm"),),
        place="Phòng hội đồng",
        secretary=staff[2],
        conclusion="Các lớp dưới đường đi tới chỉ tiêu phụ đạo thêm; tổ trưởng dự giờ và báo cáo tháng sau.",
    )


def _task(owner: Staff, on: date) -> reviews.Task:
    return reviews.Task(
        cause="Nhiều em yếu phần kiến thức nền của năm trước.",
        what="Phụ đạo mỗi tuần một buổi cho các em dưới trung bình.",
        owner=owner,
        due_on=on + timedelta(weeks=4),
    )


def merge_small_school(*, on: date, decision: str) -> tuple[str, str]:
    """The smallest lower-secondary school of the district with most goes on in a neighbour; both codes."""
    schools = Unit.objects.open_on(on).filter(kind=Unit.Kind.SCHOOL, levels=["THCS"])
    district = schools.values("parent").annotate(n=Count("pk")).order_by("-n", "parent").first()
    near = schools.filter(parent=district["parent"] if district else None)
    sized = near.annotate(n=Count("pupils")).filter(n__gt=0).order_by("n", "pk")
    if len(sized) < 3:  # the largest stays as it is, for those who look around in it
        return "", ""
    small, into = sized[0], sized[1]
    merge_school(small, into, on=on, today=on, decision=decision)
    return small.code, into.code


def rebase_where_pupils_left(*, on: date, at: datetime) -> None:
    """Classes that pupils left since they were handed over get an amount for those who are still there."""
    left = Enrolment.objects.filter(end=Enrolment.End.MOVED_AWAY, days__endswith__gt=date(on.year - 1, 9, 30))
    classes = left.filter(days__endswith__lte=on).values("school_class")
    rows = Target.objects.filter(state=Target.State.SIGNED, school_class__in=classes).order_by("pk")
    for row in rows.select_related("school_class__school")[: 10 * FEW]:
        remaining = rebasing.remaining_amount(row)
        if remaining < row.amount and row.school_class:
            head = head_of(row.school_class.school, on)
            reason = "Có học sinh chuyển đi sau khi kí cam kết."
            rebasing.rebase_target(row.pk, remaining, reason, by=head, at=at)


def except_ill_pupils(*, on: date, at: datetime) -> None:
    """Some teachers ask that a pupil ill for months is left out; one request waits for an answer."""
    rows = Commitment.objects.filter(level=Commitment.Level.TEACHER, state=Commitment.State.IN_FORCE)
    firsts = rows.order_by("unit_id", "pk").distinct("unit_id").select_related("staff__unit", "unit")
    for row in firsts[2 * FEW : 3 * FEW]:
        target = Target.objects.filter(pk=row.content[0]["target"], pupil_ids__len__gt=0).first()
        if row.staff is None or target is None:
            continue
        pupil = Pupil.objects.get(pk=target.pupil_ids[0])
        ground = exemptions.Ground(Exemption.Reason.ILLNESS, "Giấy ra viện của bệnh viện tỉnh, 12/3/2025")
        teacher, head = person(row.staff, Role.TEACHER, on), head_of(row.staff.unit, on)
        made = exemptions.ask_exemption(row.pk, pupil, ground, by=teacher, at=at)
        exemptions.agree_exemption(made.pk, by=head, at=at)


def accept_some(*, on: date, at: datetime) -> None:
    """Principals conclude for some teachers; most sign, one does not agree and waits for an answer."""
    rows = Acceptance.objects.filter(commitment__level=Commitment.Level.TEACHER)
    firsts = rows.order_by("commitment__unit_id", "pk").distinct("commitment__unit_id")
    related = firsts.select_related("commitment__staff__unit", "commitment__unit")
    for place, row in enumerate(related[: 2 * FEW]):
        holder = row.commitment.staff
        if holder is None:
            continue
        teacher, head = person(holder, Role.TEACHER, on), head_of(holder.unit, on)
        acceptances.conclude(row.pk, "Nhất trí với số liệu trong biên bản.", by=head, at=at)
        if place:
            acceptances.sign_acceptance(row.pk, by=teacher, at=at)
        else:
            words = "Hai em trong lớp dự thi học sinh giỏi đúng ngày khảo sát, đề nghị xem lại."
            acceptances.dispute_acceptance(row.pk, words, by=teacher, at=at)
