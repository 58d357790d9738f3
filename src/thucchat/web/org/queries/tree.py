"""The unit tree as it stood on a day, and what a user may see of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from thucchat.engine.vietnamese import text_key
from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Unit, UnitSpell
from thucchat.web.org.models.units import UnitQuerySet
from thucchat.web.shared.scope import below


def units_visible_to(acting: Acting) -> UnitQuerySet:
    """The units at and below the user's own."""
    return Unit.objects.filter(below(acting.unit.unit_path))


@dataclass(slots=True)
class Node:
    """One unit of the tree on a day, under the name it bore then."""

    unit: Unit
    name: str
    children: list["Node"] = field(default_factory=list)


def tree_on(day: date, acting: Acting, *, kinds: frozenset[str]) -> list[Node]:
    """The tree of the given kinds of units at and below the user's unit, as of `day`, sorted by name."""
    spells = (
        UnitSpell.objects.filter(below(acting.unit.unit_path), days__contains=day, unit__kind__in=kinds)
        .exclude(unit__closed_on__lte=day)
        .select_related("unit")
    )
    nodes = {spell.unit_id: Node(spell.unit, spell.name) for spell in spells}
    by_parent: dict[int | None, list[Node]] = defaultdict(list)
    for spell in spells:
        by_parent[spell.parent_id if spell.parent_id in nodes else None].append(nodes[spell.unit_id])
    for parent_id, children in by_parent.items():
        children.sort(key=lambda node: (node.unit.kind, text_key(node.name)))
        if parent_id is not None:
            nodes[parent_id].children = children
    return by_parent[None]


def ancestors_of(unit: Unit) -> list[Unit]:
    """The units above, from the province down."""
    keys = [int(part) for part in unit.unit_path.strip("/").split("/")[:-1]]
    found = Unit.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def name_on(unit: Unit, day: date) -> str:
    """The name the unit bore on `day`, or its present name when it did not exist."""
    spell = UnitSpell.objects.filter(unit=unit, days__contains=day).first()
    return spell.name if spell else unit.name
