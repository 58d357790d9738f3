"""What happened to schools in the simulated years: a merger, then a split and a closure."""

from dataclasses import replace
from datetime import date
from itertools import combinations

from thucchat.engine.simulation.sites import Change, School, Site
from thucchat.engine.simulation.years import FIRST_YEARS, starts

MERGED, PARTED = 1, 2  # index of the school year from which the changed schools stand


def with_changes(
    schools: list[School], sites: list[Site]
) -> tuple[list[School], list[Site], tuple[Change, ...]]:
    """Two primary schools merge; a year later a lower-secondary school parts and another closes."""
    schools, sites, merger = _merge(schools, sites)
    schools, sites, split = _split(schools, sites)
    schools, sites, closure = _close(schools, sites)
    return schools, sites, (merger, split, closure)


def _neighbours(schools: list[School], sites: list[Site], levels: tuple[str, ...]) -> list[int]:
    """Unchanged sites of the district that has most of them: small before large, the town before villages."""
    by_district: dict[int, list[int]] = {}
    for index, site in enumerate(sites):
        if site.levels == levels and len(set(site.schools)) == 1:
            by_district.setdefault(schools[site.schools[0]].district, []).append(index)
    largest = max(by_district.values(), key=len)
    return sorted(largest, key=lambda index: sites[index].weight)


def _alike(schools: list[School], sites: list[Site], one: int, other: int) -> bool:
    first, second = schools[sites[one].schools[0]], schools[sites[other].schools[0]]
    return (first.zone, first.school_type) == (second.zone, second.school_type)


def _merge(schools: list[School], sites: list[Site]) -> tuple[list[School], list[Site], Change]:
    near = _neighbours(schools, sites, ("TH",))
    pairs = [(one, other) for one, other in combinations(near, 2) if _alike(schools, sites, one, other)]
    one, other = pairs[0] if pairs else near[:2]
    day = starts(FIRST_YEARS[MERGED])
    before = (sites[one].schools[0], sites[other].schools[0])
    name = f"{schools[before[0]].name} - {sites[other].locality}"
    schools, after = _succeed(schools, before[0], [name], day)
    schools[before[1]] = replace(schools[before[1]], valid_to=day)
    sites = list(sites)
    for index in (one, other):
        sites[index] = replace(sites[index], schools=_from(MERGED, sites[index].schools[0], after[0]))
    return schools, sites, Change("merge", before, tuple(after), day)


def _split(schools: list[School], sites: list[Site]) -> tuple[list[School], list[Site], Change]:
    parted = _neighbours(schools, sites, ("THCS",))[0]
    day, before = starts(FIRST_YEARS[PARTED]), sites[parted].schools[0]
    names = [f"{schools[before].name} {part}" for part in ("A", "B")]
    schools, after = _succeed(schools, before, names, day)
    halves = [replace(sites[parted], schools=_from(PARTED, before, new)) for new in after]
    sites = [*sites[:parted], halves[0], *sites[parted + 1 :], halves[1]]
    return schools, sites, Change("split", (before,), tuple(after), day)


def _close(schools: list[School], sites: list[Site]) -> tuple[list[School], list[Site], Change]:
    heir, closed = _neighbours(schools, sites, ("THCS",))[-2:]
    day = starts(FIRST_YEARS[PARTED])
    before, after = sites[closed].schools[0], sites[heir].schools[0]
    schools, sites = list(schools), list(sites)
    schools[before] = replace(schools[before], valid_to=day)
    sites[closed] = replace(sites[closed], schools=_from(PARTED, before, after))
    return schools, sites, Change("closure", (before,), (after,), day)


def _from(year: int, before: int, after: int) -> tuple[int, ...]:
    """School of a site by year: `before` until the year of that index, then `after`."""
    return (before,) * year + (after,) * (len(FIRST_YEARS) - year)


def _succeed(
    schools: list[School], ended: int, names: list[str], day: date
) -> tuple[list[School], list[int]]:
    """`ended` ends on `day`, and schools with `names` begin with codes of the same district."""
    old = schools[ended]
    prefix = old.code[:5]
    serial = max(int(school.code[5:]) for school in schools if school.code.startswith(prefix))
    fresh = [
        replace(old, code=f"{prefix}{serial + 1 + number:03d}", name=name, valid_from=day)
        for number, name in enumerate(names)
    ]
    changed = [*schools, *fresh]
    changed[ended] = replace(old, valid_to=day)
    return changed, list(range(len(schools), len(changed)))
