"""What is surveyed: the annex of a plan as dated data. A plan of a later year is a file beside it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from thucchat.engine.errors import InvalidInput

LIBRARY = "thucchat.engine.planning.annex"
LAST_GRADE = 12


@dataclass(frozen=True, slots=True)
class SurveyPaper:
    """One line of the annex."""

    field: str  # of subjects: TOAN, VAN, …
    subject: str  # Vietnamese, as the annex calls it
    format: str  # Vietnamese
    minutes: int | None  # none: the annex leaves it open


@dataclass(frozen=True, slots=True)
class LevelAnnex:
    """One school level of the annex."""

    level: str  # TH, THCS, THPT
    papers: tuple[SurveyPaper, ...]
    others: str  # who decides about all other subjects, in Vietnamese
    graduation: tuple[str, ...] = ()  # fields whose final survey grade 12 does not sit

    def papers_of(self, grade: int, moment: str) -> tuple[SurveyPaper, ...]:
        """What a grade sits at a moment (start, mid, end)."""
        if grade == LAST_GRADE and moment == "end":
            return tuple(one for one in self.papers if one.field not in self.graduation)
        return self.papers


@dataclass(frozen=True, slots=True)
class Holding:
    """How the papers of a survey are held."""

    seats: int  # most candidates in a room
    number: Mapping[str, int]  # parts of a candidate's number in order, with their digits: see `rooms`
    shifts: tuple[time, ...]  # when the shifts of a day begin
    papers_a_shift: int
    break_minutes: int  # between two papers of a shift
    open_minutes: int  # of a paper whose minutes are left open


@dataclass(frozen=True, slots=True)
class Annex:
    """What one plan surveys."""

    code: str
    document: str  # Vietnamese
    version: str
    levels: tuple[LevelAnnex, ...]
    bands: tuple[Decimal, ...]  # points from which the second to the fifth group begin
    holding: Holding

    def of_level(self, level: str) -> LevelAnnex | None:
        """The part of one school level; none where the plan surveys nothing there."""
        return next((one for one in self.levels if one.level == level), None)


def annex_codes() -> list[str]:
    """The plans whose annexes come with the program."""
    names = (file.name for file in files(LIBRARY).iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def annex_of(code: str) -> Annex:
    """The annex of a plan. Raises InvalidInput: `annex.unknown`."""
    if code not in annex_codes():
        raise InvalidInput(
            "annex.unknown", f"Không có phụ lục “{code}”. Hiện có: {', '.join(annex_codes())}."
        )
    data = tomllib.loads(files(LIBRARY).joinpath(f"{code}.toml").read_text("utf-8"))
    return Annex(
        code,
        data["document"],
        data["version"],
        tuple(map(_level, data["level"])),
        tuple(map(Decimal, data["bands"])),
        _holding(data["holding"]),
    )


def _holding(row: dict[str, Any]) -> Holding:
    return Holding(**row | {"shifts": tuple(map(time.fromisoformat, row["shifts"]))})


def _level(row: dict[str, Any]) -> LevelAnnex:
    papers = tuple(
        SurveyPaper(field, subject, kind, minutes or None) for field, subject, kind, minutes in row["papers"]
    )
    return LevelAnnex(row["code"], papers, row["others"], tuple(row.get("graduation", ())))
