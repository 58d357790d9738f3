import numpy as np
import pytest

from tests.engine.measurement.equating.worlds import ANCHOR, SCALE, common_item_forms, random_group_forms
from thucchat.engine.errors import EngineError
from thucchat.engine.measurement.equating.forms import Form
from thucchat.engine.measurement.equating.loglinear import Smoothing
from thucchat.engine.measurement.equating.methods import Plan, equate


def of_size(form, persons):
    counts = np.zeros_like(form.counts)
    filled = np.argsort(form.counts, axis=None)[::-1][:persons]
    counts.ravel()[filled] = 1
    return Form(form.scale, counts, form.anchor_scale)


@pytest.mark.parametrize(("method", "persons"), [("mean", 4), ("linear", 9), ("equipercentile", 19)])
def test_too_few_persons_are_refused_by_each_method_in_turn(method, persons):
    forms = tuple(of_size(form, persons) for form in random_group_forms())

    with pytest.raises(EngineError) as refusal:
        equate(*forms, Plan("eg", method))
    assert refusal.value.code == "equating.few"


def test_a_small_group_gets_its_table_with_a_caution():
    forms = tuple(of_size(form, 20) for form in random_group_forms())

    result = equate(*forms, Plan("eg", "circle-arc"))

    assert len(result.cautions) == 1
    assert "dưới mức nên có (25)" in result.cautions[0]


def unrelated(form):
    rng = np.random.default_rng(0)
    return Form(
        SCALE, rng.multinomial(5000, np.full(341, 1 / 341)).reshape(form.counts.shape).astype(float), ANCHOR
    )


def moved_anchor(form, by):
    return Form(form.scale, np.roll(form.counts, by, axis=1), form.anchor_scale)


def one_anchor(form):
    counts = np.zeros_like(form.counts)
    counts[:, 5] = form.counts.sum(axis=1)
    return Form(form.scale, counts, form.anchor_scale)


def one_score(form):
    counts = np.zeros_like(form.counts)
    counts[5] = form.counts.sum(axis=0)
    return Form(form.scale, counts, form.anchor_scale)


def high_anchor_only(form):
    counts = form.counts.copy()
    counts[:, :6] = 0
    return Form(form.scale, counts, form.anchor_scale)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (unrelated, "anchor.weak"),
        (one_anchor, "anchor.constant"),
        (one_score, "equating.constant"),
        (high_anchor_only, "anchor.apart"),
        (lambda form: Form(form.scale, form.counts.sum(axis=1)), "anchor.absent"),
    ],
)
def test_an_anchor_that_cannot_carry_the_link_is_refused(spoil, code):
    x, y = common_item_forms()

    with pytest.raises(EngineError) as refusal:
        equate(spoil(x), y, Plan("neat", "frequency"))
    assert refusal.value.code == code


def test_scores_beyond_the_observed_ones_are_named_unless_smoothed():
    x, y = random_group_forms()
    counts = x.counts.copy()
    counts[:4] = counts[-1] = 0
    x = Form(x.scale, counts)

    rough = equate(x, y, Plan("eg", "equipercentile"))
    even = equate(x, y, Plan("eg", "equipercentile", smoothing=Smoothing(4, 1)))

    last = f"{x.scale.size - 1},0"
    assert any(f"được điểm từ 0,0 đến 3,0, {last}; giá trị" in caution for caution in rough.cautions)
    assert even.cautions == ()


def test_groups_far_apart_are_reported():
    result = equate(*common_item_forms(apart=1.2), Plan("neat", "chained-linear"))

    assert any("độ lệch chuẩn ở phần chung" in caution for caution in result.cautions)
