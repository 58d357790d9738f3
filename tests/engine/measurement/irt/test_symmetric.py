from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.measurement.irt.symmetric import score_moments


def by_enumeration(intercepts, by_score):
    """Every response pattern, one by one."""
    items, steps = intercepts.shape
    d = np.hstack([np.zeros((items, 1)), intercepts])
    gamma = np.zeros(len(by_score))
    single = np.zeros((items, steps + 1, len(by_score)))
    double = np.zeros((items, steps + 1, items, steps + 1, len(by_score)))
    for pattern in product(*(np.flatnonzero(np.isfinite(row)) for row in d)):
        weight, score = np.exp(sum(d[j, k] for j, k in enumerate(pattern))), sum(pattern)
        gamma[score] += weight
        for j, k in enumerate(pattern):
            single[j, k, score] += weight
            for other, category in enumerate(pattern):
                double[j, k, other, category, score] += weight
    p = single / gamma
    covariance = (double / gamma) @ by_score - np.einsum("ajr,bkr,r->ajbk", p, p, by_score)
    size = items * steps
    return gamma, (p @ by_score)[:, 1:], covariance[:, 1:, :, 1:].reshape(size, size)


@given(st.integers(0, 10_000))
def test_moments_are_those_of_enumerating_all_patterns(seed):
    rng = np.random.default_rng(seed)
    intercepts = rng.normal(scale=2, size=(4, 2))
    intercepts[rng.integers(4), 1] = -np.inf
    by_score = rng.integers(0, 9, 8).astype(float)

    moments = score_moments(intercepts, by_score)

    gamma, expected, covariance = by_enumeration(intercepts, by_score)
    assert moments.log_normaliser == pytest.approx(by_score @ np.log(gamma), abs=1e-9)
    assert moments.expected == pytest.approx(expected, abs=1e-10)
    assert moments.covariance == pytest.approx(covariance, abs=1e-10)


def test_two_hundred_hard_items_do_not_overflow():
    moments = score_moments(np.full((200, 1), -9.0), np.ones(201))

    assert np.isfinite(moments.covariance).all()
    assert moments.expected == pytest.approx(np.full((200, 1), 100.5))
