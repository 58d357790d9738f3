"""Which files, runs and measures a person may see."""

from django.db.models import Q, QuerySet

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Role
from thucchat.web.results.models import MeasureRun, PupilMeasure, ResponseFile
from thucchat.web.shared.scope import WHOLE_PROVINCE, below, within

OFFICES = frozenset({Role.LEADER, Role.TESTING, Role.OFFICE, Role.INSPECTOR, Role.AUDITOR})


def response_files_visible_to(acting: Acting) -> "QuerySet[ResponseFile]":
    return ResponseFile.objects.filter(below(acting.scope.path))


def sees_unpublished(acting: Acting) -> bool:
    """Whether he sees numbers of the whole province before they are published."""
    return acting.is_one_of(OFFICES) and acting.scope.path == WHOLE_PROVINCE


def runs_visible_to(acting: Acting) -> "QuerySet[MeasureRun]":
    """All runs to the offices of the province; to others those that count, of published exams."""
    if sees_unpublished(acting):
        return MeasureRun.objects.all()
    counting = Q(state=MeasureRun.State.COMPUTED, exam__published_at__isnull=False)
    return MeasureRun.objects.filter(counting)


def measures_visible_to(acting: Acting) -> "QuerySet[PupilMeasure]":
    """Measures of his pupils in the runs he may see."""
    return PupilMeasure.objects.filter(within(acting.scope), run__in=runs_visible_to(acting))
