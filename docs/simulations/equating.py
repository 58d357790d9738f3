"""Bias, error and coverage of equating and linking, on data whose truth is known; fills docs/equating.md.

Run: python docs/simulations/equating.py [replications]. Persons answer by a 2PL model; the population's score
distributions are computed exactly, so every method has a known population value. Methods share their
samples, so the rows of a table err together: 500 replications leave a coverage uncertain by a point, 2000 by
half a point.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tables import put_table

from thucchat.engine.measurement.equating.equipercentile import equipercentile
from thucchat.engine.measurement.equating.forms import Form, Scale
from thucchat.engine.measurement.equating.loglinear import Smoothing
from thucchat.engine.measurement.equating.methods import Plan, curve_of, equate
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import calibrate_marginal
from thucchat.engine.measurement.linking.calibrations import (
    FormResponses,
    calibrate_together,
    calibrated_items,
)
from thucchat.engine.measurement.linking.carry import link_covariance
from thucchat.engine.measurement.linking.constants import METHODS, estimate_link
from thucchat.engine.measurement.linking.items import common_items
from thucchat.engine.measurement.responses import responses_from_scores

PAGE = Path(__file__).parents[1] / "equating.md"
THETA = np.linspace(-6, 6, 241)
ANCHOR, OWN, APART = 12, 24, 0.3
Floats = NDArray[np.float64]
PLANS = (
    *(Plan("eg", method) for method in ("mean", "linear", "circle-arc", "equipercentile")),
    Plan("eg", "equipercentile", smoothing=Smoothing(4, 1)),
    *(Plan("neat", method, weight=0.5) for method in ("tucker", "levine", "braun-holland", "frequency")),
    *(Plan("neat", method) for method in ("chained-linear", "chained-equipercentile", "circle-arc")),
    Plan("neat", "frequency", weight=0.5, smoothing=Smoothing(4, 2)),
)


def score_distribution(difficulty: Floats) -> Floats:
    """Share of persons at each number of right answers, by ability. Shape (abilities, scores)."""
    p = 1 / (1 + np.exp(difficulty - THETA[:, None]))
    shares = np.ones((THETA.size, 1))
    for right in p.T:
        shares = np.pad(shares * (1 - right)[:, None], ((0, 0), (0, 1))) + np.pad(
            shares * right[:, None], ((0, 0), (1, 0))
        )
    return shares


def population(own: Floats, anchor: Floats, mean: float) -> Floats:
    """Shares at each pair of total and anchor score in a normal population."""
    weights = np.exp(-((THETA - mean) ** 2) / 2)
    weights /= weights.sum()
    rest, common = score_distribution(own), score_distribution(anchor)
    joint = np.einsum("t,tr,tv->rv", weights, rest, common)
    totals = np.zeros((joint.shape[0] + joint.shape[1] - 1, joint.shape[1]))
    for score in range(joint.shape[1]):
        totals[score : score + joint.shape[0], score] = joint[:, score]
    return totals


@dataclass(frozen=True, slots=True)
class World:
    """Two populations, and the equating that is true when both forms are given to everybody."""

    shares_x: Floats  # (totals, anchors), of the group that takes X
    shares_y: Floats
    truth: Floats  # (totals,)


def world(apart: float) -> World:
    """Form X is easier by 0.35 logits outside the anchor; its group stands `apart` above."""
    anchor, own = np.linspace(-1.2, 1.2, ANCHOR), np.linspace(-1.6, 1.6, OWN)
    totals = [
        sum(population(form, anchor, mean).sum(axis=1) for mean in (apart, 0.0)) / 2
        for form in (own - 0.35, own)
    ]
    scale = Scale(0, ANCHOR + OWN, 1)
    truth = equipercentile(scale, *totals)
    return World(
        population(own - 0.35, anchor, apart), population(own, anchor, 0.0), np.asarray(truth, float)
    )


def equating_rows(replications: int) -> list[list[str]]:
    """One row per method and group size."""
    sizes = {"mean": (50, 1000), "circle-arc": (50, 1000)}
    return [
        one_plan(plan, persons, replications)
        for plan in PLANS
        for persons in sizes.get(plan.method, (300, 1000))
    ]


def name_of(plan: Plan) -> str:
    """The method, and how its distributions were smoothed."""
    return plan.method + (f", log-linear {plan.smoothing.degree}" if plan.smoothing else "")


def one_plan(plan: Plan, persons: int, replications: int) -> list[str]:
    """Averages over scores, weighted by the persons of form X at each score."""
    rng = np.random.default_rng(20260101)
    truth = world(0.0 if plan.design == "eg" else APART)
    scale, anchor = Scale(0, ANCHOR + OWN, 1), Scale(0, ANCHOR, 1)
    forms = [Form(scale, shares * persons, anchor) for shares in (truth.shares_x, truth.shares_y)]
    if plan.design == "eg":
        forms = [Form(scale, form.counts.sum(axis=1)) for form in forms]
    own = curve_of((forms[0], forms[1]), plan, 0.5)(*(form.shares for form in forms))
    weights = truth.shares_x.sum(axis=1)
    values, errors = [], []
    for _ in range(replications):
        drawn = [redrawn(form, persons, rng) for form in forms]
        result = equate(drawn[0], drawn[1], plan)
        values.append(result.y)
        errors.append(result.error)
    spread = np.std(values, axis=0, ddof=1)
    covered = (np.abs(np.array(values) - own) <= 1.96 * np.array(errors)).mean(axis=0)
    bias, rmse = np.mean(values, axis=0) - truth.truth, np.sqrt(((values - truth.truth) ** 2).mean(axis=0))
    ratio = np.sqrt((np.array(errors) ** 2).mean(axis=0)) / np.where(spread > 0, spread, np.nan)
    middle = (weights > 0.005) & (spread > 0)
    share = weights[middle] / weights[middle].sum()
    figures = [np.abs(bias), rmse, ratio, 100 * covered]
    averaged = [float(figure[middle] @ share) for figure in figures]
    return [
        plan.design,
        name_of(plan),
        str(persons),
        *(f"{value:.2f}" for value in averaged[:3]),
        f"{averaged[3]:.1f}",
    ]


def redrawn(form: Form, persons: int, rng: np.random.Generator) -> Form:
    """A group of `persons` from the population of `form`."""
    counts = rng.multinomial(persons, form.shares.ravel()).reshape(form.counts.shape)
    return Form(form.scale, counts.astype(float), form.anchor_scale)


def responses(
    items: NDArray[np.intp], mean: float, persons: int, *, rng: np.random.Generator
) -> FormResponses:
    """2PL responses to some of 35 items."""
    slope, difficulty = (
        np.tile([0.8, 1.0, 1.2, 1.4, 1.6], 7),
        np.linspace(-1.7, 1.7, 35)[np.argsort(np.arange(35) % 7)],
    )
    theta = mean + rng.normal(size=(persons, 1))
    p = 1 / (1 + np.exp(-slope[items] * (theta - difficulty[items])))
    return FormResponses("", tuple(f"c{item}" for item in items), (rng.random(p.shape) < p).astype(float))


def linking_rows(replications: int, persons: int = 1000) -> list[list[str]]:
    """Recovery of A = 1 and B = 0.5 over 15 anchors, and of the mean by concurrent calibration."""
    rng = np.random.default_rng(20260102)
    found: dict[str, list[tuple[Floats, Floats]]] = {method: [] for method in METHODS}
    for _ in range(replications):
        old, new = (
            responses(np.arange(25), 0.0, persons, rng=rng),
            responses(np.arange(10, 35), 0.5, persons, rng=rng),
        )
        items = [
            calibrated_items(
                calibrate_marginal(responses_from_scores(form.items, form.scores), [Model.TWO_PL] * 25)
            )
            for form in (new, old)
        ]
        for method in METHODS:
            link = estimate_link(*common_items(items[0], items[1]), method=method)
            known = link.estimation_covariance
            assert known is not None
            found[method].append(
                (
                    np.array([link.slope - 1, link.intercept - 0.5]),
                    np.sqrt([*np.diag(known), *np.diag(link_covariance(link))]),
                )
            )
        together = calibrate_together([old, new], Model.TWO_PL)
        off = np.array([together.latent.sd[1] - 1, together.latent.mean[1] - 0.5])
        errors = np.sqrt(np.diag(together.covariance)[-2:])[::-1] * [together.latent.sd[1], 1]
        found.setdefault("concurrent", []).append((off, np.concatenate([errors, errors])))
    return [linking_row(method, results) for method, results in found.items()]


def linking_row(method: str, results: Sequence[tuple[Floats, Floats]]) -> list[str]:
    """Bias, empirical and stated error, coverage, for A and B."""
    off, errors = np.array([one for one, _ in results]), np.array([two for _, two in results])
    cells = [method]
    for place in (0, 1):
        covered = (np.abs(off[:, place]) <= 1.96 * errors[:, place]).mean()
        figures = off[:, place].mean(), off[:, place].std(ddof=1), np.sqrt((errors[:, place] ** 2).mean())
        cells += [*(f"{figure:.3f}" for figure in figures), f"{100 * covered:.1f}"]
    return cells


def main() -> None:
    """Fill the tables of the page."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    heading = [
        "design",
        "method",
        "persons per form",
        "mean absolute bias",
        "RMSE",
        "stated / true error",
        "coverage, %",
    ]
    put_table(PAGE, "equating", heading=heading, rows=equating_rows(replications))
    heading = ["method", "bias A", "true error A", "stated A", "coverage A, %"]
    heading += ["bias B", "true error B", "stated B", "coverage B, %"]
    put_table(PAGE, "linking", heading=heading, rows=linking_rows(replications))


if __name__ == "__main__":
    main()
