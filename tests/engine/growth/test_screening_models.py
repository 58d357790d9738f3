import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.screening_models import Label, Why, agreed_labels

ERROR = {"effect": 0.1, "percentile": 2.0}


def labels(effects, percentiles, pupils=None):
    count = len(effects)
    return agreed_labels(
        (np.asarray(effects, dtype=float), np.full(count, ERROR["effect"])),
        (np.asarray(percentiles, dtype=float), np.full(count, ERROR["percentile"])),
        np.full(count, 30) if pupils is None else np.asarray(pupils),
    )


def test_a_label_needs_both_models():
    found = labels(
        [1, -1, 1, 1, 0, 1, np.nan, 1], [70, 30, 30, 50, 51, 70, 70, np.nan], [30, 30, 30, 30, 30, 5, 30, 30]
    )

    assert found.label == [Label.TOP, Label.BOTTOM, *[Label.NONE] * 6]
    assert found.why == [
        *(Why.LABELLED, Why.LABELLED, Why.OPPOSED, Why.ONE_ONLY),
        *(Why.WITHIN, Why.FEW, Why.MISSING, Why.MISSING),
    ]


def test_every_unit_has_a_label_or_a_reason():
    rng = np.random.default_rng(1)
    found = labels(rng.normal(0, 0.3, 500), rng.normal(50, 8, 500), rng.integers(1, 60, 500))

    assert all(bool(label) != bool(why) for label, why in zip(found.label, found.why, strict=True))


def test_the_correlation_is_over_units_with_both():
    effects, percentiles = np.array([1, 2, 3, np.nan]), np.array([40, 50, 60, 90.0])

    assert labels(effects, percentiles).correlation == pytest.approx(1)
    assert np.isnan(labels([1, 2], [3, 4]).correlation)


def test_models_of_different_units_are_refused():
    with pytest.raises(InvalidInput) as refusal:
        agreed_labels((np.ones(2), np.ones(2)), (np.ones(3), np.ones(3)), np.ones(3, dtype=int))
    assert refusal.value.code == "screening.shape"
