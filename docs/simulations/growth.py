"""Teacher effects of value-added models, on a province whose truth is known; fills docs/growth.md.

Run: python docs/simulations/growth.py [runs]. Shaped like Điện Biên: 16 large schools, 40 middling, 64 tiny
mountain schools whose pupils start lower; 15 to 35 pupils a teacher, 3 to 9 in the tiny ones; 5 % of the
pupils come over from another teacher during the year and share both; some miss the first test, the weak
more often; the first test measures with a known error, so that pupils regress to the mean.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from tables import put_table

from thucchat.engine.growth.valueadded import Request, effects_frame, fit_growth

PAGE = Path(__file__).parents[1] / "growth.md"
SCHOOLS = {"large": (16, 12, (25, 36)), "middling": (40, 5, (15, 31)), "tiny": (64, 2, (3, 10))}
TEACHER_SD, SCHOOL_SD, RESIDUAL_SD = 0.2, 0.12, 0.45
SLOPE, NOISE = 0.75, 0.5  # of the true first score; standard error of the first test
FORMULA = "score ~ prior + (1|school) + (1|mm(t1, t2, weights = cbind(s1, s2)))"
NORMAL_90 = 1.6448536269514722
MODELS = {"uncorrected": {}, "corrected": {"prior": "se"}}


@dataclass(frozen=True, slots=True)
class Errors:
    """What one run did to the teachers. Shapes: (teachers,)."""

    error: NDArray[np.float64]  # estimate minus truth, in standard deviations of the score
    covered: NDArray[np.bool_]  # truth inside the 90 % interval
    start: NDArray[np.float64]  # mean true first score of the teacher's pupils


def teachers(rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """School, number of pupils and mean first score of every teacher."""
    counts = np.array([kind[0] for kind in SCHOOLS.values()])
    staff = [kind[1] for kind in SCHOOLS.values()]
    school_of = np.repeat(np.arange(counts.sum()), np.repeat(staff, counts))
    kind = np.repeat(np.arange(len(counts)), counts)
    least, most = np.array([kind[2] for kind in SCHOOLS.values()]).T
    start = np.where(kind == 2, -0.4, 0.15) + 0.3 * rng.normal(size=len(kind))
    sizes = rng.integers(least[kind][school_of], most[kind][school_of])
    return school_of, sizes, start[school_of] + 0.3 * rng.normal(size=len(school_of))


def province(rng: np.random.Generator) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    """Pupils of one year, and the true effects of their teachers."""
    school_of, sizes, start = teachers(rng)
    teacher = np.repeat(np.arange(len(sizes)), sizes)
    effect = TEACHER_SD * rng.normal(size=len(sizes))
    school_effect = SCHOOL_SD * rng.normal(size=school_of.max() + 1)
    moved = rng.random(len(teacher)) < 0.05
    other = np.where(moved, rng.integers(0, len(sizes), len(teacher)), teacher)
    share = np.where(moved & (other != teacher), rng.uniform(0.3, 0.7, len(teacher)), 1.0)
    first = start[teacher] + 0.8 * rng.normal(size=len(teacher))
    taught = share * effect[teacher] + (1 - share) * effect[other]
    score = (
        SLOPE * first + taught + school_effect[school_of[teacher]] + RESIDUAL_SD * rng.normal(size=len(first))
    )
    absent = rng.random(len(first)) < np.where(first < -0.5, 0.14, 0.05)
    table = pl.DataFrame(
        {
            "score": score,
            "prior": first + NOISE * rng.normal(size=len(first)),
            "se": np.full(len(first), NOISE),
            "school": school_of[teacher],
            "t1": teacher,
            "t2": other,
            "s1": share,
            "s2": 1 - share,
            "first": first,
        }
    )
    return table.with_columns(prior=pl.when(~pl.Series(absent)).then("prior")), effect


def one_run(rng: np.random.Generator) -> dict[str, Errors]:
    """Errors of both models on one province."""
    table, effect = province(rng)
    start = table.group_by("t1").agg(pl.col("first").mean()).with_columns(pl.col("t1").cast(pl.String))
    results = {}
    for name, errors in MODELS.items():
        growth = fit_growth(table, Request(FORMULA, prior_errors=errors))
        frame = effects_frame(growth).filter(pl.col("group").str.starts_with("mm("))
        frame = frame.join(start, left_on="level", right_on="t1")
        error = frame["estimate"].to_numpy() - effect[frame["level"].cast(pl.Int64).to_numpy()]
        covered = np.abs(error) <= NORMAL_90 * frame["se"].to_numpy()
        results[name] = Errors(error / table["score"].std(), covered, frame["first"].to_numpy())
    return results


def summary(runs: list[Errors]) -> tuple[float, float, float, float, float]:
    """Bias over all, among the lowest and highest quarter of starts, coverage, and error size."""
    error = np.concatenate([run.error for run in runs])
    covered = np.concatenate([run.covered for run in runs])
    start = np.concatenate([run.start for run in runs])
    low, high = np.quantile(start, [0.25, 0.75])
    return (
        float(error.mean()),
        float(error[start <= low].mean()),
        float(error[start >= high].mean()),
        float(covered.mean()),
        float(np.sqrt(np.mean(error**2))),
    )


def simulate(runs: int, seed: int = 20240830) -> dict[str, tuple[float, float, float, float, float]]:
    """The summary of every model over `runs` provinces."""
    rng = np.random.default_rng(seed)
    found = [one_run(rng) for _ in range(runs)]
    return {name: summary([run[name] for run in found]) for name in MODELS}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    heads = [
        "first score",
        "bias",
        "lowest quarter of starts",
        "highest quarter",
        "coverage of 90 %",
        "error (RMS)",
    ]
    rows = [
        [name, *(f"{value:+.4f}" for value in values[:3]), f"{100 * values[3]:.1f} %", f"{values[4]:.3f}"]
        for name, values in simulate(runs).items()
    ]
    put_table(PAGE, "bias", heading=heads, rows=rows)


if __name__ == "__main__":
    main()
