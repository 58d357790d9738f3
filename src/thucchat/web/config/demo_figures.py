"""What units of the demonstration report of the documents' targets: drawn figures, whose evidence says so.

The national table is public data of real provinces: it is not in the demonstration, and is brought in on the
page of exam results. A made-up one under the same names would stay among its rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.contrib.auth.hashers import make_password

from thucchat.engine.planning.evaluation import AWARDS
from thucchat.engine.planning.indicators import Indicator, Kind, all_indicators
from thucchat.web.config.demo_acts import head_of
from thucchat.web.exams.models import Exam
from thucchat.web.org.models import Grant, Role, SchoolYear, Unit, User
from thucchat.web.plans.actions.figures import Report, confirm_figure, enter_figure
from thucchat.web.plans.queries.measured import levels_of
from thucchat.web.plans.queries.places import LEVELS, Land, land_on
from thucchat.web.plans.queries.providers import FILLED_IN, is_reported
from thucchat.web.shared.scope import WHOLE_PROVINCE

EVIDENCE = "Số liệu mô phỏng của {}, không phải báo cáo thật"
REACHED = 0.92  # of what a share counts
SIZES = {"mn24.topic-papers": 4, "sl20.mock-exams": 1, "sl20.weak-graduate": 12}  # clusters, schools, pupils
PRIZES = (1, 2, 4, 7)  # on average, in the order of AWARDS
ENTRIES = 4  # pupils of a subject, on average
SUBJECTS = ("toan", "van", "ngoai_ngu")  # of which the gap between records and exams is told
CONFIRMED_BY = {"province": Role.LEADER, "district": Role.OFFICE, "school": Role.OFFICE}  # of the department


@dataclass(frozen=True, slots=True)
class Telling:
    """The year of which figures are told, the place of everybody, and the moment of it all."""

    year: SchoolYear
    land: Land
    units: Mapping[int, Unit]
    at: datetime


def report_figures(year: SchoolYear, rng: np.random.Generator, *, on: date, at: datetime) -> None:
    """Units report, an office above confirms; the last district or school and conclusions still wait."""
    units = {unit.pk: unit for unit in Unit.objects.filter(kind__in=LEVELS)}
    telling = Telling(year, land_on(on, WHOLE_PROVINCE), units, at)
    province = next(unit for unit in units.values() if unit.kind == Unit.Kind.PROVINCE)
    for indicator in all_indicators().values():
        if not is_reported(indicator) or indicator.code in FILLED_IN:
            continue
        reports = _reports(indicator, telling, rng)
        entered = [enter_figure(one, by=_reporter(one.unit, on), at=at).pk for one in reports]
        for figure in entered[:-1] if _last_waits(indicator) else entered:
            confirm_figure(figure, by=_officer(province, CONFIRMED_BY[indicator.level], on), at=at)


def _last_waits(indicator: Indicator) -> bool:
    return indicator.level != "province" or indicator.kind == Kind.EVIDENCE


def _reports(indicator: Indicator, telling: Telling, rng: np.random.Generator) -> list[Report]:
    """One of each unit that answers for the indicator."""
    land, levels = telling.land, levels_of(indicator)
    places = land.of_level(indicator.level)
    if indicator.level == "school":
        places = [place for place in places if place.school_levels & levels]
    schools = sum(bool(one.school_levels & levels) for one in land.of_level("school"))
    size = SIZES.get(indicator.code, schools)
    if indicator.code == "sl20.graduation":
        size = _candidates(telling.year)
    return [
        Report(indicator, telling.year, unit, _drawn(indicator, size, rng), EVIDENCE.format(unit.name))
        for unit in (telling.units[place.id] for place in places)
        if size or indicator.kind != Kind.SHARE
    ]


def _candidates(year: SchoolYear) -> int:
    held = Exam.objects.filter(kind=Exam.Kind.GRADUATION, year=year.ends.year)
    return sum(held.values_list("candidates", flat=True))


def _drawn(indicator: Indicator, size: int, rng: np.random.Generator) -> dict[str, Any]:
    """A figure in the form of `engine.planning.reported`; `size` is what a share counts."""
    match indicator.kind:
        case Kind.SHARE:
            return {"reached": int(rng.binomial(size, REACHED)), "of": size}
        case Kind.EVIDENCE:
            return {"met": True}
        case Kind.COUNT:
            return dict(zip(AWARDS, rng.poisson(PRIZES).tolist(), strict=True))
        case Kind.EACH:
            return {name: int(rng.poisson(ENTRIES)) for name in indicator.members}
    low, high = (0.2, 1.8) if indicator.per_subject else (94, 100)  # points, or percent
    names = SUBJECTS if indicator.per_subject else ("",)
    return {when: {name: f"{rng.uniform(low, high):.2f}" for name in names} for when in ("now", "before")}


def _reporter(unit: Unit, on: date) -> User:
    if unit.kind == Unit.Kind.SCHOOL:
        return head_of(unit, on)
    return _officer(unit, Role.TESTING if unit.kind == Unit.Kind.PROVINCE else Role.DISTRICT, on)


def _officer(unit: Unit, role: Role, on: date) -> User:
    """The account of somebody of an office, of whom the simulation knows nothing but the place."""
    user, made = User.objects.get_or_create(
        username=f"{role}-{unit.code}".lower(),
        defaults={"full_name": f"{role.label}, {unit.name}", "password": make_password(None)},
    )
    if made:
        Grant.objects.create(user=user, role=role, unit=unit, valid_from=on, unit_path=unit.unit_path)
    return user
