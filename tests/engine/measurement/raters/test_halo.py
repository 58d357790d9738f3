import numpy as np
import pytest

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.raters.halo import halo
from thucchat.engine.measurement.raters.marks import marks_of


def marking(rng, *, scripts=200, pull=0.0):
    """Four criteria; rater r0 draws them together by `pull`."""
    true = rng.normal(size=(scripts, 1)) * 0.3 + 1.5 + 0.4 * rng.normal(size=(scripts, 4))
    who = np.argsort(rng.random((scripts, 4)), axis=1)[:, :2].ravel()
    script = np.repeat(np.arange(scripts), 2)
    points = true[script] + 0.2 * rng.normal(size=(len(who), 4))
    points += pull * (who == 0)[:, None] * (points.mean(axis=1, keepdims=True) - points)
    names = [f"{number:03d}" for number in np.repeat(script, 4)], [f"r{w}" for w in np.repeat(who, 4)]
    return marks_of(*names, points.ravel(), criteria=list("abcd") * len(who))


def test_a_rater_who_marks_all_criteria_alike_is_found():
    first, *others = halo(marking(np.random.default_rng(1), pull=0.5))

    assert first.missing_spread == pytest.approx(
        0.75, abs=0.08
    )  # half the distances, a quarter of the variance
    assert first.p < 0.001
    assert all(one.p > 0.05 for one in others)


def test_raters_who_spread_alike_are_left_alone():
    found = halo(marking(np.random.default_rng(2)))

    assert all(abs(one.missing_spread) < 3.5 * one.error for one in found)


@pytest.mark.parametrize(("criteria", "code"), [(["a", "a"], "criteria.few"), (["a", "b"], "scripts.few")])
def test_halo_needs_criteria_and_two_markers(criteria, code):
    raters = ["r0", "r1"] if code == "criteria.few" else ["r0", "r0"]

    with pytest.raises(NoResult) as refusal:
        halo(marks_of(["s1", "s1"], raters, np.ones(2), criteria=criteria))

    assert refusal.value.code == code
