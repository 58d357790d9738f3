"""How often `draw advantage` finds an advantage: none there, and one of a third of a logit.

Run: python docs/simulations/own_items.py [REPLICATIONS]
"""

import sys

import numpy as np
from scipy import stats

from thucchat.engine.measurement.dif.bundle import bundle_effect

OWN, OTHER, FAVOUR = 8, 32, 0.33
CASES = (
    (25, 500, 0.0),
    (40, 2000, 0.0),
    (40, 2000, 0.7),
    (100, 2000, 0.5),
    (100, 500, -0.5),
    (300, 3000, 0.5),
)


def trial(rng: np.random.Generator, case: tuple[int, int, float], favour: float) -> tuple[float, float]:
    """Effect in points and its p-value."""
    own_pupils, others, impact = case
    theta = np.r_[rng.normal(impact, 1, own_pupils), rng.normal(0, 1, others)]
    focal = np.arange(len(theta)) < own_pupils
    a, b = rng.lognormal(0, 0.25, OWN + OTHER), rng.normal(0, 1, OWN + OTHER)
    eta = a * (theta[:, None] - b)
    eta[:own_pupils, :OWN] += favour * a[:OWN]
    right = (rng.random(eta.shape) < 1 / (1 + np.exp(-eta))).astype(float)
    found = bundle_effect(right[:, :OWN].sum(axis=1), right[:, OWN:], focal)
    assert found is not None
    return found.effect, float(2 * stats.t.sf(abs(found.effect / found.error), found.freedom))


def main(replications: int) -> None:
    """Print the table as Markdown."""
    print("| pupils | others | ability | bias, points | found, none there | found, 0.33 logit |")
    print("| --- | --- | --- | --- | --- | --- |")
    rng = np.random.default_rng(2025)
    for case in CASES:
        none = np.array([trial(rng, case, 0.0) for _ in range(replications)])
        some = np.array([trial(rng, case, FAVOUR) for _ in range(replications)])
        shares = f"{100 * (none[:, 1] < 0.05).mean():.1f} % | {100 * (some[:, 1] < 0.05).mean():.1f} %"
        print(f"| {case[0]} | {case[1]} | {case[2]:+.1f} | {none[:, 0].mean():+.3f} | {shares} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
