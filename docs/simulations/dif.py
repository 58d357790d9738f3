"""Error rates and power of the DIF methods, on data whose truth is known; fills docs/dif.md.

Run: python docs/simulations/dif.py [replications]. 30 items, Rasch responses, focal group 0.5 logits below;
three items with DIF of a known size, or none.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from tables import put_table

from thucchat.engine.measurement.dif.analysis import Choice, analyse_dif
from thucchat.engine.measurement.dif.design import GroupedResponses

PAGE = Path(__file__).parents[1] / "dif.md"
PROCESSES = 2
ITEMS, APART = 30, 0.5
STUDIED = {"small": 0.426, "large": 0.638}  # logits: 1 and 1.5 on the delta scale
PLANTED = (4, 14, 24)
METHODS = {
    "mh": Choice("mh"),
    "mh, purified": Choice("mh", purify=True),
    "logistic": Choice("logistic"),
    "logistic, purified": Choice("logistic", purify=True),
    "lrt": Choice("lrt"),
    "lrt, purified": Choice("lrt", purify=True),
    "score": Choice("score"),
    "score, purified": Choice("score", purify=True),
}


def drawn(persons: int, shift: float, rng: np.random.Generator) -> GroupedResponses:
    """As many in each group; three items harder for the focal group by `shift` logits."""
    focal = np.arange(2 * persons) >= persons
    theta = rng.normal(size=2 * persons) - APART * focal
    difficulty = np.linspace(-1.5, 1.5, ITEMS) + np.outer(focal, np.isin(np.arange(ITEMS), PLANTED)) * shift
    p = 1 / (1 + np.exp(difficulty - theta[:, None]))
    return GroupedResponses(tuple(map(str, range(ITEMS))), (rng.random(p.shape) < p).astype(float), focal)


def row(case: tuple[str, int, float], replications: int) -> list[str]:
    """Shares over items and replications of one method, persons per group and shift."""
    name, persons, shift = case
    rng = np.random.default_rng(20260103)
    rejected, flagged, false_share, effects, covered, large = [], [], [], [], [], []
    planted = np.isin(np.arange(ITEMS), PLANTED) & (shift > 0)
    for _ in range(replications):
        items = analyse_dif(drawn(persons, shift, rng), METHODS[name]).items
        p, flags = np.array([item.p for item in items]), np.array([item.flagged for item in items])
        rejected.append((p < 0.05)[~planted].mean())
        false_share.append((flags & ~planted).sum() / max(flags.sum(), 1))
        if shift:
            flagged.append(flags[planted].mean())
            large.append(np.mean([item.size in {"B", "C"} for item in items if int(item.item) in PLANTED]))
            effects.append(np.mean([items[place].effect for place in PLANTED]))
        errors = np.array([item.effect_error for item in items])
        off = np.array([item.effect for item in items]) + 2.35 * shift * planted
        covered.append((np.abs(off) <= 1.96 * errors)[planted if shift else ~planted].mean())
    known = METHODS[name].method != "logistic"
    return [
        name,
        str(persons),
        f"{2.35 * shift:.1f}",
        f"{100 * np.mean(rejected):.1f}",
        f"{100 * np.mean(false_share):.1f}",
        f"{100 * np.mean(flagged):.0f}" if shift else "",
        f"{100 * np.mean(large):.0f}" if shift else "",
        f"{np.mean(effects):.2f}" if shift and known else "",
        f"{100 * np.mean(covered):.1f}" if known else "",
    ]


def main() -> None:
    """Fill the table of the page."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    heading = [
        "method",
        "persons per group",
        "planted, delta",
        "p < 0.05 without DIF, %",
        "false among flagged, %",
    ]
    heading += ["flagged of planted, %", "class B or C, %", "mean effect", "coverage of the effect, %"]
    cases = [
        (name, size, shift) for name in METHODS for size in (250, 1000) for shift in (0.0, *STUDIED.values())
    ]
    with ProcessPoolExecutor(PROCESSES) as executor:
        rows = list(executor.map(partial(row, replications=replications), cases))
    put_table(PAGE, "dif", heading=heading, rows=rows)


if __name__ == "__main__":
    main()
