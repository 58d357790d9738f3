import numpy as np
import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.recovery import COMPARED, KINDS, recoveries, true_answers
from thucchat.engine.simulation.surveys import SPREAD


def compared(kind, true, estimate, error, together="one"):
    rows = [
        (kind, together, float(a), float(b), float(c)) for a, b, c in zip(true, estimate, error, strict=True)
    ]
    return pl.DataFrame(rows, schema=COMPARED, orient="row")


def test_a_school_answers_for_its_district_in_points(province, truth):
    found = true_answers(province, truth)
    effect = {row[:3]: row[3] for row in truth.effects.iter_rows()}
    districts = dict(province.units.select("code", "district_code").iter_rows())

    assert set(found["kind"]) == set(KINDS)
    for kind, code, field, true in found.filter(field="TOAN").iter_rows():
        above = effect["district", districts[code], field] if kind == "school" else 0.0
        assert true == pytest.approx(SPREAD * (effect[kind, code, field] + above))


def test_right_errors_hold_nine_in_ten_and_halved_ones_too_few():
    rng = np.random.default_rng(2)
    true, error = rng.normal(size=20_000), rng.uniform(0.2, 1.0, 20_000)
    estimate = true + error * rng.normal(size=20_000)
    both = pl.concat(
        [compared("school", true, estimate, error), compared("teacher", true, estimate, error / 2)]
    )

    right, halved = recoveries(both)

    assert (right.kind, right.count, halved.kind) == ("school", 20_000, "teacher")
    assert right.within == pytest.approx(0.9, abs=0.01)
    assert halved.within == pytest.approx(0.589, abs=0.01)
    assert (right.ratio, halved.ratio) == pytest.approx((1.0, 0.5), abs=0.02)
    assert right.true_spread == pytest.approx(1, abs=0.02)
    assert right.correlation == pytest.approx(1 / (1 + np.mean(error**2)) ** 0.5, abs=0.02)


def test_only_differences_among_those_estimated_together_count():
    true, estimate, error = [0.1, 0.3, 0.2], [0.2, 0.4, 0.1], [0.1, 0.1, 0.1]
    plain = compared("school", true, estimate, error)
    moved = plain.with_columns(pl.col("estimate") + 5, together=pl.lit("two"))

    once, twice = recoveries(plain)[0], recoveries(pl.concat([plain, moved]))[0]

    assert (twice.count, twice.within, twice.ratio) == pytest.approx((6, once.within, once.ratio))


def test_estimates_that_are_all_alike_agree_with_nothing():
    found = recoveries(compared("school", [0.1, -0.1], [0.0, 0.0], [0.1, 0.1]))[0]

    assert np.isnan(found.correlation)
    assert (found.within, found.ratio) == pytest.approx((1.0, 1.0))


def test_one_alone_cannot_be_held_against_the_truth():
    both = pl.concat([compared("school", [1, 2], [1, 2], [1, 1]), compared("district", [1], [1], [1])])

    with pytest.raises(InvalidInput) as refusal:
        recoveries(both)
    assert refusal.value.code == "recovery.few"
    assert "district" in refusal.value.message
