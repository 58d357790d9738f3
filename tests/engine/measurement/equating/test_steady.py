import numpy as np
import pytest

from tests.engine.measurement.equating.worlds import common_item_forms, random_group_forms
from thucchat.engine.measurement.equating.forms import Form, Scale
from thucchat.engine.measurement.equating.loglinear import Smoothing, smooth
from thucchat.engine.measurement.equating.steady import steady_shares


@pytest.mark.parametrize("forms", [random_group_forms, common_item_forms])
def test_every_score_has_a_share_and_they_sum_to_one(forms):
    form, _ = forms(persons=60)

    shares = steady_shares(form)

    assert shares.shape == form.counts.shape
    assert (shares > 0).all()
    assert shares.sum() == pytest.approx(1)


def test_where_a_hundred_persons_are_expected_observed_and_smooth_shares_weigh_alike(monkeypatch):
    monkeypatch.setattr("thucchat.engine.measurement.equating.steady.DEGREES", (4,))
    form = Form(Scale(0, 10, 1), np.array([80, 120, 80, 120, 80, 120, 80, 120, 80, 120, 80], float))
    fitted = smooth(form, Smoothing(4, 1)).shares
    assert form.persons * fitted[3:8] == pytest.approx([100] * 5, rel=0.1)

    weight = (steady_shares(form) - fitted) / (form.shares - fitted)

    assert weight[3:8] == pytest.approx([0.5] * 5, abs=0.03)


def test_many_persons_keep_what_was_observed_and_few_follow_the_fit():
    form, _ = random_group_forms(persons=300)
    middle = slice(8, 23)

    def distances(times):
        larger = Form(form.scale, form.counts * times)
        fitted, steady = smooth(larger, Smoothing(4, 1)).shares, steady_shares(larger)
        return np.abs(steady - fitted)[middle].max(), np.abs(steady - form.shares)[middle].max()

    assert distances(1)[0] < distances(1)[1] / 3
    assert distances(1000)[1] < distances(1000)[0] / 50


def test_the_degree_follows_the_data_into_a_thin_tail():
    few = [0, 1, 1, 3, 9, 18, 59, 67, 91, 144, 149]
    form = Form(Scale(0, 20, 1), np.array([*few, *[190] * 10], float))

    expected = steady_shares(form) * form.persons

    assert expected[4:7] == pytest.approx([9, 18, 59], rel=0.5)
    assert expected[7:11] == pytest.approx(few[7:], rel=0.25)


def test_a_pair_of_scores_is_weighed_by_the_rarer_of_the_two():
    form, _ = common_item_forms(persons=4000)
    fitted = smooth(form, Smoothing(4, 2)).shares
    steady = steady_shares(form)
    total, anchor = 15, 5
    rarer = 4000 * min(fitted[total].sum(), fitted[:, anchor].sum())

    weight = (steady - fitted)[total, anchor] / (form.shares - fitted)[total, anchor]

    assert weight == pytest.approx(rarer / (rarer + 100), rel=0.02)


@pytest.mark.parametrize("counts", [[0, 0, 30, 20, 0, 0], [0, 5, 30, 20, 0, 0]])
def test_fewer_scores_than_four_moments_need_are_still_given_their_shares(counts):
    form = Form(Scale(0, 5, 1), np.array(counts, float))

    assert steady_shares(form) == pytest.approx(form.shares, abs=0.04)
