import numpy as np
import pytest

from tests.engine.measurement.dif.worlds import in_steps, two_groups
from thucchat.engine.measurement.dif.design import match
from thucchat.engine.measurement.dif.mantel_haenszel import (
    common_odds,
    mantel_haenszel_item,
    matched_tables,
)

EVERYTHING = np.ones(16, bool)


def test_tables_count_every_person_once():
    data = two_groups()

    tables = matched_tables(data, 3, EVERYTHING)

    assert tables.sum() == data.persons
    assert tables[:, 0].sum() == (data.scores[~data.focal, 3] == 1).sum()
    assert tables[:, 3].sum() == (data.scores[data.focal, 3] == 0).sum()


def test_swapping_the_groups_turns_the_effect_around():
    data = two_groups(planted={3: 0.7})
    other = type(data)(data.items, data.scores, ~data.focal)

    one, two = (mantel_haenszel_item(side, 3, EVERYTHING) for side in (data, other))

    assert one.effect == pytest.approx(-two.effect)
    assert one.effect_error == pytest.approx(two.effect_error)
    assert one.effect == pytest.approx(-2.35 * 0.7, abs=0.6)
    assert one.statistic == pytest.approx(two.statistic)


def test_the_error_of_the_logarithm_is_that_of_repeated_samples():
    rng = np.random.default_rng(2)
    expected = np.array([[20, 15, 14, 22], [30, 10, 25, 18], [8, 25, 6, 30]], float)
    draws = [common_odds(rng.poisson(expected).astype(float), corrected=False) for _ in range(1500)]

    spread = np.std([np.log(draw.odds_ratio) for draw in draws])

    assert np.mean([draw.log_error for draw in draws]) == pytest.approx(spread, rel=0.06)


def test_an_item_everybody_gets_right_has_no_value():
    data = two_groups()
    data.scores[:, 3] = 1

    assert np.isnan(mantel_haenszel_item(data, 3, EVERYTHING).p)


def test_mantels_test_is_the_uncorrected_mantel_haenszel_test_when_there_are_two_scores():
    data = two_groups(planted={3: 0.7})
    points = np.where(np.arange(16) == 3, 7.0, 1.0)  # 7 points for the item: the same persons, other strata
    weighed = type(data)(data.items, data.scores * points, data.focal)

    stratum = match(weighed, 3, EVERYTHING).stratum
    cell = 4 * stratum + 2 * data.focal + (data.scores[:, 3] == 0)
    tables = np.bincount(cell, minlength=4 * (stratum.max() + 1)).reshape(-1, 4).astype(float)
    result = mantel_haenszel_item(weighed, 3, EVERYTHING)

    assert result.statistic == pytest.approx(common_odds(tables, corrected=False).statistic)
    assert result.effect < 0


def test_an_item_in_steps_that_is_harder_for_the_focal_group_is_found():
    data = in_steps(two_groups(persons=3000, planted={3: 0.9}), 3)

    result = mantel_haenszel_item(data, 3, EVERYTHING)

    assert result.p < 1e-6
    assert result.effect < -0.1
    assert result.size in {"B", "C"}
