"""Recovery of rater effects and gain of adjusted scores; fills docs/raters-and-standards.md.

Run: python docs/simulations/raters.py [replications]. 12 raters, every script marked by two drawn at random,
marks in steps of 0.25 out of 10, true scores with a standard deviation of 1.4, errors of one mark with 0.4.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tables import put_table

from thucchat.engine.measurement.raters.halo import halo
from thucchat.engine.measurement.raters.marks import Marks, marks_of
from thucchat.engine.measurement.raters.severity import severities

PAGE = Path(__file__).parents[1] / "raters-and-standards.md"
RATERS, CRITERIA = 12, 4
TRUE_SD, ERROR_SD = 1.4, 0.4
SEVERITIES = (0.4, 0.6)  # standard deviations between raters
DRIFTING, DRIFT = 0, 0.4  # the rater, and points more severe per 100 scripts
HALO_RATER, HALO = 0, 0.6  # the rater, and how far its criteria are pulled together


def drawn(
    each: int, apart: float, rng: np.random.Generator
) -> tuple[Marks, NDArray[np.float64], NDArray[np.float64]]:
    """Marks of about `each` scripts per rater, the true scores and the true severities."""
    scripts = RATERS * each // 2
    severity = rng.normal(size=RATERS) * apart
    severity -= severity.mean()
    true = 6 + TRUE_SD * rng.normal(size=scripts)
    pairs = np.argsort(rng.random((scripts, RATERS)), axis=1)[:, :2].ravel()
    script = np.repeat(np.arange(scripts), 2)
    own = (pairs[:, None] == np.arange(RATERS)).cumsum(axis=0)[np.arange(len(pairs)), pairs] - 1
    middle = np.bincount(pairs, own)[pairs] / np.bincount(pairs)[pairs]
    late = np.where(pairs == DRIFTING, DRIFT * (own - middle) / 100, 0.0)
    points = true[script] - severity[pairs] - late + ERROR_SD * rng.normal(size=len(pairs))
    steps = np.clip(np.round(points * 4) / 4, 0, 10)
    names = [f"{number:05d}" for number in script], [f"{number:02d}" for number in pairs]
    return marks_of(*names, steps), true, severity


def severity_row(each: int, apart: float, *, replications: int) -> list[str]:
    """One size of the marking."""
    rng = np.random.default_rng(20260301)
    results = []
    for _ in range(replications):
        marks, true, severity = drawn(each, apart, rng)
        found = severities(marks)
        estimate = np.array([one.severity for one in found.raters])
        error = np.array([one.severity_error for one in found.raters])
        drift = np.array([one.drift_p <= 0.05 for one in found.raters])
        covered = np.array([abs(one.drift - DRIFT) <= 1.96 * one.drift_error for one in found.raters])
        raw, adjusted, expected = (
            np.sqrt(np.mean((np.array([getattr(one, name) for one in found.scripts]) - true) ** 2))
            for name in ("raw", "adjusted", "expected")
        )
        severe = np.array([one.severity_p <= 0.05 for one in found.raters])
        strong = np.abs(severity) >= 0.4
        results.append(
            [
                np.corrcoef(estimate, severity)[0, 1],
                (np.abs(estimate - severity) <= 1.96 * error).mean(),
                severe[strong].mean() if strong.any() else np.nan,
                drift[DRIFTING],
                np.delete(drift, DRIFTING).any(),
                covered[DRIFTING],
                1 - adjusted / raw,
                1 - expected / raw,
            ]
        )
    mean = np.nanmean(np.array(results, float), axis=0)
    shares = [f"{100 * value:.0f}" for value in mean[2:5]]
    cuts = [f"{100 * value:.0f}" for value in mean[6:]]
    return [
        str(each),
        str(apart),
        f"{mean[0]:.3f}",
        f"{100 * mean[1]:.1f}",
        *shares,
        f"{100 * mean[5]:.1f}",
        *cuts,
    ]


def halo_row(each: int, replications: int) -> list[str]:
    """Four criteria of a script; one rater pulls them together."""
    rng = np.random.default_rng(20260302)
    results = []
    for _ in range(replications):
        whole, true, _ = drawn(each, SEVERITIES[0], rng)
        criteria = true[:, None] / CRITERIA + rng.normal(size=(len(true), CRITERIA)) * 0.4
        points = criteria[whole.script] + rng.normal(size=(len(whole.script), CRITERIA)) * 0.3
        pull = np.where(whole.rater == HALO_RATER, HALO, 0.0)[:, None]
        points = points + pull * (points.mean(axis=1, keepdims=True) - points)
        rows = np.repeat(np.arange(len(whole.script)), CRITERIA)
        marks = marks_of(
            [whole.scripts[whole.script[row]] for row in rows],
            [whole.raters[whole.rater[row]] for row in rows],
            (np.round(points * 4) / 4).ravel(),
            criteria=list("abcd") * len(whole.script),
        )
        flagged = np.array([one.p <= 0.05 for one in halo(marks)])
        results.append([flagged[HALO_RATER], np.delete(flagged, HALO_RATER).any()])
    detected, false = np.mean(np.array(results, float), axis=0)
    return [str(each), f"{100 * detected:.0f}", f"{100 * false:.1f}"]


def main() -> None:
    """Fill the tables of the page."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    sizes = (50, 100, 200, 400)
    heading = [
        "scripts per rater",
        "sd of severities",
        "correlation of severities",
        "coverage of severity, %",
    ]
    heading += [
        "severe or mild by 0.4 flagged, %",
        "drift flagged, %",
        "some other rater flagged for drift, %",
    ]
    heading += ["coverage of drift, %", "error cut by `adjusted`, %", "error cut by `expected`, %"]
    rows = [severity_row(each, apart, replications=replications) for apart in SEVERITIES for each in sizes]
    put_table(PAGE, "severity", heading=heading, rows=rows)
    heading = ["scripts per rater", "halo flagged, %", "some other rater flagged, %"]
    put_table(PAGE, "halo", heading=heading, rows=[halo_row(each, replications) for each in sizes[:3]])


if __name__ == "__main__":
    main()
