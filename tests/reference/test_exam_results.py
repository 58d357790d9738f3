"""Real published results, recomputed here with the decimal and csv modules of the standard library."""

import csv
import json
import os
import statistics
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from thucchat.cli.main import main
from thucchat.engine.measurement.results.bins import rule_for
from thucchat.engine.measurement.results.distributions import distribution

DATA = Path(os.environ.get("THUCCHAT_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
OTHER = {"sbd", "ma_mon_ngoai_ngu"}
# Paper-weighted ranks among 63 provinces; the same definition, computed elsewhere from the same source.
DIEN_BIEN = {2020: 52, 2021: 58, 2022: 49, 2023: 58, 2024: 60}

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"no real data at {DATA}")


def analysed(capsys, *arguments):
    assert main(["analyse", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def recomputed(path):
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return len(rows), {
        subject: [Decimal(row[subject]) for row in rows if row[subject]]
        for subject in rows[0]
        if subject not in OTHER
    }


@pytest.mark.parametrize(
    "name", ["exam2025/lai_chau.csv", "exam2025/kon_tum.csv", "entrance10/hcm_2017_regular.csv"]
)
def test_counts_means_and_shares_equal_an_independent_computation(capsys, name):
    candidates, scores = recomputed(DATA / name)

    result = analysed(capsys, "results", DATA / name)

    assert result["candidates"] == candidates
    assert [one["subject"] for one in result["subjects"]] == list(scores)
    for one in result["subjects"]:
        own = scores[one["subject"]]
        assert one["count"] == len(own)
        if own:
            assert one["mean"] == float(sum(own) / len(own))
            assert one["median"] == float(statistics.median(own))
        if len(own) > 1:
            assert one["sd"] == pytest.approx(float(statistics.stdev(own)), rel=1e-12)
        shares = (
            sum(score < 5 for score in own),
            sum(score >= 8 for score in own),
            sum(score <= 1 for score in own),
            own.count(0),
            own.count(10),
        )
        assert tuple(one[name] for name in ("below_5", "from_8", "at_most_1", "zero", "ten")) == shares


def test_the_rank_of_dien_bien_is_the_published_one(capsys):
    table = DATA / "national" / "province_subject_metrics_2017_2024.csv"

    result = analysed(capsys, "national", table, "--province", "Dien Bien", "--target", "+3")

    ranks = {year["year"]: year["rank"] for year in result["years"]}
    assert list(ranks) == list(range(2017, 2025))
    assert {year: ranks[year] for year in DIEN_BIEN} == DIEN_BIEN
    met = {year["year"]: year["met"] for year in result["years"]}
    assert met == {2017: None, 2022: True} | dict.fromkeys((2018, 2019, 2020, 2021, 2023, 2024), False)
    assert round(result["years"][-1]["mean"], 3) == 6.138


@pytest.mark.parametrize("subject", ["Toan", "LichSu", "NgoaiNgu", "VatLy"])
def test_the_national_counts_of_each_score_give_the_mean_of_the_provinces(subject):
    """Two published tables of 2024, made separately; provinces' means are rounded to 4 decimals."""
    with (DATA / "national" / "score_distribution_2024.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["subject"] == subject]
    with (DATA / "national" / "province_subject_metrics_2017_2024.csv").open(encoding="utf-8") as file:
        provinces = [
            row for row in csv.DictReader(file) if (row["year"], row["subject"]) == ("2024", subject)
        ]
    scores = np.array([int(Decimal(row["score"]) * 100) for row in rows])

    found = distribution(subject, scores, np.array([int(row["count"]) for row in rows]), rule=rule_for(2024))

    people = sum(int(row["count"]) for row in provinces)
    assert found.count == people
    weighted = sum(int(row["count"]) * float(row["mean"]) for row in provinces) / people
    assert found.mean == pytest.approx(weighted, abs=5e-5)
    below = sum(float(row["share_lt_5"]) * int(row["count"]) for row in provinces)
    assert found.below_5 == round(below)
    assert sum(count > 0 for count in found.bins) == len(rows)
