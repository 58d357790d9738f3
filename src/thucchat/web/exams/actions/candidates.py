"""Changes of a frozen list, one candidate at a time: each says why, and is kept."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from thucchat.web.exams.actions.holding import listed_site
from thucchat.web.exams.models import Campaign, Candidate, Site
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.people.models import Enrolment, SchoolClass
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because


@dataclass(frozen=True, slots=True)
class Arrival:
    """A pupil who came late."""

    pupil_code: str
    on: date  # a day on which he is enrolled
    room: int


@transaction.atomic
def add_candidate(site_id: int, arrival: Arrival, *, reason: str, by: User | None, at: datetime) -> Candidate:
    """The pupil takes the number after the school's last, and a free seat of the room.

    Raises RuleBroken: `campaign.closed`, `campaign.not_listed`, `candidate.reason`, `candidate.stranger`,
    `candidate.twice`, `candidate.number`, `candidate.room`, `candidate.full`.
    """
    site, campaign = _locked_site(site_id, reason)
    stay = _stay(site, arrival)
    if Candidate.objects.filter(exam=site.exam_id, pupil=stay.pupil_id, removed_for="").exists():
        raise RuleBroken("candidate.twice", f"{stay.pupil.full_name} đã có trong danh sách.")
    with because(reason):
        made = Candidate.objects.create(
            exam_id=site.exam_id,
            site=site,
            pupil=stay.pupil,
            school_class=stay.school_class,
            full_name=stay.pupil.full_name,
            born_on=stay.pupil.born_on,
            class_name=stay.school_class.name,
            sbd=_next_number(site),
            room=arrival.room,
            seat=_free_seat(site, campaign, arrival.room),
            unit_path=site.unit_path,
        )
    return _recorded("candidate.added", made, by=by, at=at)


@transaction.atomic
def remove_candidate(candidate_id: int, *, reason: str, by: User | None, at: datetime) -> Candidate:
    """Take a pupil off the list; his number goes to nobody else.

    Raises RuleBroken: `campaign.closed`, `candidate.reason`, `candidate.removed`.
    """
    found, _ = _locked(candidate_id, reason)
    found.removed_for = reason.strip()
    with because(reason):
        found.save(update_fields=["removed_for"])
    return _recorded("candidate.removed", found, by=by, at=at)


@transaction.atomic
def move_candidate(candidate_id: int, room: int, *, reason: str, by: User | None, at: datetime) -> Candidate:
    """Seat a candidate in another room, under the same number.

    Raises RuleBroken: as `remove_candidate`, `candidate.room`, `candidate.full`.
    """
    found, campaign = _locked(candidate_id, reason)
    if found.room == room:
        raise RuleBroken("candidate.room", f"{found.full_name} đang ngồi phòng {room}.")
    found.seat = _free_seat(found.site, campaign, room)
    found.room = room
    with because(reason):
        found.save(update_fields=["room", "seat"])
    return _recorded("candidate.moved", found, by=by, at=at)


def _locked_site(site_id: int, reason: str) -> tuple[Site, Campaign]:
    site, campaign = listed_site(site_id)
    if len(reason.strip()) < 5:
        raise RuleBroken("candidate.reason", "Danh sách đã chốt; hãy nêu lí do thay đổi (ít nhất 5 kí tự).")
    return site, campaign


def _locked(candidate_id: int, reason: str) -> tuple[Candidate, Campaign]:
    found = Candidate.objects.get(pk=candidate_id)
    found.site, campaign = _locked_site(found.site_id, reason)
    found.refresh_from_db(fields=["room", "seat", "removed_for"])
    if found.removed_for:
        raise RuleBroken("candidate.removed", f"{found.full_name} không còn trong danh sách.")
    return found, campaign


def _stay(site: Site, arrival: Arrival) -> Enrolment:
    classes = SchoolClass.objects.filter(school=site.school_id, grade=site.exam.grade or 0)
    rows = Enrolment.objects.filter(
        pupil__code=arrival.pupil_code.strip(), days__contains=arrival.on, school_class__in=classes
    )
    found = rows.select_related("pupil", "school_class").first()
    if found is None:
        message = (
            f"Mã “{arrival.pupil_code}” không phải của học sinh nào đang học khối {site.exam.grade} "
            "của trường; hãy ghi học sinh vào lớp trước."
        )
        raise RuleBroken("candidate.stranger", message)
    return found


def _next_number(site: Site) -> str:
    """One more than the school's last number, also of those taken off."""
    last = site.candidates.aggregate(last=Max("sbd"))["last"] or ""
    number = str(int(last or 0) + 1).zfill(len(last))
    if Candidate.objects.filter(exam=site.exam_id, sbd=number).exists() or len(number) > len(last):
        raise RuleBroken("candidate.number", f"Trường đã dùng hết số báo danh sau {last}.")
    return number


def _free_seat(site: Site, campaign: Campaign, room: int) -> int:
    """The first free seat; one room more than there are may be opened."""
    rooms = site.candidates.aggregate(last=Max("room"))["last"] or 0
    if not 1 <= room <= rooms + 1:
        raise RuleBroken("candidate.room", f"Phòng phải từ 1 đến {rooms + 1}, không phải {room}.")
    taken = set(site.candidates.filter(room=room, removed_for="").values_list("seat", flat=True))
    if len(taken) >= (campaign.seats or 0):
        message = (
            f"Phòng {room} đã đủ {campaign.seats} thí sinh; hãy chọn phòng khác hoặc mở phòng {rooms + 1}."
        )
        raise RuleBroken("candidate.full", message)
    return next(seat for seat in range(1, len(taken) + 2) if seat not in taken)


def _recorded(kind: str, found: Candidate, *, by: User | None, at: datetime) -> Candidate:
    record_event(
        kind, found, by=by, at=at, unit_path=found.unit_path, number=found.sbd, room=found.room,
        seat=found.seat,
    )  # fmt: skip
    return found
