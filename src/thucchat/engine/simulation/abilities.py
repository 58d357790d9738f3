"""True abilities, and the effects of districts, schools and teachers that move them.

One scale serves all grades: 0 is the mean of the province at the start of grade 1, 1 the spread of pupils
within a grade. A year adds the same growth for everyone, the effects of who teaches where, and chance.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.simulation.rolls import DROPPED, MOVED_OUT, Floats, Ints, Rolls
from thucchat.engine.simulation.schemas import ABILITIES, EFFECTS, FIELDS
from thucchat.engine.simulation.sites import Network
from thucchat.engine.simulation.subjects import ABILITIES_OF, Subject
from thucchat.engine.simulation.units import district_code
from thucchat.engine.simulation.years import FIRST_YEARS, year_code

# Standard deviations in the unit of the scale: what a pupil's subjects share, and each subject alone.
COMMON, ALONE = 0.85, 0.5
# The same for the yearly effects: common to all subjects, and of one subject.
DISTRICT_SPREAD, SCHOOL_SPREAD, TEACHER_SPREAD = (0.04, 0.02), (0.08, 0.05), (0.08, 0.09)
GROWTH, SUMMER_LOSS = 0.40, 0.05  # a year of school, a summer without
KEPT = 0.94  # of a pupil's distance from the mean, through a year
YEAR_NOISE, SUMMER_NOISE = 0.22, 0.08


@dataclass(frozen=True, slots=True)
class Effects:
    """Yearly effects on each of FIELDS."""

    district: Floats  # (districts, fields)
    school: Floats  # (schools, fields)
    teacher: Floats  # (staff, fields)


@dataclass(frozen=True, slots=True)
class Moment:
    """The abilities of all pupils present on one day."""

    stays: Ints  # (present,), rows of Rolls
    name: str  # start, end of the year of those stays
    abilities: NDArray[np.float32]  # (present, fields)


def draw_effects(districts: int, schools: int, staff: int, rng: np.random.Generator) -> Effects:
    """Independent normal effects, part shared by all subjects."""
    drawn = []
    for count, (common, alone) in (
        (districts, DISTRICT_SPREAD), (schools, SCHOOL_SPREAD), (staff, TEACHER_SPREAD),
    ):  # fmt: skip
        drawn.append(rng.normal(0, common, (count, 1)) + rng.normal(0, alone, (count, len(FIELDS))))
    return Effects(*drawn)


def class_effects(
    assigned: pl.DataFrame, subjects: tuple[Subject, ...], teacher: Floats, classes: int
) -> Floats:
    """Effect of its teachers on each class, by share, days and lessons. Shapes: (classes, fields)."""
    days = (assigned["to"] - assigned["from"]).dt.total_days().to_numpy()
    taught = [ABILITIES_OF.get(item.field, ()) for item in subjects]
    of_subject = np.array([[name in fields for name in FIELDS] for fields in taught])
    lessons = np.array([np.mean(list(item.periods.values())) for item in subjects])
    subject, staff = assigned["subject"].to_numpy(), assigned["staff"].to_numpy()
    weight = assigned["share"].to_numpy() * days * lessons[subject]
    weights = weight[:, None] * of_subject[subject]
    given, total = np.zeros((classes, len(FIELDS))), np.zeros((classes, len(FIELDS)))
    rows = assigned["class"].to_numpy()
    for field in range(len(FIELDS)):
        given[:, field] = np.bincount(rows, weights[:, field] * teacher[staff, field], classes)
        total[:, field] = np.bincount(rows, weights[:, field], classes)
    return given / np.where(total > 0, total, 1)


def stay_gains(network: Network, rolls: Rolls, effects: Effects, taught: Floats) -> Floats:
    """What the year adds beyond growth for each stay: district, school, and `taught`, its class's teachers.

    Shapes: (stays, fields), of `taught` too.
    """
    school = network.school_of[rolls.site, rolls.year]
    return effects.district[network.district_of[rolls.site]] + effects.school[school] + taught


def live(rolls: Rolls, gains: Floats, rng: np.random.Generator) -> list[Moment]:
    """Abilities at the start and end of each year; a year's gain is that of the opening day's class."""
    count = len(rolls.home)
    alone = rng.normal(0, ALONE, (count, len(FIELDS)))
    distance = (COMMON * rolls.aptitude[:, None] + alone).astype(np.float32)
    level = ((rolls.first_grade - 1) * (GROWTH - SUMMER_LOSS)).astype(np.float32)[:, None]
    moments = []
    for year in range(len(FIRST_YEARS)):
        stays = np.flatnonzero((rolls.year == year) & (rolls.follows < 0))
        pupil = rolls.pupil[stays]
        moments.append(Moment(stays, "start", distance[pupil] + level[pupil]))
        noise = YEAR_NOISE * rng.standard_normal((len(stays), len(FIELDS)), dtype=np.float32)
        distance[pupil] = KEPT * distance[pupil] + gains[stays] + noise
        level[pupil] += GROWTH
        there = ~np.isin(rolls.end_reason[stays], (DROPPED, MOVED_OUT))
        moments.append(Moment(stays[there], "end", distance[pupil[there]] + level[pupil[there]]))
        distance[pupil] += SUMMER_NOISE * rng.standard_normal((len(stays), len(FIELDS)), dtype=np.float32)
        level[pupil] -= SUMMER_LOSS
    return moments


def ability_frame(rolls: Rolls, pupils: pl.Series, moments: list[Moment]) -> pl.DataFrame:
    """The frame ABILITIES."""
    years = pl.Series([year_code(first) for first in FIRST_YEARS])
    frames = [
        pl.DataFrame(
            {
                "pupil_code": pupils.gather(rolls.pupil[moment.stays]),
                "school_year": years.gather(rolls.year[moment.stays]),
                "grade": rolls.grade[moment.stays],
                "moment": pl.repeat(moment.name, len(moment.stays), eager=True),
                **{field: moment.abilities[:, index] for index, field in enumerate(FIELDS)},
            },
            schema=ABILITIES,
        )
        for moment in moments
    ]
    return pl.concat(frames)


def effect_frame(network: Network, staff: pl.Series, effects: Effects) -> pl.DataFrame:
    """The frame EFFECTS."""
    codes = (
        ("district", [district_code(index) for index in range(network.districts)], effects.district),
        ("school", [school.code for school in network.schools], effects.school),
        ("teacher", staff.to_list(), effects.teacher),
    )
    return pl.concat(
        pl.DataFrame(
            {
                "kind": [kind] * values.size,
                "code": np.repeat(names, len(FIELDS)),
                "field": np.tile(FIELDS, len(names)),
                "effect": values.reshape(-1),
            },
            schema=EFFECTS,
        )
        for kind, names, values in codes
    )
