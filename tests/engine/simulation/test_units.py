from datetime import date

import numpy as np
import polars as pl

from thucchat.engine.simulation.network import plan_network
from thucchat.engine.simulation.places import DISTRICTS, WARDS
from thucchat.engine.simulation.units import clusters, commune_codes


def tree(province, day: date) -> dict[str, str | None]:
    valid = (pl.col("valid_from") <= day) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > day))
    return dict(province.unit_spells.filter(valid).select("unit_code", "parent_code").rows())


def test_the_province_has_ten_districts_and_then_forty_five_communes():
    """Regulations §10.3: codes 094-103; 42 xã and 3 phường since 1/7/2025."""
    communes = [name for district in DISTRICTS for name in district.communes]

    assert sorted(district.code for district in DISTRICTS) == [f"{code:03d}" for code in range(94, 104)]
    assert len(set(communes)) == 45
    assert len(WARDS & set(communes)) == 3


def test_the_tree_is_whole_before_and_after_the_reorganisation(province):
    kinds = dict(province.units.select("code", "kind").rows())
    for day, middle in ((date(2025, 6, 30), "district"), (date(2025, 7, 1), "commune")):
        parents = tree(province, day)
        assert {parent for parent in parents.values() if parent} <= set(parents)
        assert {kinds[code] for code in parents} == {"province", middle, "school", "team"}
        above = {kinds[parents[code]] for code in parents if kinds[code] == "school"}
        assert above == {"province", middle}


def test_upper_secondary_schools_answer_to_the_department_throughout(province):
    upper = province.units.filter(
        pl.col("levels").list.contains("THPT") | pl.col("levels").list.contains("GDTX")
    )

    spells = province.unit_spells.filter(pl.col("unit_code").is_in(upper["code"].implode()))

    assert set(spells["parent_code"]) == {"11"}


def test_a_school_that_ends_has_an_heir_that_stands_on_that_day(province):
    ended = province.unit_spells.group_by("unit_code").agg(
        pl.col("valid_to").is_null().any().alias("stands"), pl.col("valid_to").max().alias("last")
    )
    gone = ended.filter(~pl.col("stands")).join(
        province.units.filter(pl.col("kind").is_in(["school", "district"])),
        left_on="unit_code",
        right_on="code",
    )
    heirs = gone.join(province.successions, left_on=["unit_code", "last"], right_on=["from_code", "day"])

    assert set(heirs["unit_code"]) == set(gone["unit_code"])
    for to_code, day in heirs.select("to_code", "last").rows():
        assert to_code in tree(province, day)


def test_every_district_and_level_has_a_key_school(province):
    schools = province.units.filter((pl.col("kind") == "school") & (pl.col("levels").list.last() != "MN"))
    chosen = schools.group_by("district_code", pl.col("levels").list.last()).agg(pl.col("is_key").any())

    assert chosen["is_key"].all()


def test_every_general_school_is_in_one_cluster_led_by_one_of_them():
    network = plan_network(1.0, np.random.default_rng(1))
    heads, members = clusters(network)
    general = {school.code for school in network.schools if school.levels[-1] in {"TH", "THCS", "THPT"}}

    assert set(members["unit_code"]) == general
    assert members["unit_code"].n_unique() == len(members)
    assert dict(members.group_by("cluster_code").agg(pl.col("is_head").sum()).rows()) == dict.fromkeys(
        heads["code"], 1
    )
    assert members.group_by("cluster_code").len()["len"].max() <= 7


def test_commune_codes_are_different():
    codes = commune_codes(plan_network(1.0, np.random.default_rng(1)))

    assert len(set(codes.values())) == 45
