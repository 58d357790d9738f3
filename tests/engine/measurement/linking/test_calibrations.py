import numpy as np
import pytest

from thucchat.engine.errors import EngineError
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import calibrate_marginal
from thucchat.engine.measurement.linking.calibrations import (
    FormResponses,
    calibrate_on_anchors,
    calibrate_together,
    calibrated_items,
    stack_forms,
)
from thucchat.engine.measurement.linking.constants import estimate_link
from thucchat.engine.measurement.linking.items import common_items
from thucchat.engine.measurement.responses import responses_from_scores

DIFFICULTY = np.linspace(-1.5, 1.5, 25)
SLOPE = np.tile([0.8, 1.0, 1.2, 1.4, 1.6], 5)


def form(name, items, *, ability, persons=1500, seed=1):
    rng = np.random.default_rng(seed)
    theta = ability + rng.normal(size=(persons, 1))
    p = 1 / (1 + np.exp(-SLOPE[items] * (theta - DIFFICULTY[items])))
    scores = (rng.random(p.shape) < p).astype(float)
    return FormResponses(name, tuple(f"c{item}" for item in items), scores)


@pytest.fixture(scope="module")
def forms():
    return form("X", np.arange(0, 17), ability=0.0), form("Y", np.arange(8, 25), ability=0.5, seed=2)


@pytest.fixture(scope="module")
def separate(forms):
    return [
        calibrate_marginal(responses_from_scores(one.items, one.scores), [Model.TWO_PL] * 17) for one in forms
    ]


def test_stacking_leaves_missing_what_a_form_does_not_have(forms):
    items, scores, group = stack_forms(forms)

    assert len(items) == 25
    assert np.isnan(scores[group == 0][:, 17:]).all()
    assert np.isnan(scores[group == 1][:, :8]).all()
    assert scores[group == 1][:, 8:].tolist() == forms[1].scores.tolist()


def test_three_ways_to_one_scale_agree(forms, separate):
    source, target = common_items(calibrated_items(separate[1]), calibrated_items(separate[0]))
    link = estimate_link(source, target)
    together = calibrate_together(forms, Model.TWO_PL)
    anchored = calibrate_on_anchors(forms[1], Model.TWO_PL, separate[0].bank)

    means = link.intercept, together.latent.mean[1], anchored.latent.mean[0]
    assert means == pytest.approx((0.5, 0.5, 0.5), abs=0.15)
    assert np.ptp(means) < 0.08
    assert link.slope == pytest.approx(together.latent.sd[1], abs=0.08)


def test_errors_of_the_reported_steps_come_from_the_full_covariance(separate):
    items = calibrated_items(separate[0])

    assert items.covariance is not None
    assert items.covariance.shape == (34, 34)
    errors = np.sqrt(np.diag(items.covariance))
    assert (errors > 0.02).all()
    assert (errors < 0.3).all()


def test_forms_without_items_in_common_are_refused():
    apart = form("X", np.arange(0, 10), ability=0.0), form("Y", np.arange(12, 25), ability=0.0)

    with pytest.raises(EngineError) as refusal:
        calibrate_together(apart, Model.RASCH)
    assert refusal.value.code == "design.unlinked"
    with pytest.raises(EngineError) as refusal:
        calibrate_together(apart[:1], Model.RASCH)
    assert refusal.value.code == "link.forms"
