"""Classes of each school, grade and year, and which class each stay belongs to."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from thucchat.engine.simulation.rolls import LEVEL_OF_GRADE, Floats, Ints, Rolls
from thucchat.engine.simulation.sites import Network
from thucchat.engine.simulation.subjects import NATURAL, SOCIAL
from thucchat.engine.simulation.years import FIRST_YEARS, curriculum

LEVELS = ("", "TH", "THCS", "THPT", "GDTX")
# A grade of n pupils has n / size classes, rounded up only past a third: near the published mean sizes.
CLASS_SIZE = np.array([0, 28.0, 38.5, 40.0, 42.0])
ROUND_UP_FROM = 0.34
LARGEST_CLASS = np.array([1, 35, 45, 45, 52])  # regulations §7.4
# How far a school sorts its pupils by aptitude into classes, by level: not at all, a little, much.
SORTING = np.array([0.0, 0.0, 0.35, 0.8, 0.3])


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes in the order school, year, level, grade, number; and the class of each stay."""

    frame: pl.DataFrame  # class, school, year, level, grade, number, name, curriculum, combination
    of_stay: Ints  # (stays,), row of `frame`


def form_classes(network: Network, rolls: Rolls, rng: np.random.Generator) -> Classes:
    """Part each grade of each school into classes; most pupils keep their class mates from year to year."""
    level = LEVEL_OF_GRADE[rolls.grade].copy()
    level[np.isin(rolls.site, network.centre_of)] = LEVELS.index("GDTX")
    school = network.school_of[rolls.site, rolls.year]
    opening = np.flatnonzero(rolls.follows < 0)
    chance = rng.normal(size=len(rolls.home))
    order_by = SORTING[level[opening]] * -rolls.aptitude[rolls.pupil[opening]] + chance[rolls.pupil[opening]]
    keys = np.stack([school, rolls.year, level, rolls.grade])[:, opening]
    number, group, sizes = _numbers(keys, order_by)
    of_stay = np.full(len(rolls.pupil), -1)
    first_class = np.cumsum([0, *sizes])
    of_stay[opening] = first_class[group] + number
    late = rolls.follows >= 0
    of_stay[late] = of_stay[rolls.follows[late]]
    return Classes(_frame(network, np.unique(keys, axis=1), sizes), of_stay)


def _numbers(keys: Ints, order_by: Floats) -> tuple[Ints, Ints, Ints]:
    """Number of the class within its group, the group, and the number of classes of each group."""
    _, group = np.unique(keys, axis=1, return_inverse=True)
    group = group.reshape(-1)
    count = np.bincount(group)
    level = np.zeros(len(count), np.int64)
    level[group] = keys[2]
    wanted = np.ceil(count / CLASS_SIZE[level] - ROUND_UP_FROM)
    sizes = np.maximum(wanted, np.ceil(count / LARGEST_CLASS[level])).astype(np.int64)
    order = np.lexsort((order_by, group))
    place = np.empty(len(group), np.int64)
    place[order] = np.arange(len(group)) - np.searchsorted(group[order], group[order])
    return place * sizes[group] // count[group], group, sizes


def _frame(network: Network, groups: Ints, sizes: Ints) -> pl.DataFrame:
    school, year, level, grade = np.repeat(groups, sizes, axis=1)
    number = np.arange(len(school)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    gifted = network.school_of[network.gifted][0] == school
    rule = [curriculum(int(g), FIRST_YEARS[y]) for g, y in zip(grade, year, strict=True)]
    chooses = (level == LEVELS.index("THPT")) & (np.array(rule) == "2018")
    chosen = [
        _combination(int(s), int(k), most=3 if special else 1) if free else None
        for s, k, free, special in zip(school, number, chooses, gifted, strict=True)
    ]
    return pl.DataFrame(
        {
            "class": np.arange(len(school)),
            "school": school,
            "year": year,
            "level": [LEVELS[at] for at in level],
            "grade": grade,
            "number": number,
            "name": [f"{g}A{k}" for g, k in zip(grade, number, strict=True)],
            "curriculum": rule,
            "combination": pl.Series(chosen, dtype=pl.String),
        }
    )


def _combination(school: int, number: int, *, most: int) -> str:
    """Electives of the class: the first `most` classes of a grade study nature, the others society."""
    offered = NATURAL if number <= most else SOCIAL
    return offered[(school + number) % len(offered)]
