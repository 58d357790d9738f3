"""Made-up responses of two groups with planted DIF."""

import numpy as np

from thucchat.engine.measurement.dif.design import GroupedResponses


def two_groups(seed=1, *, persons=1200, items=16, planted=None, turned=None, apart=0.3):
    """Rasch responses; `planted` shifts difficulties of the focal group, `turned` multiplies its slopes."""
    rng = np.random.default_rng(seed)
    focal = rng.random(persons) < 0.5
    theta = rng.normal(size=persons) - apart * focal
    shift, slope = np.zeros(items), np.ones(items)
    for place, size in (planted or {}).items():
        shift[place] = size
    for place, size in (turned or {}).items():
        slope[place] = size
    depth = theta[:, None] - np.linspace(-1.5, 1.5, items) - focal[:, None] * shift
    p = 1 / (1 + np.exp(-np.where(focal[:, None], slope, 1.0) * depth))
    names = tuple(f"c{place}" for place in range(items))
    return GroupedResponses(names, (rng.random(p.shape) < p).astype(float), focal)


def in_steps(data, place, seed=9):
    """The same responses with one item scored 0, 1 or 2."""
    rng = np.random.default_rng(seed)
    scores = data.scores.copy()
    scores[:, place] += scores[:, place] * (rng.random(data.persons) < 0.5)
    return GroupedResponses(data.items, scores, data.focal)
