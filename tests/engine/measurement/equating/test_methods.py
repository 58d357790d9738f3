from dataclasses import replace

import numpy as np
import pytest

from tests.engine.measurement.equating.worlds import common_item_forms, random_group_forms
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.equating.forms import Scale, tabulate
from thucchat.engine.measurement.equating.loglinear import Smoothing
from thucchat.engine.measurement.equating.methods import ANCHOR_METHODS, GROUP_METHODS, MIDDLES, Plan, equate


@pytest.mark.parametrize("method", GROUP_METHODS)
def test_equal_distributions_equate_to_themselves(method):
    form, _ = random_group_forms()

    assert equate(form, form, Plan("eg", method)).y == pytest.approx(form.scale.points, abs=0.5)
    assert equate(form, form, Plan("eg", method)).y[8:24] == pytest.approx(form.scale.points[8:24])


@pytest.mark.parametrize("method", ANCHOR_METHODS)
def test_every_anchor_method_finds_that_form_x_is_easier(method):
    x, y = common_item_forms()

    result = equate(x, y, Plan("neat", method))

    # 20 items easier by 0.4 logits: about 0.4 x 20 x 0.2 = 1.6 points in the middle.
    assert result.y[15] - 15 == pytest.approx(-1.6, abs=0.7)
    assert (result.error > 0)[1:-1].all()


@pytest.mark.parametrize("middle", MIDDLES)
def test_the_arc_takes_its_middle_from_the_chosen_method(middle):
    x, y = common_item_forms()
    mean = float(x.shares.sum(axis=1) @ x.scale.points)
    arc = equate(x, y, Plan("neat", "circle-arc", middle=middle))

    if middle == "chained-linear":
        line = equate(x, y, Plan("neat", "chained-linear"))
        assert np.interp(mean, arc.x, arc.y) == pytest.approx(np.interp(mean, line.x, line.y), abs=0.02)
    assert arc.y[[0, -1]] == pytest.approx([0, 30])


def test_weights_follow_group_sizes_unless_given():
    x, y = common_item_forms()

    assert equate(x, y, Plan("neat", "tucker")).weight == pytest.approx(2000 / 4100)
    assert equate(x, y, Plan("neat", "tucker", weight=1.0)).weight == 1
    assert equate(x, y, Plan("neat", "chained-linear")).weight is None


def test_two_groups_alike_on_the_anchor_need_no_adjustment():
    x, _ = common_item_forms()
    result = equate(x, x, Plan("neat", "frequency"))

    assert result.y == pytest.approx(result.x, abs=1e-9)


def test_smoothing_hardly_moves_the_middle_and_lowers_the_error():
    forms = random_group_forms()
    rough = equate(*forms, Plan("eg", "equipercentile"))
    even = equate(*forms, Plan("eg", "equipercentile", smoothing=Smoothing(4, 1)))

    assert even.y[6:25] == pytest.approx(rough.y[6:25], abs=0.5)
    assert even.error[6:25].mean() < rough.error[6:25].mean()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"design": "sg"}, "equating.design"),
        ({"method": "linear"}, "equating.method"),
        ({"method": "circle-arc", "middle": "guess"}, "equating.method"),
        ({"weight": 1.5}, "equating.weight"),
        ({"smoothing": Smoothing(0, 1)}, "equating.smoothing"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(change, code):
    with pytest.raises(InvalidInput) as refusal:
        equate(*common_item_forms(), replace(Plan("neat", "tucker"), **change))
    assert refusal.value.code == code


def test_anchors_on_different_scales_are_refused():
    x, _ = common_item_forms()
    scores = np.arange(31.0)
    y = tabulate(Scale(0, 30, 1), scores, anchor_scale=Scale(0, 31, 1), anchors=scores)

    with pytest.raises(InvalidInput) as refusal:
        equate(x, y, Plan("neat", "chained-linear"))
    assert refusal.value.code == "anchor.scale"
