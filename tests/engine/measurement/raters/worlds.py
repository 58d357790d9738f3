"""Markings whose truth is known."""

import numpy as np

from thucchat.engine.measurement.raters.marks import marks_of


def marking(rng, *, scripts=600, severity=(-0.4, -0.1, 0.0, 0.2, 0.3), error=0.35, drift=0.0):
    """Marks of every script by two raters drawn at random, the first of whom drifts, and the true scores."""
    raters = len(severity)
    true = 6 + 1.3 * rng.normal(size=scripts)
    who = np.argsort(rng.random((scripts, raters)), axis=1)[:, :2].ravel()
    script = np.repeat(np.arange(scripts), 2)
    own = (who[:, None] == np.arange(raters)).cumsum(axis=0)[np.arange(len(who)), who] - 1
    middle = np.bincount(who, own)[who] / np.bincount(who)[who]
    points = true[script] - np.array(severity)[who] - drift * (who == 0) * (own - middle) / 100
    points = points + error * rng.normal(size=len(who))
    return marks_of([f"{s:04d}" for s in script], [f"r{w}" for w in who], points), true
