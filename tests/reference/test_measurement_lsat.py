"""LSAT sections 6 and 7: 1000 persons, five items, as counts of the 32 response patterns.

Data: Bock and Lieberman (1970), Psychometrika 35(2), 179-197; Bock and Aitkin (1981), Psychometrika 46(4).
Estimates for section 6: Rizopoulos (2006), ltm, Journal of Statistical Software 17(5), and the summary of
ltm's `ltm(LSAT ~ z1)` (21 Gauss-Hermite points, hence the tolerance). For section 7: Chalmers (2012), mirt,
Journal of Statistical Software 48(6), printed to three decimals after convergence within 1e-4.
"""

from itertools import product

import numpy as np
import pytest

from thucchat.engine.measurement.irt.calibration import item_covariances, reported_items
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal
from thucchat.engine.measurement.reliability import reliability
from thucchat.engine.measurement.responses import responses_from_scores

# Persons with 00000, 00001, 00010, … 11111; the first item stands first.
SECTION_6 = [
    3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61,
    28, 298,
]  # fmt: skip
SECTION_7 = [
    12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28, 7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18,
    136, 32, 308,
]  # fmt: skip


def section(counts):
    patterns = np.array(list(product((0.0, 1.0), repeat=5)))
    return responses_from_scores([f"Q{n}" for n in range(1, 6)], np.repeat(patterns, counts, axis=0))


def test_rasch_estimates_of_section_6():
    found = calibrate_marginal(section(SECTION_6), [Model.RASCH] * 5)

    # ltm writes one common slope and a variance of 1: slope = sd, difficulty = b / sd.
    sd = found.latent.sd[0]
    assert found.log_likelihood == pytest.approx(-2466.938, abs=1e-3)
    assert sd == pytest.approx(0.7551, abs=2e-4)
    assert [item.b / sd for item in reported_items(found)] == pytest.approx(
        [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], abs=6e-4
    )


def test_standard_errors_of_the_rasch_estimates_of_section_6():
    found = calibrate_marginal(section(SECTION_6), [Model.RASCH] * 5)
    sd, d = found.latent.sd[0], found.bank.parameters[:, 1]

    covariance = found.covariance
    by_parameter = np.hstack([-np.eye(5) / sd, (d / sd)[:, None]])  # derivatives of -d / sd by d, log sd
    errors = np.sqrt(np.diag(by_parameter @ covariance @ by_parameter.T))
    assert errors == pytest.approx([0.3266, 0.1422, 0.0977, 0.1691, 0.2510], abs=5e-4)
    assert sd * np.sqrt(covariance[-1, -1]) == pytest.approx(0.0694, abs=2e-4)


def test_two_parameter_estimates_of_section_6():
    found = reported_items(calibrate_marginal(section(SECTION_6), [Model.TWO_PL] * 5))

    assert [item.a for item in found] == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=1e-3)
    difficulties = [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236]
    assert [item.b for item in found] == pytest.approx(difficulties, abs=3e-3)


def test_the_likelihood_of_section_6():
    found = calibrate_marginal(section(SECTION_6), [Model.TWO_PL] * 5)

    assert found.log_likelihood == pytest.approx(-2466.653, abs=1e-3)


def test_two_parameter_estimates_of_section_7():
    found = calibrate_marginal(section(SECTION_7), [Model.TWO_PL] * 5)

    assert found.log_likelihood == pytest.approx(-2658.805, abs=1e-3)
    assert found.bank.parameters[:, 0] == pytest.approx([0.988, 1.081, 1.706, 0.765, 0.736], abs=2e-3)
    assert found.bank.parameters[:, 1] == pytest.approx([1.856, 0.808, 1.804, 0.486, 1.855], abs=2e-3)


def test_more_nodes_change_nothing_in_the_first_eight_digits():
    data = section(SECTION_7)

    chosen, wide = (
        calibrate_marginal(data, [Model.TWO_PL] * 5, Setting(nodes=nodes)).log_likelihood
        for nodes in (None, 201)
    )

    assert chosen == pytest.approx(wide, rel=1e-9)


def test_errors_are_those_of_repeated_samples_of_persons():
    data = section(SECTION_7)
    found = calibrate_marginal(data, [Model.TWO_PL] * 5)
    rng = np.random.default_rng(1)

    again = [
        calibrate_marginal(data.of_persons(rng.integers(0, 1000, 1000)), [Model.TWO_PL] * 5).bank.parameters
        for _ in range(120)
    ]

    errors = np.sqrt(np.einsum("jpp->jp", item_covariances(found)))[:, :2]
    assert np.median(np.std(again, axis=0)[:, :2] / errors) == pytest.approx(1, abs=0.15)


def test_alpha_of_section_6():
    # R's psych 2.2.9, alpha(lsat6): raw_alpha 0.29499719.
    assert reliability(section(SECTION_6).points()).alpha == pytest.approx(0.29499719, abs=1e-8)
