"""Pupils move between classes, leave and come back; every stay keeps its days and its reasons."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from thucchat.web.people.models import Enrolment, Pupil, SchoolClass
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for


@transaction.atomic
def transfer_pupil(pupil_id: int, class_code: str, *, on: date, reason: str) -> Pupil:
    """Move a pupil to another class from `on`. The receiving school may be out of the caller's sight.

    Raises RuleBroken: `transfer.no_class`, `transfer.same`, `transfer.not_studying`, `transfer.day`,
    `transfer.year`.
    """
    pupil = Pupil.objects.select_for_update().get(pk=pupil_id)
    if pupil.status != Pupil.Status.STUDYING:
        raise RuleBroken("transfer.not_studying", f"{pupil.full_name} hiện không theo học lớp nào.")
    with acting_for(Scope(WHOLE_PROVINCE)), because(reason):
        target = SchoolClass.objects.filter(code=class_code.strip()).select_related("school_year").first()
        if target is None:
            raise RuleBroken(
                "transfer.no_class", f"Không có lớp mã “{class_code}”. Hãy hỏi trường tiếp nhận."
            )
        if target.pk == pupil.current_class_id:
            raise RuleBroken("transfer.same", f"{pupil.full_name} đang học lớp này.")
        if not target.school_year.starts <= on <= target.school_year.ends:
            raise RuleBroken(
                "transfer.year", f"Ngày {on:%d/%m/%Y} không thuộc năm học {target.school_year_id} của lớp."
            )
        inside = target.school_id == pupil.school_id
        _end_stay(pupil, on, Enrolment.End.REGROUPED if inside else Enrolment.End.MOVED_AWAY)
        _begin_stay(pupil, target, on, Enrolment.Start.REGROUPED if inside else Enrolment.Start.MOVED_IN)
    return pupil


@transaction.atomic
def let_pupil_go(pupil_id: int, *, on: date, reason: str) -> Pupil:
    """A pupil leaves school. Raises RuleBroken: `transfer.not_studying`, `transfer.day`."""
    pupil = Pupil.objects.select_for_update().get(pk=pupil_id)
    if pupil.status != Pupil.Status.STUDYING:
        raise RuleBroken("transfer.not_studying", f"{pupil.full_name} hiện không theo học lớp nào.")
    with because(reason):
        _end_stay(pupil, on, Enrolment.End.DROPPED_OUT)
        pupil.status, pupil.current_class, pupil.grade = Pupil.Status.LEFT, None, None
        pupil.unit_path = pupil.school.unit_path
        pupil.save(update_fields=["status", "current_class", "grade", "unit_path"])
    return pupil


@transaction.atomic
def admit_pupil(school_class: SchoolClass, code: str, born_on: date, *, on: date, reason: str) -> Pupil:
    """Admit a pupil who finished a level or had left, whichever school knew him last.

    Raises RuleBroken: `admit.unknown` when code and birth date fit nobody, `admit.studying`, `transfer.year`.
    """
    year = school_class.school_year
    if not year.starts <= on <= year.ends:
        raise RuleBroken("transfer.year", f"Ngày {on:%d/%m/%Y} không thuộc năm học {year} của lớp.")
    with acting_for(Scope(WHOLE_PROVINCE)), because(reason):
        pupil = Pupil.objects.select_for_update().filter(code=code.strip(), born_on=born_on).first()
        if pupil is None:
            raise RuleBroken(
                "admit.unknown", f"Không có học sinh mã “{code}” với ngày sinh này. Hãy kiểm tra lại."
            )
        if pupil.status == Pupil.Status.STUDYING:
            raise RuleBroken(
                "admit.studying", "Học sinh này đang học; trường đang quản lý phải làm thủ tục chuyển đi."
            )
        finished = pupil.status == Pupil.Status.FINISHED
        _begin_stay(pupil, school_class, on, Enrolment.Start.NEW if finished else Enrolment.Start.RETURNED)
    return pupil


def _end_stay(pupil: Pupil, on: date, how: Enrolment.End) -> None:
    stay = Enrolment.objects.select_for_update().get(pupil=pupil, days__upper_inf=True)
    if stay.days.lower is not None and on <= stay.days.lower:
        raise RuleBroken(
            "transfer.day", f"Ngày {on:%d/%m/%Y} không sau ngày vào lớp {stay.days.lower:%d/%m/%Y}."
        )
    stay.days, stay.end = DateRange(stay.days.lower, on), how
    stay.save(update_fields=["days", "end"])


def _begin_stay(pupil: Pupil, target: SchoolClass, on: date, how: Enrolment.Start) -> None:
    Enrolment.objects.create(
        pupil=pupil, school_class=target, days=DateRange(on, None), start=how, unit_path=target.unit_path
    )
    pupil.status, pupil.grade = Pupil.Status.STUDYING, target.grade
    pupil.current_class, pupil.school_id, pupil.unit_path = target, target.school_id, target.unit_path
    pupil.save(update_fields=["status", "grade", "current_class", "school", "unit_path"])
