"""Who teaches what to whom, from which day and for which part."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from thucchat.web.people.models import Assignment, SchoolClass, Staff, Subject
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because


@transaction.atomic
def assign_teacher(
    school_class: SchoolClass, subject: Subject, staff: Staff, *, share: Decimal, on: date, reason: str
) -> Assignment:
    """From `on`, `staff` takes `share` of a subject of a class; with a share of 1, instead of all others.

    Raises RuleBroken: `assignment.share` when the parts of one day add up to more than 1,
    `assignment.school` when the teacher works elsewhere.
    """
    if staff.unit_id != school_class.school_id:
        raise RuleBroken(
            "assignment.school", f"{staff.full_name} không công tác tại trường của lớp {school_class.name}."
        )
    with because(reason):
        current = Assignment.objects.select_for_update().filter(
            school_class=school_class, subject=subject, days__upper_inf=True
        )
        for former in current:
            if share == 1 or former.staff_id == staff.pk:
                _end(former, on)
        taken = sum((row.share for row in current.all() if row.days.upper is None), Decimal(0))
        if taken + share > 1:
            raise RuleBroken(
                "assignment.share", f"Các phần phụ trách cộng lại là {taken + share}, vượt quá 1."
            )
        return Assignment.objects.create(
            school_class=school_class,
            subject=subject,
            staff=staff,
            share=share,
            days=DateRange(on, None),
            unit_path=school_class.unit_path,
        )


def _end(assignment: Assignment, on: date) -> None:
    if assignment.days.lower is not None and on <= assignment.days.lower:
        assignment.delete()
        return
    assignment.days = DateRange(assignment.days.lower, on)
    assignment.save(update_fields=["days"])
