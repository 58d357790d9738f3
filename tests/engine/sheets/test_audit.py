import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.audit import (
    audit_stages,
    draw_by_score,
    draw_order,
    judge_batch,
    judge_mean,
    zero_sample,
)

SEED = "31415926535897932384"


@pytest.mark.parametrize(("limit", "sheets"), [(0.001, 2995), (0.0005, 5990), (0.005, 598)])
def test_a_sample_without_discrepancy_is_as_large_as_the_integrity_goal_says(limit, sheets):
    assert zero_sample(limit) == sheets
    assert (1 - limit) ** sheets <= 0.05 < (1 - limit) ** (sheets - 1)


@pytest.mark.parametrize(("margin", "draws"), [(0.25, 59), (0.10, 149)])
def test_a_school_needs_as_many_draws_as_the_integrity_goal_says(margin, draws):
    assert judge_mean(np.zeros(0), 5.0, margin).needed == draws
    assert judge_mean(np.zeros(draws), 5.0, margin).passed
    assert not judge_mean(np.zeros(draws - 1), 5.0, margin).passed


def test_a_discrepancy_enlarges_the_sample_up_to_everything():
    stages = audit_stages(0.001, stages=4)
    assert list(stages) == sorted(stages)
    assert judge_batch(stages, [], stages[0]).passed
    assert judge_batch(stages, [10], stages[0]).needed == stages[1]
    assert judge_batch(stages, [10], stages[1]).passed
    assert judge_batch(stages, [10, 11, 12, 13], stages[3]).needed == 0


def passing_share(stages, rate, batches, rng):
    steps = np.diff((0, *stages))
    wrong = np.cumsum(rng.binomial(steps, rate, (batches, len(steps))), axis=1)
    return float((wrong <= np.arange(len(steps))).any(axis=1).mean())


@pytest.mark.slow
@pytest.mark.parametrize("stages", [1, 4])
def test_of_10000_batches_over_the_limit_at_most_one_in_twenty_passes(stages):
    sizes = audit_stages(0.001, stages=stages)
    share = passing_share(sizes, 0.001 * 1.0001, 10_000, np.random.default_rng(2026))
    assert share < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 10_000)
    assert passing_share(sizes, 0.002, 10_000, np.random.default_rng(2027)) < 0.05


@pytest.mark.slow
def test_10000_whole_batches_drawn_sheet_by_sheet_keep_the_risk():
    rng = np.random.default_rng(7)
    sheets, size = 12_000, zero_sample(0.001)
    wrong = 13  # just over 0.1 %
    passed = sum(rng.hypergeometric(wrong, sheets - wrong, size) == 0 for _ in range(10_000))
    assert passed / 10_000 <= 0.05


@pytest.mark.parametrize(("few", "points"), [(0.05, 5.0), (0.5, 0.5)])
def test_an_overstated_school_mean_seldom_passes(few, points):
    rng = np.random.default_rng(11)
    honest = rng.uniform(2, 8, 400)
    given = honest.copy()
    given[: int(400 * few)] += points
    margin = float(given.mean() - honest.mean())
    draws = judge_mean(np.zeros(0), float(given.mean()), margin).needed
    passed = 0
    for _ in range(1000):
        chosen = rng.choice(400, draws, p=given / given.sum())
        passed += judge_mean(1 - honest[chosen] / given[chosen], float(given.mean()), margin).passed
    assert passed / 1000 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1000)


@given(st.lists(st.integers(0, 10**9).map(str), min_size=1, max_size=50, unique=True))
def test_the_order_depends_on_nothing_but_seed_and_names(names):
    order = draw_order(SEED, names)
    assert order == draw_order(SEED, reversed(names))
    assert sorted(order) == sorted(names)
    assert [one for one in draw_order(SEED, [*names, "new"]) if one != "new"] == order


def test_a_longer_sample_by_score_begins_with_the_shorter_one():
    names = [f"p{place}" for place in range(50)]
    scores = np.linspace(0, 10, 50)
    longer = draw_by_score(SEED, names, scores, 200)
    assert draw_by_score(SEED, names, scores, 40) == longer[:40]
    assert "p0" not in longer


def test_draws_follow_the_scores():
    counts = np.unique(draw_by_score(SEED, ["a", "b"], np.array([1.0, 3.0]), 8000), return_counts=True)[1]
    assert counts[1] / 8000 == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: zero_sample(0), "limit"),
        (lambda: draw_order("123", ["a"]), "seed"),
        (lambda: draw_by_score(SEED, ["a"], np.array([-1.0]), 1), "scores"),
        (lambda: judge_batch((10,), [11], 10), "counts"),
        (lambda: judge_mean(np.zeros(1), 5.0, 6.0), "mean"),
        (lambda: judge_mean(np.array([1.5]), 5.0, 1.0), "taints"),
    ],
)
def test_what_cannot_be_audited_is_refused(act, code):
    with pytest.raises(InvalidInput) as refusal:
        act()
    assert refusal.value.code == f"audit.{code}"


def test_a_sheet_worth_nothing_on_paper_ends_the_audit_of_a_school():
    verdict = judge_mean(np.array([1.0]), 5.0, 0.25)
    assert not verdict.passed
    assert verdict.needed == 0
