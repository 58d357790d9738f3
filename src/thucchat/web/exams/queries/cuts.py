"""Which part of an exam a report is about, and what is compared in it.

A unit sees its own candidates. Only those who see the whole province may also cut by area: the schools that
stand in a district, whoever governs them.
"""

from dataclasses import dataclass
from typing import Any

from thucchat.web.exams.models import Exam
from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Unit
from thucchat.web.org.queries.tree import units_visible_to
from thucchat.web.shared.scope import END, WHOLE_PROVINCE

# Heading of the compared column, and the group of a row in SQL: a unit's id, or a text for those without.
UNKNOWN, DIRECT = "(không rõ trường)", "Trực thuộc Sở"
GROUPS = {
    "area": (
        "Huyện",
        f"coalesce(r.area_id::text, CASE WHEN r.school_id IS NULL THEN '{UNKNOWN}' ELSE '{DIRECT}' END)",
    ),
    "school": ("Trường", f"coalesce(r.school_id::text, '{UNKNOWN}')"),
    "none": ("", "''"),
}
LABELS = {"area": "theo địa bàn huyện", "school": "theo trường"}
AREAS = (Unit.Kind.DISTRICT, Unit.Kind.COMMUNE)


@dataclass(frozen=True, slots=True)
class Cut:
    """The candidates of one unit, or of one area, and how they are grouped."""

    unit: Unit
    grouping: str  # a key of GROUPS
    by_area: bool = False

    @property
    def key(self) -> str:
        return f"{'area' if self.by_area else 'unit'}:{self.unit.pk}:{self.grouping}"

    @property
    def path(self) -> str:
        """Who may read the report: an area's is for those who see the whole province."""
        return WHOLE_PROVINCE if self.by_area else self.unit.unit_path

    @property
    def grouped_by(self) -> str:
        return GROUPS[self.grouping][0]

    @property
    def group(self) -> str:
        """The group's name, in SQL."""
        return GROUPS[self.grouping][1]

    @property
    def condition(self) -> tuple[str, list[Any]]:
        """Which rows belong to the cut, in SQL."""
        if self.by_area:
            return "r.area_id = %s", [self.unit.pk]
        return "r.unit_path >= %s AND r.unit_path < %s", [self.unit.unit_path, self.unit.unit_path + END]

    @property
    def is_school(self) -> bool:
        return self.unit.is_school


def cut_for(acting: Acting, unit_id: int | None, grouping: str) -> Cut | None:
    """The cut that a page asks for; None when the unit is not the user's to see."""
    home = own_unit(acting)
    unit = home if unit_id in {None, home.pk} else units_visible_to(acting).filter(pk=unit_id).first()
    if unit is None or unit.kind == Unit.Kind.TEAM:
        return None
    if unit.is_school:
        return Cut(unit, "none")
    is_area = unit.kind in AREAS
    if is_area:
        return Cut(unit, "school", by_area=acting.scope.path == WHOLE_PROVINCE)
    return Cut(unit, grouping if grouping in LABELS else "area")


def own_unit(acting: Acting) -> Unit:
    """The unit whose results a person sees first: for a team head the school."""
    unit = acting.unit
    return unit.parent if unit.kind == Unit.Kind.TEAM and unit.parent else unit


def snapshot_key(exam: Exam, cut: Cut) -> str:
    return f"exam:{exam.pk}:{cut.key}"
