"""The dated unit tree: department, districts until 30/6/2025, communes after, schools, teams; clusters."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from thucchat.engine.simulation.places import DISTRICTS, PROVINCE_CODE, PROVINCE_NAME, WARDS
from thucchat.engine.simulation.schemas import CLUSTER_MEMBERS, CLUSTERS, SUCCESSIONS, UNIT_SPELLS, UNITS
from thucchat.engine.simulation.sites import Network, School
from thucchat.engine.simulation.subjects import GENERAL
from thucchat.engine.simulation.years import RECORDS_BEGIN, REORGANISATION

OFFICE_TEAM = "T0"
# Subject teams (tổ chuyên môn): suffix of the code, name, level, specialties.
TEAMS = (
    ("T1", "Tổ 1, 2, 3", "TH", ()),
    ("T2", "Tổ 4, 5", "TH", ()),
    ("T3", "Tổ Ngoại ngữ - Tin học - Nghệ thuật - Thể chất", "TH", ("NN", "TIN", "NT", "TD")),
    ("T4", "Tổ Khoa học tự nhiên", "THCS", ("TOAN", "TIN", "KHTN", "TD")),
    ("T5", "Tổ Khoa học xã hội", "THCS", ("VAN", "XH", "NN", "NT")),
    ("T6", "Tổ Toán - Tin", "THPT", ("TOAN", "TIN")),
    ("T7", "Tổ Vật lí - Hoá học - Sinh học - Công nghệ", "THPT", ("LI", "HOA", "SINH")),
    ("T8", "Tổ Ngữ văn", "THPT", ("VAN",)),
    ("T9", "Tổ Lịch sử - Địa lí - Giáo dục kinh tế và pháp luật", "THPT", ("SU", "DIA", "GDCD")),
    ("T10", "Tổ Ngoại ngữ - Thể chất - Quốc phòng", "THPT", ("NN", "TD")),
    ("T11", "Tổ Chuyên môn", "GDTX", ("VAN", "TOAN", "XH", "KHTN")),
    ("T12", "Tổ Chuyên môn mầm non", "MN", ("CHILDREN",)),
)
# Of the primary teachers in the order of their classes, the share who teach grades 1-3.
YOUNG_GRADES = 0.6
CLUSTER_SIZE = {"TH": 5, "THCS": 5, "THPT": 7}
KEY_SHARE = 0.1


def team_suffixes(posts: pl.DataFrame) -> pl.Series:
    """Suffix of the team of each post (level, specialty, position, place, of); null for principals."""
    table = pl.DataFrame(
        [(level, specialty, suffix) for suffix, _, level, kinds in TEAMS for specialty in kinds],
        schema=["level", "specialty", "suffix"],
        orient="row",
    )
    young = pl.col("place") < (pl.col("of") * YOUNG_GRADES).ceil()
    general = pl.when(young).then(pl.lit("T1")).otherwise(pl.lit("T2"))
    chosen = (
        pl.when(pl.col("specialty") == GENERAL)
        .then(general)
        .when(pl.col("position") == "clerk")
        .then(pl.lit(OFFICE_TEAM))
        .otherwise("suffix")
    )
    joined = posts.join(table, on=["level", "specialty"], how="left", maintain_order="left")
    return joined.select(chosen.alias("team")).to_series()


def commune_codes(network: Network) -> dict[str, str]:
    """Code of each commune that stands since 2025. Codes are ours: C and a number."""
    names = [name for district in DISTRICTS[: network.districts] for name in district.communes]
    return {name: f"{PROVINCE_CODE}C{number:02d}" for number, name in enumerate(names, start=1)}


def district_code(index: int) -> str:
    """Code of a district unit: province and district digits."""
    return PROVINCE_CODE + DISTRICTS[index].code


def key_schools(network: Network, pupils: dict[int, int]) -> set[int]:
    """The largest tenth of the schools of each district and level, at least one; never a closed one."""
    chosen: set[int] = set()
    groups: dict[tuple[int, str], list[int]] = {}
    for index, school in enumerate(network.schools):
        if school.valid_to is None and school.levels[-1] != "MN":
            groups.setdefault((school.district, school.levels[-1]), []).append(index)
    for members in groups.values():
        largest = sorted(members, key=lambda index: -pupils.get(index, 0))
        chosen.update(largest[: max(1, round(KEY_SHARE * len(members)))])
    return chosen


def unit_frame(network: Network, key: set[int], teams: dict[str, list[str]]) -> pl.DataFrame:
    """The frame UNITS, parents first. `teams` gives the suffixes by school code."""
    communes = commune_codes(network)
    nowhere: tuple[object, ...] = (None, [], None, False)
    rows: list[tuple[object, ...]] = [(PROVINCE_CODE, PROVINCE_NAME, "province", *nowhere, None, None)]
    for index in range(network.districts):
        code, name = district_code(index), f"Phòng GDĐT {DISTRICTS[index].name}"
        rows.append((code, name, "district", *nowhere, code, None))
        for commune in DISTRICTS[index].communes:
            at = communes[commune]
            rows.append((at, _commune_name(commune), "commune", *nowhere, code, at))
    for index, school in enumerate(network.schools):
        home = (school.zone, index in key, district_code(school.district), communes[school.commune])
        rows.append((school.code, school.name, "school", school.school_type, list(school.levels), *home))
    names = {suffix: name for suffix, name, *_ in TEAMS} | {OFFICE_TEAM: "Tổ Văn phòng"}
    for school in network.schools:
        home = (school.zone, False, district_code(school.district), communes[school.commune])
        rows.extend(
            (f"{school.code}{suffix}", names[suffix], "team", None, [], *home)
            for suffix in teams.get(school.code, [])
        )
    return pl.DataFrame(rows, schema=UNITS, orient="row")


def _commune_name(commune: str) -> str:
    return f"UBND {'phường' if commune in WARDS else 'xã'} {commune}"


def unit_spells(network: Network, units: pl.DataFrame) -> pl.DataFrame:
    """The frame UNIT_SPELLS: whom each unit belongs to, from when to when."""
    rows: list[tuple[str, str | None, str, date, date | None]] = []
    schools = {school.code: school for school in network.schools}
    for code, name, kind, commune in units.select("code", "name", "kind", "commune_code").rows():
        if kind == "province":
            rows.append((code, None, name, RECORDS_BEGIN, None))
        elif kind == "district":
            rows.append((code, PROVINCE_CODE, name, RECORDS_BEGIN, REORGANISATION))
        elif kind == "commune":
            rows.append((code, PROVINCE_CODE, name, REORGANISATION, None))
        elif kind == "school":
            rows.extend(_school_spells(schools[code], commune))
        else:
            school = schools[code[:8]]
            rows.append((code, school.code, name, school.valid_from, school.valid_to))
    return pl.DataFrame(rows, schema=UNIT_SPELLS, orient="row")


def _school_spells(school: School, commune: str) -> list[tuple[str, str | None, str, date, date | None]]:
    if "THPT" in school.levels or "GDTX" in school.levels:
        return [(school.code, PROVINCE_CODE, school.name, school.valid_from, school.valid_to)]
    district = district_code(school.district)
    if school.valid_to is not None:
        return [(school.code, district, school.name, school.valid_from, school.valid_to)]
    return [
        (school.code, district, school.name, school.valid_from, REORGANISATION),
        (school.code, commune, school.name, REORGANISATION, None),
    ]


def successions(network: Network) -> pl.DataFrame:
    """The frame SUCCESSIONS."""
    rows = [
        (change.kind, network.schools[before].code, network.schools[after].code, change.day)
        for change in network.changes
        for before in change.before
        for after in change.after
    ]
    communes = commune_codes(network)
    rows += [
        ("reorganisation", district_code(index), communes[commune], REORGANISATION)
        for index in range(network.districts)
        for commune in DISTRICTS[index].communes
    ]
    return pl.DataFrame(rows, schema=SUCCESSIONS, orient="row")


def clusters(network: Network) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames CLUSTERS and CLUSTER_MEMBERS: neighbouring schools of one level, led by the first."""
    heads: list[tuple[str, str, str]] = []
    members: list[tuple[str, str, bool, date, date | None]] = []
    for level, place, where, schools in _cluster_areas(network):
        size = CLUSTER_SIZE[level]
        for number in range(-(-len(schools) // size)):
            code = f"CUM-{level}-{place}-{number + 1:02d}"
            heads.append((code, f"Cụm chuyên môn {level} số {number + 1} {where}", level))
            members += [
                (code, school.code, turn == 0, school.valid_from, school.valid_to)
                for turn, school in enumerate(schools[number * size : (number + 1) * size])
            ]
    return (
        pl.DataFrame(heads, schema=CLUSTERS, orient="row"),
        pl.DataFrame(members, schema=CLUSTER_MEMBERS, orient="row"),
    )


def _cluster_areas(network: Network) -> Iterator[tuple[str, str, str, list[School]]]:
    """Level, code of the area, its name, its schools: districts, and the whole province for THPT."""
    general = [school for school in network.schools if school.school_type not in {"13", "15", "16"}]
    for level in ("TH", "THCS"):
        for index in range(network.districts):
            own = [one for one in general if one.levels[-1] == level and one.district == index]
            yield level, DISTRICTS[index].code, DISTRICTS[index].name, own
    yield "THPT", PROVINCE_CODE, "tỉnh Điện Biên", [one for one in general if one.levels[-1] == "THPT"]
