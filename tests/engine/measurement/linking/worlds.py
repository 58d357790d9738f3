"""Made-up calibrations whose scales differ by a known A and B."""

import numpy as np

from thucchat.engine.measurement.linking.items import ItemParameters

A, B = 1.2, -0.4


def target_items(count=12, *, seed=1, error=0.05):
    rng = np.random.default_rng(seed)
    steps = rng.normal(size=(count, 3))
    steps[: count // 2, 1:] = np.nan
    steps.sort(axis=1)
    graded = np.arange(count) >= 3 * count // 4
    guessing = np.where(np.arange(count) < 2, 0.2, 0.0)
    present = np.concatenate([np.ones(count, bool), ~np.isnan(steps).ravel()])
    slopes = rng.uniform(0.7, 1.8, count)
    names = tuple(f"c{place}" for place in range(count))
    return ItemParameters(names, slopes, steps, guessing, graded, np.diag(error**2 * present))


def source_items(target, *, noise=0.0, seed=2):
    """The same items on the scale θ with θ' = A θ + B."""
    rng = np.random.default_rng(seed)
    slopes = target.slopes * A + noise * rng.normal(size=target.slopes.shape)
    steps = (target.steps - B) / A + noise * rng.normal(size=target.steps.shape)
    return ItemParameters(target.names, slopes, steps, target.guessing, target.cumulative, target.covariance)
