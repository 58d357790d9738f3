import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp

from tests.engine.measurement.equating.worlds import common_item_forms, random_group_forms
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.equating.forms import Form, Scale
from thucchat.engine.measurement.equating.loglinear import Smoothing, default_smoothing, smooth


@pytest.mark.parametrize("degree", [1, 2, 3, 4, 6])
def test_smoothing_keeps_as_many_moments_as_its_degree(degree):
    form, _ = random_group_forms()
    points = form.scale.points

    fitted = smooth(form, Smoothing(degree, 1)).shares

    for power in range(1, degree + 1):
        assert fitted @ points**power == pytest.approx(form.shares @ points**power, rel=1e-7)


def test_smoothing_of_two_scores_keeps_their_moments_and_cross_moments():
    form, _ = common_item_forms()
    assert form.anchor_scale is not None
    points, anchors = form.scale.points, form.anchor_scale.points

    fitted = smooth(form, Smoothing(4, 2)).shares

    for powers in [(4, 0), (0, 4), (1, 1), (1, 2), (2, 1), (2, 2)]:
        moment = np.outer(points ** powers[0], anchors ** powers[1])
        assert (fitted * moment).sum() == pytest.approx((form.shares * moment).sum(), rel=1e-7)


def test_the_fit_is_the_maximum_that_a_general_optimiser_finds():
    form, _ = random_group_forms(persons=300)
    powers = np.vander(np.linspace(-1, 1, form.scale.size), 4)[:, :3]

    def loss(slopes):
        logits = powers @ slopes
        return logsumexp(logits) - form.shares @ logits

    best = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-9}).x

    assert smooth(form, Smoothing(3, 1)).shares == pytest.approx(
        np.exp(powers @ best - logsumexp(powers @ best)), abs=1e-6
    )


def test_a_saturated_fit_would_leave_no_degrees_of_freedom_and_is_refused():
    form = Form(Scale(0, 9, 1), np.array([0, 0, 5, 9, 4, 0, 0, 0, 0, 0], float))

    with pytest.raises(InvalidInput) as refusal:
        smooth(form, Smoothing(3, 1))
    assert refusal.value.code == "smoothing.degree"


def test_the_factor_is_the_sampling_error_of_the_fitted_shares():
    form, _ = random_group_forms(persons=800)
    fitted = smooth(form, Smoothing(3, 1))
    rng = np.random.default_rng(3)
    samples = rng.multinomial(800, fitted.shares, size=600)

    refitted = np.stack(
        [smooth(Form(form.scale, one.astype(float)), Smoothing(3, 1)).shares for one in samples]
    )

    stated = np.sqrt((fitted.factor**2).sum(axis=1))
    assert refitted.std(axis=0)[5:25] == pytest.approx(stated[5:25], rel=0.12)


@pytest.mark.parametrize(("degree", "cross"), [(1, 1), (3, 1), (4, 2), (6, 2)])
def test_cross_products_grow_with_the_degree_up_to_the_square(degree, cross):
    assert default_smoothing(degree) == Smoothing(degree, cross)
