"""Coverage of rank sets, correction of growth percentiles and reading of gaps where the truth is known.

Run: python docs/simulations/ranks_and_gaps.py [runs]. Fills docs/ranks-and-gaps.md. A province of 60
schools: 8 large, 52 tiny; marks on the 0-10 scale.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tables import put_table

from thucchat.engine.growth.gap import gaps
from thucchat.engine.growth.gap_change import gap_fall
from thucchat.engine.growth.percentiles.curves import growth_curves
from thucchat.engine.growth.percentiles.scores import percentile_of
from thucchat.engine.growth.percentiles.simex import corrected_curves
from thucchat.engine.growth.ranks.sets import RankSets, rank_sets

PAGE = Path(__file__).parents[1] / "ranks-and-gaps.md"


def school_sizes(rng: np.random.Generator) -> NDArray[np.int64]:
    """Pupils of 8 large and 52 tiny schools."""
    return np.concatenate([rng.integers(200, 500, 8), rng.integers(8, 40, 52)])


def covers(truth: NDArray[np.float64], found: RankSets) -> NDArray[np.bool_]:
    """Whether each set holds all ranks the unit can truly claim (several where units are equal)."""
    best = 1 + (truth[:, None] < truth[None, :]).sum(axis=1)
    worst = len(truth) - (truth[:, None] > truth[None, :]).sum(axis=1)
    return (found.low <= best) & (worst <= found.high)


def rank_rows(runs: int) -> list[list[str]]:
    """Share of runs, or of units, whose true rank is covered, and the mean length of the sets."""
    rows = []
    for spread in (0.0, 0.15, 0.4):
        rng = np.random.default_rng(1)
        errors = 0.8 / np.sqrt(school_sizes(rng))
        truth = spread * rng.standard_normal(len(errors))
        hits: dict[str, list[float]] = {"simultaneous": [], "marginal": []}
        lengths: dict[str, list[float]] = {"simultaneous": [], "marginal": []}
        for _ in range(runs):
            estimates = truth + errors * rng.standard_normal(len(errors))
            for kind in ("simultaneous", "marginal"):
                found = rank_sets(estimates, errors, kind=kind, draws=1000, rng=rng)
                covered = covers(truth, found)
                hits[kind].append(covered.all() if kind == "simultaneous" else covered.mean())
                lengths[kind].append(float((found.high - found.low + 1).mean()))
        for kind, shares in hits.items():
            numbers = [f"{100 * np.mean(shares):.1f}", f"{np.mean(lengths[kind]):.1f}"]
            rows.append([f"{spread:g}", kind, *numbers])
    return rows


def growth_rows(runs: int) -> list[list[str]]:
    """Mean percentile of the lower and the upper half of schools, which add the same."""
    rows = []
    for reliability in (0.7, 0.8, 0.9):
        rng = np.random.default_rng(2)
        means: dict[str, list[list[float]]] = {"as measured": [], "corrected": []}
        for _ in range(runs):
            unit = np.repeat([0, 1], 1000)
            true = rng.standard_normal(2000) + unit - 0.5
            scores = 0.8 * true + 0.6 * rng.standard_normal(2000)
            error = np.sqrt(true.var() * (1 / reliability - 1))
            priors = (true + error * rng.standard_normal(2000))[:, None]
            curves = {
                "as measured": growth_curves(scores, priors),
                "corrected": corrected_curves(scores, priors, np.full_like(priors, error), rng=rng),
            }
            for name, fitted in curves.items():
                found = percentile_of(fitted, scores, priors, tie=0)
                means[name].append([float(found[unit == half].mean()) for half in (0, 1)])
        rows += [
            [f"{reliability:g}", name, *(f"{value:.1f}" for value in np.mean(pairs, axis=0))]
            for name, pairs in means.items()
        ]
    return rows


def gap_rows(runs: int) -> list[list[str]]:
    """Announced falls of the gap: how many true ones are found, how many announcements are false."""
    rows = []
    for pupils in (15, 40, 120):
        rng = np.random.default_rng(3)
        found, false = [], []
        truth = np.repeat([0.6, 0.0], [20, 80])
        unit = np.repeat(np.arange(100), pupils)
        for _ in range(runs):
            years = []
            for leniency in (np.full(100, 1.2), 1.2 - truth):
                scores = np.clip(rng.normal(5, 1.5, len(unit)), 0, 10)
                marks = np.clip(scores + leniency[unit] + rng.normal(0, 0.7, len(unit)), 0, 10)
                years.append(gaps(marks, scores, unit, np.zeros_like(unit), units=100))
            fell = gap_fall(*years).fell
            found.append(fell[truth > 0].mean())
            false.append((fell & (truth == 0)).sum() / max(fell.sum(), 1))
        rows.append([str(pupils), f"{100 * np.mean(found):.0f}", f"{100 * np.mean(false):.1f}"])
    return rows


def main() -> None:
    """Fill the tables of the page."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    heading = ["spread of schools, SD", "sets", "covered, %", "mean length of 60"]
    put_table(PAGE, "ranks", heading=heading, rows=rank_rows(runs))
    heading = ["reliability of the prior", "curves", "schools of weak pupils", "schools of strong pupils"]
    put_table(PAGE, "simex", heading=heading, rows=growth_rows(max(runs // 250, 1)))
    heading = ["pupils per school and subject", "true falls found, %", "false among announced, %"]
    put_table(PAGE, "falls", heading=heading, rows=gap_rows(max(runs // 5, 1)))


if __name__ == "__main__":
    main()
