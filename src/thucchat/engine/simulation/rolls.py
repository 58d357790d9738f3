"""Pupils through the years: who is in which grade of which site, how each year begins and ends for them.

A *stay* is one pupil at one site for (a part of) one school year. All arrays of a result go together.
Rates were set so that the grades keep the published sizes (regulations §13.1) for the simulated years.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.simulation.sites import Network
from thucchat.engine.simulation.years import FIRST_YEARS, closes, days_between, opens

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]

START_REASONS = ("first_year", "admitted", "promoted", "repeating", "moved_in", "transferred")
FIRST_YEAR, ADMITTED, GOES_UP, REPEATING, MOVED_IN, CAME = range(6)
END_REASONS = ("promoted", "retained", "completed", "graduated", "transferred", "dropped_out", "moved_out")
PROMOTED, RETAINED, COMPLETED, GRADUATED, WENT, DROPPED, MOVED_OUT = range(7)

# Pupils in the first simulated year by grade, at scale 1; grades 10-12 follow from those leaving grade 9.
FIRST_SIZES = (15350, 15300, 15250, 15150, 15000, 13400, 13150, 12900, 12600)
NEW_FIRST_GRADERS = 15250
LEAVERS = 12600  # of grade 9, a year
STILL_THERE = (1.0, 0.955, 0.91)  # of those admitted to grade 10, in grades 10-12
LEVEL_OF_GRADE = np.array([0, *[1] * 5, *[2] * 4, *[3] * 3])
DROP_RATE = np.array([0.0, 0.0008, 0.0075, 0.016])  # by level, in the year, and again over the summer
RETAIN_RATE = np.array([0, 0.022, 0.010, 0.005, 0.005, 0.002, *[0.009] * 3, 0.004, 0.008, 0.006, 0.004])
GO_ON_AFTER_PRIMARY = 0.955
TRANSFER_RATE, SUMMER_TRANSFER_RATE, MOVE_OUT_RATE, MOVE_IN_RATE = 0.006, 0.008, 0.0015, 0.002
# After grade 9, as shares of the leavers: the gifted, then by district boarding, ordinary, centre.
GIFTED, BOARDING, ORDINARY, CENTRE = 0.018, 0.085, 0.57, 0.038
ZONE_ADVANTAGE = {"V1": -0.15, "V2": 0.1, "V3": 0.45}  # of aptitude, in standard deviations


@dataclass(frozen=True, slots=True)
class Rolls:
    """Every pupil ever seen, and every stay."""

    home: Ints  # (pupils,), primary site of the home village
    aptitude: Floats  # (pupils,), about standard normal, never changes
    first_grade: Ints  # (pupils,), grade and
    first_year: Ints  # (pupils,), first calendar year in which the pupil is first seen
    pupil: Ints  # (stays,)
    site: Ints
    year: Ints  # index into FIRST_YEARS
    grade: Ints
    follows: Ints  # stay whose class a newcomer of the middle of the year joins; -1 for others
    starts: Days
    ends: Days
    start_reason: Ints  # index into START_REASONS
    end_reason: Ints  # index into END_REASONS


@dataclass(frozen=True, slots=True)
class _Roster:
    """The pupils on the opening day of one year."""

    pupil: Ints
    site: Ints
    grade: Ints
    reason: Ints

    def __add__(self, other: "_Roster") -> "_Roster":
        return _Roster(
            np.concatenate([self.pupil, other.pupil]),
            np.concatenate([self.site, other.site]),
            np.concatenate([self.grade, other.grade]),
            np.concatenate([self.reason, other.reason]),
        )


class _Register:
    """Pupils numbered in the order in which they first appear."""

    def __init__(self, network: Network, rng: np.random.Generator) -> None:
        self.network, self.rng = network, rng
        zones = [network.schools[index].zone for index in network.school_of[:, 0]]
        self.advantage = np.array([ZONE_ADVANTAGE[zone] for zone in zones])
        self.weights = np.array([site.weight for site in network.sites])
        self.home = np.empty(0, np.int64)
        self.aptitude = np.empty(0)
        self.first_grade = np.empty(0, np.int64)
        self.first_year = np.empty(0, np.int64)

    def enter(self, home: Ints, grade: Ints, first_year: int) -> Ints:
        """Register newcomers; their numbers."""
        known = len(self.home)
        talent = self.rng.normal(0, 0.95, len(home)) + self.advantage[home]
        self.home = np.concatenate([self.home, home])
        self.aptitude = np.concatenate([self.aptitude, talent])
        self.first_grade = np.concatenate([self.first_grade, grade])
        self.first_year = np.concatenate([self.first_year, np.full(len(home), first_year)])
        return np.arange(known, known + len(home))

    def homes(self, count: int) -> Ints:
        return self.rng.choice(len(self.weights), size=count, p=self.weights)


def simulate_rolls(network: Network, rng: np.random.Generator) -> Rolls:
    """Follow the pupils of all simulated years."""
    register = _Register(network, rng)
    roster = _first_roster(register)
    years: list[_Year] = []
    for index, first_year in enumerate(FIRST_YEARS):
        year = _live_through(roster, network, register.aptitude, first_year, rng)
        years.append(year)
        if index + 1 < len(FIRST_YEARS):
            roster = _next_roster(year, register, FIRST_YEARS[index + 1])
    return _collect(register, years)


@dataclass(frozen=True, slots=True)
class _Year:
    """Stays of one year: first those of the opening day, then those of pupils who came later."""

    pupil: Ints
    site: Ints
    grade: Ints
    follows: Ints
    starts: Days
    ends: Days
    start_reason: Ints
    end_reason: Ints


def _first_roster(register: _Register) -> _Roster:
    network, scale = register.network, register.network.scale
    rosters = []
    for grade, size in enumerate(FIRST_SIZES, start=1):
        home = register.homes(round(size * scale))
        site = home if grade <= 5 else network.lower_of[home]
        pupil = register.enter(home, np.full(len(home), grade), FIRST_YEARS[0])
        reason = FIRST_YEAR if grade == 1 else ADMITTED if grade == 6 else GOES_UP
        rosters.append(_Roster(pupil, site, np.full(len(home), grade), np.full(len(home), reason)))
    for grade, still in zip((10, 11, 12), STILL_THERE, strict=True):
        rosters.append(_first_upper(register, grade, round(LEAVERS * scale * still)))
    return sum(rosters[1:], rosters[0])


def _first_upper(register: _Register, grade: int, leavers: int) -> _Roster:
    network = register.network
    home = register.homes(leavers)
    talent = register.rng.normal(0, 0.95, leavers) + register.advantage[home]
    site = _after_ninth(network, network.lower_of[home], talent, register.rng)
    stays = site >= 0
    size = int(stays.sum())
    pupil = register.enter(home[stays], np.full(size, grade), FIRST_YEARS[0])
    register.aptitude[pupil] = talent[stays]
    reason = np.full(size, ADMITTED if grade == 10 else GOES_UP)
    return _Roster(pupil, site[stays], np.full(size, grade), reason)


def _after_ninth(network: Network, lower: Ints, aptitude: Floats, rng: np.random.Generator) -> Ints:
    """Upper-secondary site of each leaver of grade 9, or -1: by an entrance exam that errs a little."""
    score = 0.8 * aptitude + rng.normal(0, 0.5, len(lower))
    district = network.district_of[lower]
    gifted = np.zeros(len(lower), bool)
    gifted[np.argsort(-score, kind="stable")[: round(GIFTED * len(lower))]] = True
    place = _share_above(district, np.where(gifted, np.inf, score))
    boarding = network.boarding_of[district]
    chosen = np.where(place < ORDINARY + CENTRE, network.centre_of[district], -1)
    chosen = np.where(place < ORDINARY, network.upper_of[lower], chosen)
    chosen = np.where((place < BOARDING) & (boarding >= 0), boarding, chosen)
    return np.where(gifted, network.gifted, chosen)


def _share_above(group: Ints, score: Floats) -> Floats:
    """Share of the own group with a higher score."""
    order = np.lexsort((-score, group))
    first = np.searchsorted(group[order], group[order])
    size = np.bincount(group)
    share = np.empty(len(group))
    share[order] = (np.arange(len(group)) - first) / size[group[order]]
    return share


def _live_through(
    roster: _Roster, network: Network, aptitude: Floats, first_year: int, rng: np.random.Generator
) -> _Year:
    size = len(roster.pupil)
    weaker = np.exp(-0.6 * aptitude[roster.pupil]) / 1.2
    outcome = _outcome_at_close(roster.grade, weaker, rng)
    ends = np.full(size, np.datetime64(closes(first_year)))
    fate = rng.random(size)
    drop = DROP_RATE[LEVEL_OF_GRADE[roster.grade]] * weaker
    leaves = np.where(fate < drop, DROPPED, np.where(fate < drop + MOVE_OUT_RATE, MOVED_OUT, -1))
    goes = np.flatnonzero((leaves < 0) & (rng.random(size) < TRANSFER_RATE))
    goes, partner = _elsewhere(goes, roster, network, FIRST_YEARS.index(first_year), rng)
    gone = np.flatnonzero(leaves >= 0)
    ends[gone] = _days_within(first_year, len(gone), rng)
    ends[goes] = _days_within(first_year, len(goes), rng)
    late_outcome = outcome[goes].copy()
    outcome[gone], outcome[goes] = leaves[gone], WENT
    none = np.full(size, -1)
    opening = np.full(size, np.datetime64(opens(first_year)))
    closing = np.full(len(goes), np.datetime64(closes(first_year)))
    return _Year(
        np.concatenate([roster.pupil, roster.pupil[goes]]),
        np.concatenate([roster.site, roster.site[partner]]),
        np.concatenate([roster.grade, roster.grade[goes]]),
        np.concatenate([none, partner]),
        np.concatenate([opening, ends[goes]]),
        np.concatenate([ends, closing]),
        np.concatenate([roster.reason, np.full(len(goes), CAME)]),
        np.concatenate([outcome, late_outcome]),
    )


def _days_within(first_year: int, count: int, rng: np.random.Generator) -> Days:
    first, last = opens(first_year), closes(first_year)
    return days_between(rng, first.replace(day=25), last.replace(day=1, month=4), count)


def _outcome_at_close(grade: Ints, weaker: Floats, rng: np.random.Generator) -> Ints:
    fate = rng.random(len(grade))
    retained = RETAIN_RATE[grade] * weaker
    dropped = retained + DROP_RATE[LEVEL_OF_GRADE[grade]] * weaker * ~np.isin(grade, (5, 9, 12))
    ended = np.where(np.isin(grade, (5, 9)), COMPLETED, np.where(grade == 12, GRADUATED, PROMOTED))
    return np.where(fate < retained, RETAINED, np.where(fate < dropped, DROPPED, ended))


def _elsewhere(
    chosen: Ints, roster: _Roster, network: Network, year: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """A random pupil of the same grade and district at another school, for each of the `chosen` who find one.

    Schools that select their pupils neither send nor receive.
    """
    selects = np.zeros(len(network.sites), bool)
    selects[[network.gifted, *network.boarding_of[network.boarding_of >= 0], *network.centre_of]] = True
    chosen = chosen[~selects[roster.site[chosen]]]
    group = network.district_of[roster.site] * 13 + roster.grade
    group = np.where(selects[roster.site], -1, group)
    order = np.argsort(group, kind="stable")
    ranked = group[order]
    first = np.searchsorted(ranked, group[chosen])
    last = np.searchsorted(ranked, group[chosen], side="right")
    partner = order[first + (rng.random(len(chosen)) * (last - first)).astype(np.int64)]
    school = network.school_of[:, year]
    differs = school[roster.site[chosen]] != school[roster.site[partner]]
    return chosen[differs], partner[differs]


def _next_roster(year: _Year, register: _Register, first_year: int) -> _Roster:
    network, rng = register.network, register.rng
    back = np.isin(year.end_reason, (PROMOTED, RETAINED, COMPLETED))
    pupil, site, grade = year.pupil[back], year.site[back], year.grade[back]
    repeats = year.end_reason[back] == RETAINED
    fifth, ninth = (grade == 5) & ~repeats, (grade == 9) & ~repeats
    site = site.copy()
    goes_on = rng.random(len(site)) < GO_ON_AFTER_PRIMARY
    site[fifth] = np.where(goes_on[fifth], network.lower_of[site[fifth]], -1)
    site[ninth] = _after_ninth(network, site[ninth], register.aptitude[pupil[ninth]], rng)
    reason = np.where(repeats, REPEATING, np.where(fifth | ninth, ADMITTED, GOES_UP))
    here = site >= 0
    roster = _Roster(pupil[here], site[here], (grade + ~repeats)[here], reason[here])
    roster = _move_some(roster, network, FIRST_YEARS.index(first_year), rng)
    return roster + _newcomers(roster, register, first_year)


def _move_some(roster: _Roster, network: Network, year: int, rng: np.random.Generator) -> _Roster:
    steady = (roster.reason == GOES_UP) & (rng.random(len(roster.pupil)) < SUMMER_TRANSFER_RATE)
    chosen, partner = _elsewhere(np.flatnonzero(steady), roster, network, year, rng)
    site, reason = roster.site.copy(), roster.reason.copy()
    site[chosen], reason[chosen] = roster.site[partner], CAME
    return _Roster(roster.pupil, site, roster.grade, reason)


def _newcomers(roster: _Roster, register: _Register, first_year: int) -> _Roster:
    """The new first grade, and families that move in beside a pupil of grades 2-9."""
    network, rng = register.network, register.rng
    home = register.homes(round(NEW_FIRST_GRADERS * network.scale))
    ones = np.full(len(home), 1)
    entered = register.enter(home, ones, first_year)
    beside = rng.choice(np.flatnonzero(roster.grade <= 9), round(MOVE_IN_RATE * len(roster.pupil)))
    grade, site = roster.grade[beside], roster.site[beside]
    moved = register.enter(register.home[roster.pupil[beside]], grade, first_year)
    return _Roster(entered, home, ones, np.full(len(home), FIRST_YEAR)) + _Roster(
        moved, site, grade, np.full(len(moved), MOVED_IN)
    )


def _collect(register: _Register, years: list[_Year]) -> Rolls:
    before = np.cumsum([0, *[len(year.pupil) for year in years]])
    follows = [np.where(year.follows >= 0, year.follows + first, -1)
               for year, first in zip(years, before[:-1], strict=True)]  # fmt: skip
    return Rolls(
        register.home,
        register.aptitude,
        register.first_grade,
        register.first_year,
        pupil=np.concatenate([year.pupil for year in years]),
        site=np.concatenate([year.site for year in years]),
        year=np.repeat(np.arange(len(years)), np.diff(before)),
        grade=np.concatenate([year.grade for year in years]),
        follows=np.concatenate(follows),
        starts=np.concatenate([year.starts for year in years]),
        ends=np.concatenate([year.ends for year in years]),
        start_reason=np.concatenate([year.start_reason for year in years]),
        end_reason=np.concatenate([year.end_reason for year in years]),
    )
