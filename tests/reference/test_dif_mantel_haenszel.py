"""Mantel-Haenszel on published tables.

Admissions to six departments of Berkeley: Bickel, Hammel and O'Connell (1975), Science 187, 398-404; results
as printed by R's mantelhaen.test(UCBAdmissions).
Eight-centre clinical trial: Agresti (2002), Categorical Data Analysis, 2nd ed., Table 6.9 and section 6.3.
"""

import numpy as np
import pytest

from thucchat.engine.measurement.dif.mantel_haenszel import common_odds

# Admitted and rejected men, admitted and rejected women, by department.
BERKELEY = np.array(
    [
        [512, 313, 89, 19],
        [353, 207, 17, 8],
        [120, 205, 202, 391],
        [138, 279, 131, 244],
        [53, 138, 94, 299],
        [22, 351, 24, 317],
    ],
    float,
)
# Success and failure with the drug, success and failure with the control, by centre.
CENTRES = np.array(
    [
        [11, 25, 10, 27],
        [16, 4, 22, 10],
        [14, 5, 7, 12],
        [2, 14, 1, 16],
        [6, 11, 0, 12],
        [1, 10, 0, 10],
        [1, 4, 1, 8],
        [4, 2, 6, 1],
    ],
    float,
)


def test_berkeley_with_the_continuity_correction():
    odds = common_odds(BERKELEY, corrected=True)

    assert odds.statistic == pytest.approx(1.4269, abs=5e-5)
    assert odds.p == pytest.approx(0.2323, abs=5e-5)
    assert odds.odds_ratio == pytest.approx(0.9046968, abs=5e-8)
    # R's interval for the odds ratio, 95 %.
    interval = odds.odds_ratio * np.exp(np.array([-1.959964, 1.959964]) * odds.log_error)
    assert interval == pytest.approx([0.7719074, 1.0603298], rel=2e-4)


def test_berkeley_without_it():
    assert common_odds(BERKELEY, corrected=False).statistic == pytest.approx(1.524607, abs=5e-7)


def test_the_clinical_trial():
    odds = common_odds(CENTRES, corrected=False)

    assert odds.statistic == pytest.approx(6.38, abs=0.005)
    assert odds.odds_ratio == pytest.approx(2.13, abs=0.005)
