"""Small examinations whose truth is known."""

import numpy as np

from thucchat.engine.measurement.forensics.answers import Answers


def examination(rng, *, rooms=12, size=20, items=30):
    """Answers of persons who worked apart, their rooms and abilities; option 0 is right everywhere."""
    theta = rng.normal(size=rooms * size)
    slope, difficulty = rng.uniform(0.7, 1.8, items), rng.normal(size=items)
    p = 1 / (1 + np.exp(-slope * (theta[:, None] - difficulty)))
    wrong = rng.choice([1, 2, 3], size=p.shape, p=[0.5, 0.3, 0.2])
    codes = np.where(rng.random(p.shape) < p, 0, wrong).astype(np.int8)
    return answers(codes), np.repeat(np.arange(rooms), size), theta


def answers(codes):
    """Answers with four options, the first right everywhere."""
    items = codes.shape[1]
    right = np.zeros((items, 4), bool)
    right[:, 0] = True
    everywhere = np.ones((items, 4), bool)
    return Answers(tuple(f"c{place}" for place in range(items)), codes, everywhere, right, everywhere)
