"""What the pages of a round show."""

from collections import Counter
from dataclasses import dataclass

from thucchat.engine.errors import EngineError
from thucchat.engine.papers.blueprint import Blueprint, Line
from thucchat.engine.papers.blueprint_checks import STATEMENTS
from thucchat.engine.papers.blueprint_plain import blueprint_from_plain
from thucchat.engine.papers.draw.ceremony import (
    minutes_faults,
    read_announcement,
    read_minutes,
    series_faults,
)
from thucchat.engine.papers.draw.model import Announcement, Minutes
from thucchat.web.bank.models import Draw, Proposal, Round


@dataclass(frozen=True, slots=True)
class Handed:
    """How many papers of a unit are in what state."""

    unit: str
    handed_in: int
    eligible: int
    refused: int


def blueprint_of(round_: Round) -> Blueprint:
    """The matrix a round asks for."""
    return blueprint_from_plain(round_.blueprint.content)


def handed_in_by_unit(round_: Round) -> list[Handed]:
    """One line a unit, of the proposals the database shows to the person."""
    states = Proposal.State
    rows = Counter(Proposal.objects.filter(round=round_).values_list("unit__name", "state"))
    units = sorted({unit for unit, _ in rows})
    return [
        Handed(
            unit,
            sum(rows[unit, state] for state in (states.HANDED_IN, states.ELIGIBLE, states.REFUSED)),
            rows[unit, states.ELIGIBLE],
            rows[unit, states.REFUSED],
        )
        for unit in units
    ]


def announcement_of(draw: Draw) -> Announcement:
    """What was fixed before chance."""
    return read_announcement(draw.announcement)


def minutes_of(draw: Draw) -> Minutes:
    """The minutes of a draw that took place."""
    return read_minutes(draw.minutes)


def faults_of(round_: Round) -> list[str]:
    """Everything that does not hold when all draws of the round are computed again."""
    try:
        made = [minutes_of(draw) for draw in round_.draws.filter(state=Draw.State.DRAWN)]
    except EngineError as broken:
        return [broken.message]
    found = [fault.message for minutes in made for fault in minutes_faults(minutes)]
    return [*found, *(fault.message for fault in series_faults(made))]


def item_cells(blueprint: Blueprint) -> list[tuple[str, int]]:
    """Cells and how many questions each takes, for a draw of items.

    A true/false question has statements of several levels, so its cell is the line alone.
    """
    found: Counter[str] = Counter()
    for line in blueprint.lines:
        for (kind, level), cell in line.cells.items():
            if cell.count:
                name = cell_of(line, kind, level)
                found[name] += cell.count
    return [(name, count // STATEMENTS if "|true_false" in name else count) for name, count in found.items()]


def cell_of(line: Line, kind: str, level: str) -> str:
    """Name of the cell that a question of a line fills in a draw of items."""
    parts = [line.topic, line.content, kind]
    return "|".join(parts if kind == "true_false" else [*parts, level])
