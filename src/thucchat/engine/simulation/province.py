"""A synthetic province shaped like Điện Biên, with the truth behind it. See docs/simulation.md."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.abilities import (
    ability_frame,
    class_effects,
    draw_effects,
    effect_frame,
    live,
    stay_gains,
)
from thucchat.engine.simulation.classes import Classes, form_classes
from thucchat.engine.simulation.network import plan_network
from thucchat.engine.simulation.people import enrolment_frame, pupil_frame
from thucchat.engine.simulation.rolls import Rolls, simulate_rolls
from thucchat.engine.simulation.schemas import ASSIGNMENTS, CLASSES, POSTINGS, Province, Truth
from thucchat.engine.simulation.sites import Network
from thucchat.engine.simulation.staffing import Holders, seat_holders, staff_frame
from thucchat.engine.simulation.subjects import Subject, catalogue, subject_frame
from thucchat.engine.simulation.teaching import Teaching, plan_teaching
from thucchat.engine.simulation.units import clusters, key_schools, successions, unit_frame, unit_spells
from thucchat.engine.simulation.work import assignments, office_postings, posts, school_postings
from thucchat.engine.simulation.years import FIRST_YEARS, school_years, year_code

STREAMS = (
    "network",
    "rolls",
    "classes",
    "teaching",
    "holders",
    "pupils",
    "boarding",
    "staff",
    "effects",
    "lives",
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The province in numbers, before people have names."""

    network: Network
    rolls: Rolls
    classes: Classes
    subjects: tuple[Subject, ...]
    teaching: Teaching
    holders: Holders


def simulate_province(scale: float, seed: int) -> tuple[Province, Truth]:
    """A province `scale` times the size of Điện Biên in 2023-2024, the same for the same `seed`.

    Raises:
        InvalidInput: `simulation.scale` outside 0.01-10, `simulation.seed` below 0.
    """
    streams = _streams(seed)
    plan = _plan(scale, streams)
    posted = posts(plan.network, plan.teaching)
    offices = office_postings(plan.network, len(plan.holders.first_seat))
    postings = pl.concat([school_postings(posted, plan.holders), offices])
    staff = _staff(plan, offices, streams["staff"])
    pupils = pupil_frame(plan.network, plan.rolls, streams["pupils"])
    codes = _class_codes(plan)
    classes_of_stays = codes.gather(plan.classes.of_stay)
    assigned = assignments(plan.teaching, plan.holders)
    units = unit_frame(plan.network, key_schools(plan.network, _sizes(plan)), _teams(posted))
    heads, members = clusters(plan.network)
    province = Province(
        school_years=school_years(),
        units=units,
        unit_spells=unit_spells(plan.network, units),
        successions=successions(plan.network),
        clusters=heads,
        cluster_members=members,
        subjects=subject_frame(plan.subjects),
        staff=staff,
        postings=_posting_frame(postings, staff["code"]),
        pupils=pupils,
        classes=_class_frame(plan, codes, staff["code"]),
        enrolments=enrolment_frame(
            plan.network, plan.rolls, pupils["code"], classes_of_stays, streams["boarding"]
        ),
        assignments=_assignment_frame(assigned, plan.subjects, codes, staff["code"]),
    )
    return province, _truth(plan, assigned, province, streams)


def _streams(seed: int) -> dict[str, np.random.Generator]:
    """One generator for each part, so that a change in one part leaves the others as they were."""
    if seed < 0:
        raise InvalidInput("simulation.seed", f"Hạt giống phải là số không âm, không phải {seed}.", seed=seed)
    seeds = np.random.SeedSequence(seed).spawn(len(STREAMS))
    return {name: np.random.default_rng(own) for name, own in zip(STREAMS, seeds, strict=True)}


def _plan(scale: float, streams: dict[str, np.random.Generator]) -> _Plan:
    network = plan_network(scale, streams["network"])
    rolls = simulate_rolls(network, streams["rolls"])
    classes = form_classes(network, rolls, streams["classes"])
    subjects = catalogue()
    teaching = plan_teaching(network, classes, subjects, streams["teaching"])
    return _Plan(
        network, rolls, classes, subjects, teaching, seat_holders(teaching.seats, streams["holders"])
    )


def _sizes(plan: _Plan) -> dict[int, int]:
    """Pupils of each school in the last year, by index of the school."""
    last = (plan.rolls.year == len(FIRST_YEARS) - 1) & (plan.rolls.follows < 0)
    schools = plan.network.school_of[plan.rolls.site[last], -1]
    return dict(enumerate(np.bincount(schools, minlength=len(plan.network.schools)).tolist()))


def _teams(posted: pl.DataFrame) -> dict[str, list[str]]:
    """Team suffixes by school code, in the order of their numbers."""
    found = posted.filter(pl.col("team").is_not_null()).select("unit", "team").unique()
    teams: dict[str, list[str]] = {}
    for school, team in sorted(found.rows(), key=lambda row: (row[0], len(row[1]), row[1])):
        teams.setdefault(school, []).append(team.removeprefix(school))
    return teams


def _staff(plan: _Plan, offices: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    seats = plan.teaching.seats[plan.holders.first_seat]
    offices = offices.unique("staff", keep="first", maintain_order=True)
    level = [*seats["level"], *["OFFICE"] * len(offices)]
    specialty = [*seats["specialty"], *["OFFICE"] * len(offices)]
    position = [*seats["position"], *offices["position"]]
    is_new = np.concatenate([plan.holders.is_new, np.zeros(len(offices), bool)])
    return staff_frame(np.array(level), np.array(specialty), np.array(position), is_new, rng)


def _posting_frame(postings: pl.DataFrame, staff: pl.Series) -> pl.DataFrame:
    coded = postings.with_columns(staff.gather(postings["staff"]).alias("staff"))
    named = coded.rename(dict(zip(coded.columns, POSTINGS, strict=True)))
    return named.sort("staff_code", "valid_from").match_to_schema(POSTINGS)


def _class_codes(plan: _Plan) -> pl.Series:
    codes = pl.Series("school", [school.code for school in plan.network.schools])
    frame = plan.classes.frame
    first_year = pl.Series(FIRST_YEARS).gather(frame["year"]).cast(pl.String)
    return (codes.gather(frame["school"]) + "-" + first_year + "-" + frame["name"]).alias("code")


def _class_frame(plan: _Plan, codes: pl.Series, staff: pl.Series) -> pl.DataFrame:
    frame, homeroom = plan.classes.frame, plan.teaching.homeroom
    schools = pl.Series([school.code for school in plan.network.schools])
    years = pl.Series([year_code(first) for first in FIRST_YEARS])
    holder = plan.holders.early[homeroom["seat"].to_numpy(), frame["year"].to_numpy()]
    return frame.select(
        codes.alias("code"),
        schools.gather(frame["school"]).alias("school_code"),
        years.gather(frame["year"]).alias("school_year"),
        "level",
        pl.col("grade").cast(pl.Int8),
        "name",
        "curriculum",
        "combination",
        staff.gather(holder).alias("homeroom_staff_code"),
    ).match_to_schema(CLASSES)


def _assignment_frame(
    assigned: pl.DataFrame, subjects: tuple[Subject, ...], classes: pl.Series, staff: pl.Series
) -> pl.DataFrame:
    codes = pl.Series([subject.code for subject in subjects])
    return assigned.select(
        staff.gather(assigned["staff"]).alias("staff_code"),
        classes.gather(assigned["class"]).alias("class_code"),
        codes.gather(assigned["subject"]).alias("subject_code"),
        "share",
        pl.col("from").alias("valid_from"),
        pl.col("to").alias("valid_to"),
    ).match_to_schema(ASSIGNMENTS)


def _truth(
    plan: _Plan, assigned: pl.DataFrame, province: Province, streams: dict[str, np.random.Generator]
) -> Truth:
    network, rolls, classes = plan.network, plan.rolls, plan.classes
    effects = draw_effects(network.districts, len(network.schools), len(province.staff), streams["effects"])
    taught = class_effects(assigned, plan.subjects, effects.teacher, len(classes.frame))
    gains = stay_gains(network, rolls, effects, taught[classes.of_stay])
    moments = live(rolls, gains, streams["lives"])
    return Truth(
        ability_frame(rolls, province.pupils["code"], moments),
        effect_frame(network, province.staff["code"], effects),
    )
