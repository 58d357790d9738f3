"""Monthly reviews: an agenda drawn up from the data, the meeting, what is to be done, the minute."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import SchoolYear, Unit, User
from thucchat.web.people.models import Staff
from thucchat.web.quality.models import Review, ReviewAction, Target
from thucchat.web.quality.queries.names import names_of
from thucchat.web.quality.queries.progress import standing_as_plain, unit_standing
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

LEAST_CHANCE = 0.5  # targets less likely than this stand on the agenda
MOST_POINTS = 20  # of an agenda: a meeting has an hour


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody will do, and why."""

    cause: str
    what: str
    owner: Staff
    due_on: date


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a review was held."""

    held_on: date
    present: int
    conclusion: str
    invited: int | None = None
    absent: tuple[tuple[str, str], ...] = ()  # name and reason
    place: str = ""
    secretary: Staff | None = None


@transaction.atomic
def plan_review(unit: Unit, year: SchoolYear, month: date, *, by: User | None, at: datetime) -> Review:
    """The month's review of a school, its agenda drawn up from targets and actions still open.

    Raises RuleBroken: `review.twice`, `review.month` when `month` lies outside the school year.
    """
    first = month.replace(day=1)
    if not year.starts.replace(day=1) <= first <= year.ends:
        raise RuleBroken("review.month", f"Tháng {first:%m/%Y} không thuộc năm học {year.code}.")
    agenda = [*_open_actions(unit), *_weak_targets(unit, year)][:MOST_POINTS]
    try:
        with transaction.atomic():
            made = Review.objects.create(
                school_year=year, unit=unit, month=first, agenda=agenda, unit_path=unit.unit_path
            )
    except IntegrityError as twice:
        raise RuleBroken("review.twice", f"Đã có buổi rà soát tháng {first:%m/%Y}.") from twice
    record_event("review.planned", made, by=by, at=at, unit_path=made.unit_path, points=len(agenda))
    return made


def _open_actions(unit: Unit) -> Iterable[dict[str, str]]:
    rows = ReviewAction.objects.filter(review__unit=unit, state=ReviewAction.State.OPEN).select_related(
        "owner"
    )
    for row in rows:
        yield {"kind": "action", "text": f"{row.what} ({row.owner.full_name}, hạn {row.due_on:%d/%m/%Y})"}


def _weak_targets(unit: Unit, year: SchoolYear) -> Iterable[dict[str, str]]:
    rows = Target.objects.filter(school_year=year, chance__lt=LEAST_CHANCE).exclude(staff=None)
    rows = rows.filter(Q(unit=unit) | Q(staff__team=unit)).order_by("chance")
    found = list(rows.select_related("staff", "school_class"))
    names = names_of(found)
    for row in found:
        chance = round(100 * (row.chance or 0))
        text = f"{names[row.pk]} ({row.staff.full_name if row.staff else ''}): "
        text += f"phải đạt {row.amount}/{row.pupils}, khả năng {chance} %"
        yield {"kind": "target", "text": text}


@transaction.atomic
def hold_review(review_id: int, meeting: Meeting, *, by: User, at: datetime) -> Review:
    """The meeting took place; where the targets stood that day is kept with its minute.

    Raises RuleBroken: `review.state`, `review.empty`, `review.people`, `review.stranger`.
    """
    found = _locked(review_id)
    _check(found, meeting)
    found.move_to(Review.State.HELD)
    standing = unit_standing(found.unit, found.school_year, meeting.held_on)
    values = {
        "held_on": meeting.held_on,
        "present": meeting.present,
        "invited": meeting.invited,
        "absent": [{"name": name, "reason": reason} for name, reason in meeting.absent],
        "place": meeting.place.strip(),
        "secretary": meeting.secretary,
        "conclusion": meeting.conclusion.strip(),
        "standing": standing_as_plain(standing),
        "chair": by,
    }
    for name, value in values.items():
        setattr(found, name, value)
    return _saved(found, "Họp rà soát", list(values), by=by, at=at)


def _check(found: Review, meeting: Meeting) -> None:
    if not meeting.conclusion.strip() or meeting.present < 1:
        raise RuleBroken("review.empty", "Hãy ghi số người dự và kết luận của buổi họp.")
    away, invited = len(meeting.absent), meeting.invited
    if invited is not None and meeting.present + away > invited:
        message = f"Có {meeting.present} người dự và {away} người vắng, nhiều hơn {invited} người được mời."
        raise RuleBroken("review.people", message)
    secretary = meeting.secretary
    if secretary and found.unit_id not in {secretary.unit_id, secretary.team_id}:
        raise RuleBroken("review.stranger", f"Thư kí {secretary.full_name} không thuộc đơn vị đang rà soát.")


@transaction.atomic
def confirm_review(review_id: int, *, by: User, at: datetime) -> Review:
    """The minute stands as it is. Raises RuleBroken: `review.state`."""
    found = _locked(review_id)
    found.move_to(Review.State.CONFIRMED)
    return _saved(found, "Duyệt biên bản rà soát", [], by=by, at=at)


@transaction.atomic
def add_action(review_id: int, task: Task, *, by: User, at: datetime) -> ReviewAction:
    """Somebody of the unit will do something. Raises RuleBroken: `action.stranger`, `action.late`."""
    found = _locked(review_id)
    if task.owner.unit_id != found.unit_id:
        raise RuleBroken("action.stranger", "Người làm phải thuộc đơn vị đang rà soát.")
    if task.due_on < found.month:
        raise RuleBroken("action.late", "Hạn phải sau tháng rà soát.")
    made = ReviewAction.objects.create(
        review=found, cause=task.cause, what=task.what, owner=task.owner, due_on=task.due_on,
        unit_path=found.unit_path,
    )  # fmt: skip
    record_event("action.added", made, by=by, at=at, unit_path=made.unit_path)
    return made


@transaction.atomic
def end_action(action_id: int, outcome: str, *, done: bool, by: User, at: datetime) -> ReviewAction:
    """Raises RuleBroken: `action.state`, `action.no_outcome`."""
    found = ReviewAction.objects.select_for_update(of=("self",)).get(pk=action_id)
    if not outcome.strip():
        raise RuleBroken("action.no_outcome", "Hãy ghi kết quả, hoặc vì sao thôi không làm.")
    found.move_to(ReviewAction.State.DONE if done else ReviewAction.State.DROPPED)
    found.outcome = outcome.strip()
    with because("Kết thúc việc cần làm"):
        found.save(update_fields=["state", "outcome"])
    record_event(f"action.{found.state}", found, by=by, at=at, unit_path=found.unit_path)
    return found


def _locked(review_id: int) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("unit", "school_year")
    return rows.get(pk=review_id)


def _saved(found: Review, reason: str, names: list[str], *, by: User, at: datetime) -> Review:
    with because(reason):
        found.save(update_fields=["state", *names])
    record_event(f"review.{found.state}", found, by=by, at=at, unit_path=found.unit_path)
    return found
