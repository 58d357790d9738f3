import numpy as np
import pytest

from tests.engine.measurement.equating.worlds import common_item_forms, random_group_forms
from thucchat.engine.measurement.equating.forms import Form
from thucchat.engine.measurement.equating.loglinear import Smoothing, smooth
from thucchat.engine.measurement.equating.methods import Plan, equate
from thucchat.engine.measurement.equating.sampling import Estimate

PLANS = [
    (Plan("eg", "mean"), 0.07),
    (Plan("eg", "linear"), 0.07),
    (Plan("eg", "circle-arc"), 0.07),
    (Plan("eg", "equipercentile"), 0.25),
    (Plan("neat", "tucker"), 0.07),
    (Plan("neat", "levine"), 0.07),
    (Plan("neat", "levine", internal=False), 0.07),
    (Plan("neat", "chained-linear"), 0.07),
    (Plan("neat", "braun-holland", weight=0.5), 0.07),
    (Plan("neat", "frequency"), 0.25),
    (Plan("neat", "chained-equipercentile"), 0.25),
    (Plan("neat", "circle-arc", middle="tucker"), 0.07),
]
# A percentile-rank curve has a kink at every half point, where one slope stands for two: errors of single
# scores differ by more, their mean does not.
MIDDLE = slice(6, 26)  # scores with enough persons for a delta method


@pytest.mark.parametrize(("plan", "tolerance"), PLANS, ids=lambda value: getattr(value, "method", ""))
def test_analytic_and_bootstrap_errors_agree(plan, tolerance):
    forms = common_item_forms() if plan.design == "neat" else random_group_forms()

    result = equate(*forms, plan, replications=1500, rng=np.random.default_rng(5))

    assert result.bootstrap_error is not None
    ratio = result.bootstrap_error[MIDDLE] / result.error[MIDDLE]
    assert ratio.mean() == pytest.approx(1, abs=0.05)
    assert ratio == pytest.approx(np.ones(20), abs=tolerance)


@pytest.mark.parametrize(
    "plan",
    [
        Plan("eg", "equipercentile", smoothing=Smoothing(4, 1)),
        pytest.param(Plan("neat", "frequency", smoothing=Smoothing(4, 2)), marks=pytest.mark.slow),
    ],
    ids=lambda plan: plan.method,
)
def test_errors_after_smoothing_agree_with_a_bootstrap_that_smooths_again(plan):
    forms = common_item_forms() if plan.design == "neat" else random_group_forms()

    result = equate(*forms, plan, replications=400, rng=np.random.default_rng(5))

    assert result.bootstrap_error is not None
    ratio = result.bootstrap_error[MIDDLE] / result.error[MIDDLE]
    assert ratio.mean() == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize(
    ("plan", "persons"),
    [
        (Plan("eg", "equipercentile"), 50),
        (Plan("eg", "equipercentile"), 300),
        pytest.param(Plan("neat", "frequency", weight=0.5), 300, marks=pytest.mark.slow),
        pytest.param(Plan("neat", "chained-equipercentile"), 300, marks=pytest.mark.slow),
        (Plan("neat", "circle-arc"), 50),
    ],
    ids=lambda value: getattr(value, "method", str(value)),
)
def test_intervals_from_small_groups_hold_the_population_value_as_often_as_stated(plan, persons):
    populations = [smooth_population(form, persons) for form in common_item_forms()]
    truth = equate(*populations, plan).y
    rng = np.random.default_rng(11)

    results = [equate(*(redrawn(form, rng) for form in populations), plan) for _ in range(600)]

    held = np.mean([np.abs(result.y - truth) <= 1.96 * result.error for result in results], axis=0)
    assert held @ populations[0].shares.sum(axis=1) == pytest.approx(0.95, abs=0.02)


def smooth_population(form, persons):
    return Form(form.scale, persons * smooth(form, Smoothing(4, 2)).shares, form.anchor_scale)


def redrawn(form, rng):
    counts = rng.multinomial(round(form.persons), form.shares.ravel()).reshape(form.counts.shape)
    return Form(form.scale, counts.astype(float), form.anchor_scale)


def test_an_unsmoothed_curve_states_an_error_where_nobody_stands():
    forms = [
        Form(form.scale, np.where(form.scale.points < 26, form.counts, 0)) for form in random_group_forms()
    ]

    result = equate(*forms, Plan("eg", "equipercentile"))

    assert (result.error > 0).all()
    assert (result.error[-4:] > result.error[15]).all()
    assert np.isfinite(result.error).all()


def test_errors_of_linear_equating_follow_the_published_formula():
    """Source: Braun and Holland (1982), with skewness and kurtosis."""
    x, y = random_group_forms()
    parts = []
    for form in (x, y):
        mean = form.shares @ form.scale.points
        z = (form.scale.points - mean) / np.sqrt(form.shares @ (form.scale.points - mean) ** 2)
        parts.append((form.persons, form.shares @ z**3, form.shares @ z**4, z))
    (n_x, skew_x, kurt_x, z), (n_y, skew_y, kurt_y, _) = parts
    deviation = np.sqrt(y.shares @ (y.scale.points - y.shares @ y.scale.points) ** 2)
    variance = 1 / n_x + 1 / n_y + (skew_x / n_x + skew_y / n_y) * z
    variance += ((kurt_x - 1) / (4 * n_x) + (kurt_y - 1) / (4 * n_y)) * z**2

    assert equate(x, y, Plan("eg", "linear")).error == pytest.approx(deviation * np.sqrt(variance), rel=1e-3)


def test_directions_multiply_out_to_the_unbiased_multinomial_covariance():
    shares = np.array([[0.1, 0.2], [0.0, 0.7]])
    blocks = list(Estimate(shares, None, 50.0).directions())
    columns = np.concatenate(blocks).reshape(-1, 4)

    flat = shares.ravel()
    assert columns.T @ columns == pytest.approx((np.diag(flat) - np.outer(flat, flat)) / 49)
