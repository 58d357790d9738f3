import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.ranks.sets import rank_sets


def sets(estimates, errors, **options):
    options.setdefault("rng", np.random.default_rng(1))
    return rank_sets(np.asarray(estimates, dtype=float), np.asarray(errors, dtype=float), **options)


def plain_step_down(estimates, errors, level, noise, row=None):
    """Pairs "a not better than b" of all units, or of one, rejected one by one as the paper says."""
    units = range(len(estimates))
    family = {(a, b) for a in units for b in units if a != b and (row is None or row in {a, b})}
    spread = np.hypot(errors[:, None], errors[None, :])
    moved = noise * errors
    rejected = set()
    while family:
        largest = np.max([(moved[:, a] - moved[:, b]) / spread[a, b] for a, b in family], axis=0)
        safe = level + np.sqrt(level * (1 - level) / len(noise))
        bar = np.sort(largest)[int(np.ceil((len(noise) + 1) * safe)) - 1]
        newly = {(a, b) for a, b in family if estimates[a] - estimates[b] > bar * spread[a, b]}
        if not newly:
            break
        rejected |= newly
        family -= newly
    return rejected


def test_joint_sets_are_those_of_the_plain_step_down():
    rng = np.random.default_rng(3)
    errors = np.exp(0.5 * rng.standard_normal(9))
    estimates = 2 * rng.standard_normal(9)
    noise = np.random.default_rng(1).standard_normal((2000, 9), dtype=np.float32)

    found = sets(estimates, errors, draws=2000)

    rejected = plain_step_down(estimates, errors, 0.9, noise)
    assert {(int(a), int(b)) for a, b in np.argwhere(found.better)} == rejected
    assert found.low.tolist() == [1 + sum(b == unit for _, b in rejected) for unit in range(9)]
    assert found.high.tolist() == [9 - sum(a == unit for a, _ in rejected) for unit in range(9)]


def test_marginal_sets_are_those_of_the_plain_step_down_of_each_unit():
    rng = np.random.default_rng(12)
    errors = np.exp(0.4 * rng.standard_normal(8))
    estimates = 2.5 * rng.standard_normal(8)
    noise = rng.standard_normal((60_000, 8))

    found = sets(estimates, errors, kind="marginal")

    for unit in range(8):
        rejected = plain_step_down(estimates, errors, 0.9, noise, row=unit)
        assert found.low[unit] == 1 + sum(b == unit for _, b in rejected)
        assert found.high[unit] == 8 - sum(a == unit for a, _ in rejected)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 25), st.integers(0, 2**32 - 1), st.sampled_from(["marginal", "simultaneous"]))
def test_sets_hold_the_estimated_rank_and_turn_over_with_the_estimates(units, seed, kind):
    rng = np.random.default_rng(seed)
    estimates, errors = rng.standard_normal(units), rng.uniform(0.05, 1, units)

    found = sets(estimates, errors, kind=kind, draws=500)

    assert ((found.low <= found.rank) & (found.rank <= found.high)).all()
    assert found.expected_rank.sum() == pytest.approx(units * (units + 1) / 2)
    assert ((found.low <= found.expected_rank + 0.5) & (found.expected_rank >= 1)).all()
    if kind == "marginal":
        turned = sets(-estimates, errors, kind=kind)
        assert turned.low.tolist() == (units + 1 - found.high).tolist()
        assert turned.high.tolist() == (units + 1 - found.low).tolist()


def test_expected_rank_is_the_mean_rank_of_simulated_truths():
    rng = np.random.default_rng(4)
    estimates, errors = rng.standard_normal(6), rng.uniform(0.1, 1, 6)
    truths = estimates + errors * rng.standard_normal((200_000, 6))

    found = sets(estimates, errors)

    ranks = 1 + (truths[:, :, None] < truths[:, None, :]).sum(axis=2)
    assert found.expected_rank == pytest.approx(ranks.mean(axis=0), abs=0.02)


def test_units_known_without_error_have_exact_ranks_and_equal_ones_share_them():
    found = sets([3, 1, 3, 2], np.zeros(4))

    assert found.rank.tolist() == [1, 4, 1, 3]
    assert found.low.tolist() == [1, 4, 1, 3]
    assert found.high.tolist() == [2, 4, 2, 3]
    assert found.expected_rank.tolist() == [1.5, 4, 1.5, 3]


def test_the_same_seed_gives_the_same_sets():
    rng = np.random.default_rng(9)
    estimates, errors = rng.standard_normal(30), rng.uniform(0.1, 1, 30)

    first, second = (sets(estimates, errors, rng=np.random.default_rng(77)) for _ in range(2))

    assert (first.low == second.low).all()
    assert (first.high == second.high).all()


@pytest.mark.parametrize(
    ("estimates", "errors", "options", "code"),
    [
        ([1.0], [1.0], {}, "rank.units"),
        ([1.0, np.nan], [1.0, 1.0], {}, "rank.missing"),
        ([1.0, 2.0], [1.0, -1.0], {}, "rank.error"),
        ([1.0, 2.0], [1.0, 1.0], {"level": 90}, "rank.level"),
        ([1.0, 2.0], [1.0, 1.0], {"draws": 5}, "rank.draws"),
    ],
)
def test_what_cannot_be_ranked_is_refused(estimates, errors, options, code):
    with pytest.raises(InvalidInput) as refusal:
        sets(estimates, errors, **options)
    assert refusal.value.code == code


def covers(truth, found):
    """Every true rank, the best and the worst of tied places, lies in its set."""
    best = 1 + (truth[:, None] < truth[None, :]).sum(axis=1)
    worst = len(truth) - (truth[:, None] > truth[None, :]).sum(axis=1)
    return (found.low <= best) & (worst <= found.high)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.15, 0.4])
def test_coverage_is_at_least_nominal_in_a_province_of_few_large_and_many_tiny_schools(spread):
    rng = np.random.default_rng(int(spread * 100))
    pupils = np.concatenate([rng.integers(200, 500, 8), rng.integers(8, 40, 52)])
    errors = 0.8 / np.sqrt(pupils)
    truth = spread * rng.standard_normal(60)
    joint, each, runs = 0, 0.0, 1000
    for _ in range(runs):
        estimates = truth + errors * rng.standard_normal(60)
        joint += covers(truth, sets(estimates, errors, draws=1000, rng=rng)).all()
        each += covers(truth, sets(estimates, errors, kind="marginal", rng=rng)).mean()

    # Two standard errors of a share of 0.9 in 1,000 runs.
    assert joint / runs >= 0.9 - 2 * np.sqrt(0.09 / runs)
    assert each / runs >= 0.9 - 0.01
