"""False alarms and power of `thucchat forensics` on data whose truth is known; fills docs/forensics.md.

Run: python docs/simulations/forensics.py [replications]. Rooms of 24, 40 items of four options, 3PL
responses with guessing 0.15, wrong options that depend on ability; rooms differ in mean ability (a fifth of
the variance).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tables import put_table

from thucchat.engine.measurement.forensics.answers import Answers
from thucchat.engine.measurement.forensics.discovery import discover
from thucchat.engine.measurement.forensics.erasures import room_erasures
from thucchat.engine.measurement.forensics.groups import heaping, jumps, too_even
from thucchat.engine.measurement.forensics.model import fit_curves
from thucchat.engine.measurement.forensics.similarity import LikePairs, like_pairs

PAGE = Path(__file__).parents[1] / "forensics.md"
ROOMS, SIZE, ITEMS, OPTIONS = 60, 24, 40, 4
GUESSING, BETWEEN = 0.15, 0.45
INDICES = ("omega", "gbt", "m4", "run")
COPIERS = 12  # rooms with one pair that shares answers


@dataclass(frozen=True, slots=True)
class Paper:
    """Items of the truth."""

    slope: NDArray[np.float64]
    difficulty: NDArray[np.float64]
    draw: NDArray[np.float64]  # (items, wrong options, 2) intercept and slope of the wrong options


def paper(rng: np.random.Generator) -> Paper:
    """Forty items of usual quality."""
    wrong = rng.normal(size=(ITEMS, OPTIONS - 1, 2)) * [0.6, 0.3]
    return Paper(rng.uniform(0.7, 1.8, ITEMS), rng.normal(size=ITEMS), wrong)


def abilities(rng: np.random.Generator) -> NDArray[np.float64]:
    """Rooms that differ, variance 1 in all."""
    rooms = np.repeat(rng.normal(size=ROOMS) * BETWEEN, SIZE)
    return rooms + rng.normal(size=ROOMS * SIZE) * np.sqrt(1 - BETWEEN**2)


def sat(one: Paper, theta: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int8]:
    """Options chosen; 0 is the key."""
    p = GUESSING + (1 - GUESSING) / (1 + np.exp(-one.slope * (theta[:, None] - one.difficulty)))
    z = one.draw[:, :, 0] + one.draw[:, :, 1] * theta[:, None, None]
    share = np.exp(z).cumsum(axis=2)
    wrong = 1 + (rng.random(p.shape)[..., None] * share[..., -1:] > share[..., :-1]).sum(axis=2)
    return np.where(rng.random(p.shape) < p, 0, wrong).astype(np.int8)


def table_of(codes: NDArray[np.int8]) -> Answers:
    """Answers with the first option right everywhere."""
    right = np.zeros((ITEMS, OPTIONS), bool)
    right[:, 0] = True
    everywhere = np.ones((ITEMS, OPTIONS), bool)
    return Answers(tuple(map(str, range(ITEMS))), codes, everywhere, right, everywhere)


def shared(codes: NDArray[np.int8], share: float, rng: np.random.Generator) -> set[tuple[int, int]]:
    """Let the first of a room take a run of answers from the second in COPIERS rooms; returns the pairs."""
    length = round(share * ITEMS)
    for room in range(COPIERS if length else 0):
        start = rng.integers(0, ITEMS - length + 1)
        codes[room * SIZE, start : start + length] = codes[room * SIZE + 1, start : start + length]
    return {(room * SIZE, room * SIZE + 1) for room in range(COPIERS if length else 0)}


def found(like: LikePairs, index: str, planted: set[tuple[int, int]]) -> tuple[float, float, float, float]:
    """Share of false flags, share of planted pairs flagged, and p below 0.001 against expectation."""
    result = discover(getattr(like, f"p_{index}"), tests=like.tested)
    flagged = {(int(one), int(two)) for one, two in np.sort(like.pairs[result.flagged], axis=1)}
    false = len(flagged - planted) / max(len(flagged), 1)
    power = len(flagged & planted) / max(len(planted), 1)
    return false, power, float(result.calibration[1].seen), result.calibration[1].expected


def pair_rows(share: float, replications: int) -> list[list[str]]:
    """One row per index."""
    rng = np.random.default_rng(20260201)
    rooms = np.repeat(np.arange(ROOMS), SIZE)
    results: dict[str, list[tuple[float, float, float, float]]] = {index: [] for index in INDICES}
    for _ in range(replications):
        codes = sat(paper(rng), abilities(rng), rng)
        planted = shared(codes, share, rng)
        answers = table_of(codes)
        like = like_pairs(answers, fit_curves(answers, rng), rooms)
        for index in INDICES:
            results[index].append(found(like, index, planted))
    rows = []
    for index in INDICES:
        false, power, seen, expected = np.mean(results[index], axis=0)
        clean = f"{seen / expected:.2f}" if not share else ""
        rows.append(
            [index, f"{100 * share:.0f}", f"{100 * false:.1f}", f"{100 * power:.0f}" if share else "", clean]
        )
    return rows


def class_scores(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores out of 10 in steps of 0.25, now and before; classes differ in mean and in spread."""
    spread = np.exp(rng.normal(size=ROOMS) * 0.12)[:, None]
    ability = rng.normal(size=(ROOMS, 1)) * 0.5 + rng.normal(size=(ROOMS, SIZE)) * spread
    gain = rng.normal(size=(ROOMS, 1)) * 0.2
    now, before = (ability + step + rng.normal(size=ability.shape) * 0.5 for step in (gain, 0))
    return marks(now), marks(before)


def marks(standing: NDArray[np.float64]) -> NDArray[np.float64]:
    """On the scale of ten, in steps of 0.25."""
    return np.clip(np.round((6.2 + 1.5 * standing) * 4) / 4, 0, 10)


def pattern(name: str, rng: np.random.Generator, *, planted: bool) -> NDArray[np.float64]:
    """p-values of the classes (or rooms) for one pattern; planted ones are the first three."""
    groups = np.repeat(np.arange(ROOMS), SIZE)
    if name == "erasures":
        return erased(rng, groups, planted=planted)
    now, before = class_scores(rng)
    chosen = now[:3] if planted else now[:0]
    if name == "spread":
        for scores in chosen:
            scores[:] = np.round((0.7 * scores.mean() + 0.3 * scores) * 4) / 4
        return too_even(now.ravel(), groups).p
    if name == "jumps":
        chosen += 1.5
        return jumps(np.minimum(now, 10).ravel(), before.ravel(), groups).p
    chosen[(chosen >= 4) & (chosen < 5)] = 5.0
    result = heaping(now.ravel(), groups, 5.0)
    out = np.full(ROOMS, np.nan)
    out[result.group] = result.p
    return out


def erased(rng: np.random.Generator, groups: NDArray[np.int64], *, planted: bool) -> NDArray[np.float64]:
    """Three in a hundred answers changed; in planted rooms four wrong answers of every sheet made right."""
    one, theta = paper(rng), abilities(rng)
    codes, first = sat(one, theta, rng), sat(one, theta, rng)
    changed = (rng.random(codes.shape) < 0.03) & (codes != first)
    for person in range(3 * SIZE if planted else 0):
        wrong = np.flatnonzero((codes[person] != 0) & ~changed[person])[:4]
        first[person, wrong] = codes[person, wrong]
        codes[person, wrong], changed[person, wrong] = 0, True
    answers = table_of(codes)
    result = room_erasures(answers, fit_curves(answers, rng), changed, was_right=first == 0, rooms=groups)
    out = np.full(ROOMS, np.nan)
    out[result.room] = result.p
    return out


def group_rows(replications: int) -> list[list[str]]:
    """Clean and planted data for each pattern of classes and rooms."""
    rows = []
    for name in ("spread", "jumps", "heaping at 5", "erasures"):
        for planted in (False, True):
            rng = np.random.default_rng(20260202)
            false, power = [], []
            for _ in range(replications):
                flagged = discover(pattern(name, rng, planted=planted)).flagged
                mistaken = (flagged >= 3).sum() if planted else len(flagged)
                false.append(mistaken / max(len(flagged), 1))
                power.append((flagged < 3).mean() * len(flagged) / 3 if len(flagged) else 0.0)
            detected = f"{100 * np.mean(power):.0f}" if planted else ""
            rows.append([name, "3 of 60" if planted else "none", f"{100 * np.mean(false):.1f}", detected])
    return rows


def main() -> None:
    """Fill the tables of the page."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    heading = ["index", "answers shared, %", "false among flagged, %", "flagged of planted, %"]
    heading.append("p < 0.001 seen / expected")
    rows = [row for share in (0.0, 0.3, 0.5, 0.7, 1.0) for row in pair_rows(share, replications)]
    put_table(PAGE, "pairs", heading=heading, rows=rows)
    heading = ["pattern", "planted", "false among flagged, %", "flagged of planted, %"]
    put_table(PAGE, "groups", heading=heading, rows=group_rows(replications))


if __name__ == "__main__":
    main()
