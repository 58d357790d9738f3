"""The catalogue of subjects, by level and curriculum."""

from django.http import HttpResponse
from django.shortcuts import render

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.people.models import Subject
from thucchat.web.people.permissions import SEES_SUBJECTS

LEVEL_NAMES = {"MN": "Mầm non", "TH": "Tiểu học"}
LEVELS = ("MN", "TH", "THCS", "THPT", "GDTX")


@requires(SEES_SUBJECTS)
def subjects(request: ActingRequest) -> HttpResponse:
    groups: dict[tuple[str, str], list[Subject]] = {}
    rows = Subject.objects.order_by("-curriculum", "is_elective", "name")
    for subject in sorted(rows, key=lambda one: LEVELS.index(one.level)):
        groups.setdefault((subject.curriculum, subject.level), []).append(subject)
    tables = [
        (f"{LEVEL_NAMES.get(level, level)}, chương trình {curriculum}", [_row(one) for one in rows])
        for (curriculum, level), rows in groups.items()
    ]
    return render(request, "people/subjects.html", {"tables": tables})


def _row(subject: Subject) -> tuple[Subject, str]:
    """A subject with its periods a year: one number where all grades have as many."""
    pairs = [(f"khối {g}", n) for g, n in zip(subject.grades, subject.periods, strict=False)]
    if len({n for _, n in pairs}) == 1:
        return subject, str(pairs[0][1])
    return subject, ", ".join(f"{grade}: {n}" for grade, n in pairs)
