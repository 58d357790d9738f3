from dataclasses import replace

import numpy as np
import pytest

from tests.engine.measurement.linking.worlds import A, B, source_items, target_items
from thucchat.engine.errors import EngineError
from thucchat.engine.measurement.linking.constants import (
    METHODS,
    Criterion,
    _solver,
    estimate_link,
    normal_grid,
    uniform_grid,
)
from thucchat.engine.measurement.linking.items import category_curves, two_category_items


@pytest.mark.parametrize("method", METHODS)
def test_scales_that_differ_exactly_are_linked_exactly(method):
    target = target_items()

    link = estimate_link(source_items(target), target, method=method)

    assert (link.slope, link.intercept) == pytest.approx((A, B), abs=1e-6)
    assert link.anchor_covariance == pytest.approx(np.zeros((2, 2)), abs=1e-10)


def test_stocking_lord_is_at_the_minimum_of_its_criterion():
    target = target_items()
    source = source_items(target, noise=0.1)
    link = estimate_link(source, target, method="stocking-lord")
    grid = normal_grid()

    def criterion(slope, intercept):
        rank = np.arange(4)
        moved = replace(source, slopes=source.slopes / slope, steps=slope * source.steps + intercept)
        curves = [
            (category_curves(items, grid.nodes)[0] * rank).sum(axis=(1, 2)) for items in (moved, target)
        ]
        return grid.weights @ (curves[0] - curves[1]) ** 2

    best = criterion(link.slope, link.intercept)
    for slope, intercept in [(1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)]:
        assert criterion(link.slope + slope, link.intercept + intercept) > best


@pytest.mark.parametrize("method", ["haebara", "stocking-lord"])
@pytest.mark.parametrize("grid", [normal_grid(), uniform_grid(25, 3.0)])
def test_a_symmetric_link_is_undone_by_the_link_back(method, grid):
    target = target_items()
    source = source_items(target, noise=0.1)

    there = estimate_link(source, target, method=method, grid=grid, symmetric=True)
    back = estimate_link(target, source, method=method, grid=grid, symmetric=True)

    assert back.slope == pytest.approx(1 / there.slope, rel=1e-7)
    assert back.intercept == pytest.approx(-there.intercept / there.slope, abs=1e-7)
    assert there.slope != pytest.approx(
        estimate_link(source, target, method=method, grid=grid).slope, rel=1e-5
    )


@pytest.mark.parametrize(
    ("method", "symmetric"),
    [*((method, False) for method in METHODS), ("haebara", True), ("stocking-lord", True)],
)
def test_the_stated_covariance_is_that_of_links_from_noisy_items(method, symmetric):
    target = target_items(20)
    true = source_items(target)
    rng = np.random.default_rng(4)
    solve = _solver(Criterion(method, true, target, normal_grid(), symmetric))
    links = []
    for _ in range(300):
        noisy = [
            replace(
                items,
                slopes=items.slopes + 0.05 * rng.normal(size=items.slopes.shape),
                steps=items.steps + 0.05 * rng.normal(size=items.steps.shape),
            )
            for items in (true, target)
        ]
        links.append(solve(*noisy))

    stated = estimate_link(true, target, method=method, symmetric=symmetric).estimation_covariance

    assert stated is not None
    assert np.std(links, axis=0) == pytest.approx(np.sqrt(np.diag(stated)), rel=0.15)


def test_the_jackknife_sees_items_that_disagree():
    target = target_items(20)
    still = estimate_link(source_items(target, noise=0.02), target)
    moved = estimate_link(source_items(target, noise=0.2), target)

    assert np.trace(moved.anchor_covariance) > 10 * np.trace(still.anchor_covariance)


def test_without_standard_errors_there_is_no_estimation_error():
    items = two_category_items(("a", "b", "c", "d"), np.ones(4), np.arange(4.0))

    assert estimate_link(items, items, method="mean-mean").estimation_covariance is None


@pytest.mark.parametrize(
    ("b", "method", "code"),
    [
        ([], "mean-mean", "link.no_anchor"),
        ([0.0, 1.0], "mean-mean", "link.few"),
        ([2.0, 1.0, 0.0, -1.0], "stocking-lord", "link.unrelated"),
        ([0.0, 0.0, 0.0, 0.0], "mean-sigma", "link.unrelated"),
        ([-1.0, 0.0, 1.0, 2.0], "guess", "link.method"),
    ],
)
def test_anchors_that_cannot_carry_a_link_are_refused(b, method, code):
    names = tuple("abcd"[: len(b)])
    rising = np.arange(float(len(b)))

    with pytest.raises(EngineError) as refusal:
        estimate_link(
            two_category_items(names, np.ones(len(b)), np.array(b)),
            two_category_items(names, np.ones(len(b)), rising),
            method=method,
        )
    assert refusal.value.code == code


def test_linking_rasch_scales_by_curves_warns_about_the_unit():
    items = two_category_items(tuple("abcde"), np.ones(5), np.arange(5.0))

    assert estimate_link(items, items, method="mean-mean").cautions == ()
    assert "Rasch" in estimate_link(items, items, method="haebara").cautions[0]
