import numpy as np
import pytest

from tests.engine.measurement.equating.worlds import common_item_forms, common_item_group
from thucchat.engine.measurement.equating.moments import joint_moments


def test_moments_of_a_table_are_those_of_the_persons_in_it():
    total, anchor = common_item_group(1, persons=300, ability=0.3, easier=0.4)
    form, _ = common_item_forms(persons=300)

    moments = joint_moments(form, form.shares)

    together = np.cov(total, anchor)
    assert (moments.mean, moments.anchor_mean) == pytest.approx((total.mean(), anchor.mean()))
    assert [moments.variance, moments.anchor_variance, moments.covariance] == pytest.approx(
        [together[0, 0], together[1, 1], together[0, 1]]
    )


def test_a_batch_gives_what_each_member_gives():
    form, other = common_item_forms(persons=300)

    batch = joint_moments(form, np.stack([form.shares, other.shares]))

    assert batch.covariance[1] == pytest.approx(float(joint_moments(form, other.shares).covariance))
