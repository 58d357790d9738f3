"""Indicators: what a plan promises, as dated data. A published number names the indicator and its version.

Each document of the province is one TOML file of `catalogue/`; a plan of a later year is a file beside it.
"""

import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from thucchat.engine.errors import InvalidInput

LIBRARY = "thucchat.engine.planning.catalogue"


class Kind(StrEnum):
    """How an indicator is judged; see `evaluation`."""

    SHARE = "share"  # so many of all, at least `goal` percent
    RISE = "rise"  # this year's value above last year's
    FALL = "fall"  # this year's value below last year's
    GAP = "gap"  # best unit minus last unit, at most `goal` points
    PLACES = "places"  # places won among all provinces, at least `goal`
    COUNT = "count"  # at least `goal` in all, and `parts` of these or better
    EACH = "each"  # every one of `members` at least `goal` times
    EVIDENCE = "evidence"  # no number: judged by documents


class Unit(StrEnum):
    """What the value is counted in."""

    PERCENT = "percent"
    POINTS = "points"
    PLACES = "places"
    COUNT = "count"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One target of a document."""

    code: str
    version: str  # of the file: a year and a counter
    title: str  # Vietnamese
    formula: str  # Vietnamese: what is counted over what
    source: str  # document and clause
    kind: Kind
    unit: Unit
    level: str  # who answers for it: province, district, school
    goal: Decimal | None = None
    per_subject: bool = False
    parts: tuple[tuple[str, int], ...] = ()  # best first: grade of award, at least so many of it or better
    members: tuple[str, ...] = ()  # subjects, each of which counts on its own
    minimum: int = 1  # pupils or papers a unit needs to be compared
    topics: tuple[str, ...] = field(default=())  # school levels, grades or exams it speaks of

    @property
    def document(self) -> str:
        """The document without the clause."""
        return self.source.rpartition(", ")[0]

    @property
    def clause(self) -> str:
        """The clause without the document."""
        return self.source.rpartition(", ")[2]


def document_names() -> list[str]:
    """The documents whose targets come with the program."""
    found = (file.name for file in files(LIBRARY).iterdir())
    return sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml"))


@cache
def indicators_of(document: str) -> tuple[Indicator, ...]:
    """The indicators of one document, in its own order.

    Raises:
        InvalidInput: `document.unknown`.
    """
    if document not in document_names():
        known = ", ".join(document_names())
        raise InvalidInput("document.unknown", f"Không có bộ chỉ tiêu “{document}”. Hiện có: {known}.")
    data = tomllib.loads(files(LIBRARY).joinpath(f"{document}.toml").read_text("utf-8"))
    shared = {"version": data["version"]}
    return tuple(_indicator(shared | row, data["document"]) for row in data["indicator"])


def all_indicators() -> dict[str, Indicator]:
    """Every indicator of every document, by code."""
    return {one.code: one for name in document_names() for one in indicators_of(name)}


def _indicator(row: dict[str, Any], document: str) -> Indicator:
    goal = row.pop("goal", None)
    return Indicator(
        **row
        | {
            "source": f"{document}, {row['source']}",
            "kind": Kind(row["kind"]),
            "unit": Unit(row["unit"]),
            "goal": None if goal is None else Decimal(str(goal)),
            "parts": tuple((name, count) for name, count in row.get("parts", ())),
            "members": tuple(row.get("members", ())),
            "topics": tuple(row.get("topics", ())),
        }
    )
