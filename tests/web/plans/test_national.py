"""The real national table drives the target “+3 places” of Điện Biên."""

import os
from pathlib import Path

import pytest

from tests.web.exams.files import bring_in
from tests.web.plans.planted import ALL, asked
from tests.web.world import make_user
from thucchat.engine.planning.evaluation import Status
from thucchat.web.plans.queries.national import rank_years

DATA = Path(os.environ.get("THUCCHAT_DATA", Path(__file__).parents[4] / "shared" / "data"))
TABLE = DATA / "national" / "province_subject_metrics_2017_2024.csv"
# Rank among all provinces that had results that year: of all papers, computed elsewhere from the same source.
RANKS = {
    2017: (42, 62), 2018: (48, 63), 2019: (48, 63), 2020: (52, 63), 2021: (58, 63), 2022: (49, 63),
    2023: (58, 63), 2024: (60, 63),
}  # fmt: skip

pytestmark = pytest.mark.skipif(not TABLE.exists(), reason=f"no {TABLE}: see README, real data")


@pytest.fixture
def dien_bien(world):
    world.province.name = "Sở Giáo dục và Đào tạo tỉnh Điện Biên"
    world.province.save()
    bring_in(None, TABLE.read_bytes(), make_user("testing", world.province), name=TABLE.name)
    return world.province


def test_the_rank_rose_by_three_places_in_2022_only(dien_bien):
    years = rank_years(ALL["db24.national-rank"])

    assert {one.year: (one.rank, one.of) for one in years} == RANKS
    # 2018 had one province more than 2017: places cannot be compared.
    assert [one.won for one in years] == [None, None, 0, -4, -6, 9, -9, -2]
    assert {one.year for one in years if one.verdict.status == Status.MET} == {2022}
    unknown = {one.year for one in years if one.verdict.status == Status.UNKNOWN}
    assert unknown == {year for year in (2017, 2018) if RANKS.get(year - 1, (0, 0))[1] != RANKS[year][1]}


def test_every_year_of_the_table_can_be_asked_for(dien_bien):
    assert asked("db24.national-rank", dien_bien, "2021-2022").value == "+9 bậc"
    assert asked("db24.national-rank", dien_bien, "2022-2023").status == Status.NOT_MET
    assert asked("db24.national-rank", dien_bien, "2016-2017").status == Status.UNKNOWN


def test_published_means_of_a_subject_rise_or_fall_as_published(dien_bien):
    row = asked("db24.graduation-mean", dien_bien, "2021-2022")

    lines = dict(row.own.lines)
    assert row.status == Status.NOT_MET  # some subject fell
    assert set(row.own.failing.split(", ")) <= set(lines)
    assert all("→" in text for text in lines.values())
