"""Who does what in a survey, and how many pupils are to come: of the same plan as what is surveyed."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from thucchat.engine.planning.surveys import LIBRARY, annex_of


@dataclass(frozen=True, slots=True)
class PlannedDuty:
    """What one unit does at some moments of the year."""

    unit: str  # Vietnamese
    moments: frozenset[str]  # start, mid, end
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organising:
    """How the surveys of one plan are organised."""

    attendance: Decimal  # percent of the pupils on the roll that a school is to bring
    setters: dict[str, str]  # by moment: who sets the papers
    duties: tuple[PlannedDuty, ...]

    def duties_at(self, moment: str) -> list[tuple[str, tuple[str, ...]]]:
        """Unit and tasks, a unit once, in the order of the plan."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.duties:
            if moment in one.moments:
                found[one.unit] = (*found.get(one.unit, ()), *one.tasks)
        return list(found.items())


@cache
def organising_of(code: str) -> Organising:
    """Of the plan with this annex. Raises InvalidInput: `annex.unknown`."""
    annex = annex_of(code)
    data = tomllib.loads(files(LIBRARY).joinpath(f"{annex.code}.toml").read_text("utf-8"))["organising"]
    duties = tuple(
        PlannedDuty(row["unit"], frozenset(row["moments"]), tuple(row["tasks"])) for row in data["duties"]
    )
    return Organising(Decimal(data["attendance"]), dict(data["setters"]), duties)
