import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.percentiles.units import unit_growth


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_medians_and_means_are_those_of_each_unit(seed, units):
    rng = np.random.default_rng(seed)
    unit = rng.integers(-1, units, 80)
    unit[0] = 0
    percentiles = rng.integers(1, 100, 80).astype(float)
    percentiles[rng.random(80) < 0.1] = np.nan
    percentiles[0] = 50

    found = unit_growth(percentiles, unit, minimum=1, draws=50, rng=rng)

    for code in range(int(unit.max()) + 1):
        own = percentiles[(unit == code) & np.isfinite(percentiles)]
        assert found.pupils[code] == len(own)
        if len(own):
            assert found.median[code] == np.median(own)
            assert found.mean[code] == pytest.approx(own.mean())
            assert own.min() <= found.median_low[code] <= found.median_high[code] <= own.max()
        else:
            assert np.isnan(found.median[code])


@pytest.mark.parametrize("pupils", [11, 40])
def test_intervals_are_those_of_drawing_pupils_again(pupils):
    rng = np.random.default_rng(pupils)
    percentiles = rng.integers(1, 100, pupils).astype(float)
    drawn = percentiles[rng.integers(0, pupils, (200_000, pupils))]

    found = unit_growth(percentiles, np.zeros(pupils, dtype=int), draws=40_000, rng=rng)

    medians, means = (
        np.quantile(np.median(drawn, axis=1), [0.05, 0.95]),
        np.quantile(drawn.mean(axis=1), [0.05, 0.95]),
    )
    assert [found.median_low[0], found.median_high[0]] == pytest.approx(medians, abs=1.01)
    assert [found.mean_low[0], found.mean_high[0]] == pytest.approx(means, abs=0.15)
    assert found.mean_error[0] == pytest.approx(percentiles.std(ddof=1) / np.sqrt(pupils))


def test_small_units_get_no_result():
    found = unit_growth(np.full(12, 60.0), np.repeat([0, 1], [9, 3]), minimum=9, rng=np.random.default_rng(0))

    assert found.enough.tolist() == [True, False]
    assert found.mean[0] == 60
    assert np.isnan([found.mean[1], found.median_low[1]]).all()


def test_no_pupil_with_both_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        unit_growth(np.array([np.nan, 5]), np.array([0, -1]), rng=np.random.default_rng(0))
    assert refusal.value.code == "units.none"
