from dataclasses import replace

import numpy as np
import pytest

from tests.engine.measurement.linking.worlds import A, source_items, target_items
from thucchat.engine.measurement.linking.constants import estimate_link
from thucchat.engine.measurement.linking.drift import anchor_drift, robust_z, stable_link


def with_shift(items, shifts):
    steps = items.steps.copy()
    for place, shift in shifts.items():
        steps[place] += shift
    return replace(items, steps=steps)


def test_a_planted_shift_is_found_left_out_and_measured():
    target = target_items(20)
    source = with_shift(source_items(target, noise=0.05), {4: -0.8})

    stable = stable_link(source, target)

    assert stable.removed == ("c4",)
    assert stable.drifts[4].shift == pytest.approx(-0.8 * A, abs=0.3)
    assert "c4" in stable.cautions[0]
    assert not any(drift.moved for place, drift in enumerate(stable.drifts) if place != 4)


def test_anchors_that_only_scatter_stay():
    target = target_items(20)

    stable = stable_link(source_items(target, noise=0.05), target)

    assert stable.removed == ()
    assert stable.cautions == ()


def test_at_most_a_fifth_is_left_out_and_the_rest_reported():
    target = target_items(10)
    source = with_shift(source_items(target, noise=0.03), {1: 1.5, 4: -1.2, 7: 2.0})

    stable = stable_link(source, target, method="mean-mean")

    assert len(stable.removed) <= 2
    assert len(stable.cautions) == 2


def test_the_distance_of_curves_is_that_of_expected_scores():
    target = target_items()
    link = estimate_link(source_items(target), target)

    drifts = anchor_drift(source_items(target), target, link)

    assert max(drift.distance for drift in drifts) < 1e-6
    assert all(drift.p is not None and drift.p > 0.99 for drift in drifts)


def test_robust_scores_ignore_the_one_that_moved():
    shifts = np.array([-0.02, -0.01, 0.0, 0.01, 0.02, 3.0])

    assert robust_z(shifts)[:5] == pytest.approx(robust_z(np.append(shifts[:5], 30.0))[:5])
    assert robust_z(np.zeros(4)).tolist() == [0, 0, 0, 0]
