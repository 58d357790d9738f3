import numpy as np
import pytest
from scipy.special import expit

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.paths import growth_path, rebased, share_on_path


def test_the_path_is_a_logistic_curve():
    path = growth_path(0.38, 0.6, 2005, 2021)

    # IDEB: N / (1 + exp(-(b0 + b1 t))) through both ends, written out for 2013, the middle year.
    steep = (0.405465108 - -0.489548225) / 16
    assert path.shares[8] == pytest.approx(expit(-0.489548225 + 8 * steep), abs=1e-6)
    assert (path.years[0], path.years[-1]) == (2005, 2021)
    assert path.shares[0] == pytest.approx(0.38)
    assert path.shares[-1] == pytest.approx(0.6)


def test_a_shock_gives_a_second_path_and_leaves_the_signed_one():
    signed = growth_path(0.5, 0.8, 2024, 2030)

    beside = rebased(signed, 2026, 0.45)

    assert beside.years == (2026, 2027, 2028, 2029, 2030)
    assert beside.shares[0] == pytest.approx(0.45)
    assert beside.shares[-1] == pytest.approx(0.8)
    assert signed.shares[2] > 0.55


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((0, 0.5, 2024, 2030), "share"), ((0.4, 1, 2024, 2030), "share"), ((0.4, 0.5, 2030, 2030), "years")],
)
def test_what_is_no_path_is_refused(arguments, code):
    with pytest.raises(InvalidInput) as refusal:
        growth_path(*arguments)
    assert refusal.value.code == f"path.{code}"


def test_half_of_the_time_is_half_of_the_logits():
    found = share_on_path(0.2, 0.8, np.array([0, 0.5, 1]))

    assert found == pytest.approx([0.2, 0.5, 0.8])
