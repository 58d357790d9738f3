"""Small made-up forms for the tests: sums of right answers, with part of the items in common."""

import numpy as np

from thucchat.engine.measurement.equating.forms import Form, Scale, tabulate

SCALE, ANCHOR = Scale(0, 30, 1), Scale(0, 10, 1)


def common_item_group(seed, *, persons, ability, easier=0.0):
    """Totals of 30 items of which the first 10 are common, and the anchor totals."""
    rng = np.random.default_rng(seed)
    difficulty = np.concatenate([np.linspace(-1.2, 1.2, 10), np.linspace(-1.5, 1.5, 20) - easier])
    theta = ability + rng.normal(size=(persons, 1))
    right = rng.random((persons, 30)) < 1 / (1 + np.exp(difficulty - theta))
    return right.sum(axis=1).astype(float), right[:, :10].sum(axis=1).astype(float)


def common_item_forms(*, persons=2000, apart=0.3, easier=0.4):
    """Form X, easier outside the anchor, taken by a group `apart` above that of form Y."""
    x = common_item_group(1, persons=persons, ability=apart, easier=easier)
    y = common_item_group(2, persons=persons + 100, ability=0.0)
    return tuple(tabulate(SCALE, total, anchor_scale=ANCHOR, anchors=anchor) for total, anchor in (x, y))


def random_group_forms(*, persons=1500):
    forms = common_item_forms(persons=persons, apart=0.0)
    return tuple(Form(form.scale, form.counts.sum(axis=1)) for form in forms)
