"""Who must be ranked by whom, and which units stand clearly above or below their list.

The province ranks all lower and upper secondary schools, and all districts; each district ranks its
primary and its lower secondary schools; nobody is left out: a unit without a rank is listed with the
reason.
Source: Kế hoạch 2362/KH-SGDĐT Điện Biên (2024), II.2.e.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.ranks.groups import tie_groups
from thucchat.engine.growth.ranks.sets import rank_sets

Floats = NDArray[np.float64]


class Level(StrEnum):
    """What a unit teaches, or that it is a district office."""

    PRIMARY = "TH"
    LOWER = "THCS"
    UPPER = "THPT"
    DISTRICT = "PGD"


class Standing(StrEnum):
    """Against the mean of the list, all statements of a list together at the level asked."""

    ABOVE = "trên mức chung"
    ALIKE = "chưa phân biệt được với mức chung"
    BELOW = "dưới mức chung"
    UNKNOWN = "chưa có kết quả"


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """A unit that must be ranked."""

    name: str
    level: Level
    district: str  # empty for units directly under the province


@dataclass(frozen=True, slots=True)
class RankingList:
    """Units one authority ranks together."""

    authority: str  # district, or empty for the province
    level: Level
    members: NDArray[np.intp]  # (members,), places in the sequence handed in


@dataclass(frozen=True, slots=True)
class Screening:
    """One list with results; entries of members without a result are 0, and have a reason."""

    ranking: RankingList
    rank: NDArray[np.int64]  # (members,)
    low: NDArray[np.int64]  # (members,)
    high: NDArray[np.int64]  # (members,)
    group: NDArray[np.int64]  # (members,), no order inside a group
    standing: list[Standing]  # (members,)
    reasons: list[str]  # (members,), empty for ranked members
    coverage: float  # share of members with a rank


def required_lists(units: Sequence[RankedUnit]) -> list[RankingList]:
    """All lists the plan asks for, province first. Lists without members do not occur."""
    wanted: list[tuple[str, Level, int]] = []
    for place, unit in enumerate(units):
        if unit.level is not Level.PRIMARY:
            wanted.append(("", unit.level, place))
        if unit.district and unit.level in {Level.PRIMARY, Level.LOWER}:
            wanted.append((unit.district, unit.level, place))
    wanted.sort()
    return [
        RankingList(authority, level, np.array([place for _, _, place in members]))
        for (authority, level), members in groupby(wanted, key=lambda entry: entry[:2])
    ]


def screen(
    ranking: RankingList,
    estimates: Floats,
    errors: Floats,
    reasons: Sequence[str],
    *,
    level: float = 0.9,
    rng: np.random.Generator,
) -> Screening:
    """Rank one list, with simultaneous sets, and say who stands apart from its mean.

    Shapes:
        estimates, errors: (units,), of all units handed to `required_lists`, NaN where there is none;
        reasons: (units,), why there is none, empty where there is one.
    Raises:
        InvalidInput: `screening.reason` when a unit has neither a result nor a reason.
    """
    members = ranking.members
    values, spread = estimates[members], errors[members]
    known = np.isfinite(values) & np.isfinite(spread)
    texts = ["" if has else reasons[place] for has, place in zip(known, members, strict=True)]
    if any(not (has or text) for has, text in zip(known, texts, strict=True)):
        raise InvalidInput("screening.reason", "Có đơn vị không có kết quả mà không nêu lý do.")
    columns = {name: np.zeros(len(members), dtype=np.int64) for name in ("rank", "low", "high", "group")}
    standing = [Standing.UNKNOWN] * len(members)
    if known.sum() >= 2:
        sets = rank_sets(values[known], spread[known], level=level, rng=rng)
        for name, column in zip(columns, (sets.rank, sets.low, sets.high, tie_groups(sets)), strict=True):
            columns[name][known] = column
        for place, found in zip(
            np.flatnonzero(known), _standings(values[known], spread[known], level), strict=True
        ):
            standing[place] = found
    return Screening(ranking, **columns, standing=standing, reasons=texts, coverage=float(known.mean()))


def _standings(values: Floats, errors: Floats, level: float) -> list[Standing]:
    count = len(values)
    lead = values - values.mean()
    # A unit is part of the mean it is compared with.
    variance = errors**2 * (1 - 2 / count) + (errors**2).sum() / count**2
    reach = float(ndtri((1 + level ** (1 / count)) / 2)) * np.sqrt(variance)
    return [
        Standing.ABOVE if gap > bar else Standing.BELOW if gap < -bar else Standing.ALIKE
        for gap, bar in zip(lead, reach, strict=True)
    ]
