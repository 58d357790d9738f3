"""Who answers for targets: the province, districts or communes, and schools, as they stood on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from thucchat.engine.vietnamese import text_key
from thucchat.web.exams.queries.cuts import own_unit
from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Unit, UnitSpell
from thucchat.web.shared.scope import below

LEVELS = {
    Unit.Kind.PROVINCE: "province",
    Unit.Kind.DISTRICT: "district",
    Unit.Kind.COMMUNE: "district",
    Unit.Kind.SCHOOL: "school",
}
ORDER = ("province", "district", "school")  # from the top down
SCHOOL_LEVELS = frozenset({"TH", "THCS", "THPT"})


@dataclass(frozen=True, slots=True)
class Place:
    """One unit on a day."""

    id: int
    name: str
    level: str  # one of ORDER
    parent_id: int | None
    school_levels: frozenset[str]  # of a school


@dataclass(frozen=True)
class Land:
    """All places in scope on a day, by name."""

    path: str
    places: tuple[Place, ...]

    @cached_property
    def _below(self) -> dict[int | None, list[Place]]:
        found: dict[int | None, list[Place]] = {}
        for place in self.of_level("school"):
            found.setdefault(place.parent_id, []).append(place)
        return found

    def of_level(self, level: str) -> list[Place]:
        return [place for place in self.places if place.level == level]

    def schools(self, place: Place, levels: Iterable[str] = SCHOOL_LEVELS) -> list[Place]:
        """Schools of any of `levels` that `place` answers for; of a school itself."""
        wanted = frozenset(levels)
        if place.level == "school":
            inside = [place]
        else:
            inside = self.of_level("school") if place.level == "province" else self._below.get(place.id, [])
        return [school for school in inside if school.school_levels & wanted]


def land_on(day: date, path: str) -> Land:
    """The places at and below `path` on `day`, under the name and the parent of that day."""
    spells = UnitSpell.objects.filter(below(path), days__contains=day, unit__kind__in=list(LEVELS))
    spells = spells.exclude(unit__closed_on__lte=day)
    rows = spells.values_list("unit_id", "name", "unit__kind", "parent_id", "unit__levels")
    found = (Place(key, name, LEVELS[Unit.Kind(kind)], up, frozenset(of)) for key, name, kind, up, of in rows)
    return Land(path, tuple(sorted(found, key=lambda place: text_key(place.name))))


def home_of(acting: Acting) -> Unit:
    """The unit whose targets a person sees first: for people of a team the school."""
    return own_unit(acting)


def place_of(unit: Unit) -> Place:
    """A unit as it stands today."""
    return Place(unit.pk, unit.name, LEVELS[Unit.Kind(unit.kind)], unit.parent_id, frozenset(unit.levels))
