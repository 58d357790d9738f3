"""Pupils whose results do not count for a teacher's commitment, by name and reason."""

from datetime import date

from thucchat.engine.documents.forms.acceptance_minute import ExceptedPupil
from thucchat.engine.vietnamese import vi_date
from thucchat.web.people.models import Enrolment, Pupil
from thucchat.web.quality.models import Acceptance, Target
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for

HIDDEN = "(đã chuyển đi)"  # a pupil of another school now, whose name its own school keeps
ROLL = "Danh sách lớp"
UNKNOWN = ("Không còn trong danh sách", ROLL)


def excepted_pupils(acceptance: Acceptance, day: date) -> tuple[ExceptedPupil, ...]:
    """Of a teacher: exceptions that both sides agreed, then who had left by the `day` of the survey.

    Of a unit, whose pupils are those of its teachers, none are named.
    """
    if not acceptance.commitment.staff_id:
        return ()
    targets = Target.objects.filter(pk__in=[row["target"] for row in acceptance.results])
    asked = {pupil for pupils in targets.values_list("pupil_ids", flat=True) for pupil in pupils}
    agreed = acceptance.commitment.exemptions.exclude(agreed_by=None).select_related("pupil")
    named = {
        one.pupil_id: ExceptedPupil(one.pupil.full_name, one.get_reason_display(), one.evidence)
        for one in agreed
    }
    return (*named.values(), *_gone(asked - set(named), day))


def _gone(asked: set[int], day: date) -> list[ExceptedPupil]:
    rows = Enrolment.objects.filter(pupil__in=asked, days__contains=day)
    with acting_for(Scope(WHOLE_PROVINCE)):  # as the acceptance was counted, whoever prints its minute
        gone = asked - set(rows.values_list("pupil", flat=True))
    names = dict(Pupil.objects.filter(pk__in=gone).values_list("pk", "full_name"))
    ends = Enrolment.objects.filter(pupil__in=gone).exclude(end="").order_by("days")
    why = {row.pupil_id: (row.get_end_display(), f"{ROLL}, ngày {vi_date(row.days.upper)}") for row in ends}
    found = (ExceptedPupil(names.get(key, HIDDEN), *why.get(key, UNKNOWN)) for key in gone)
    return sorted(found, key=lambda one: one.name)
