"""Conditional estimates of two public data sets of the R package eRm (Mair & Hatzinger 2007, Journal of
Statistical Software 20(9)): raschdat1 (100 persons, 30 items) and pcmdat2 (300 persons, 4 items).

Conditional likelihood knows a right-or-wrong table only by its margins, so those of raschdat1 are enough.
Values printed by eRm 1.0-2 (RM, PCM, thresholds) and psychotools 0.7-2 (pcmodel, itempar).
"""

import numpy as np
import pytest

from thucchat.engine.measurement.abilities import likelihood_ability
from thucchat.engine.measurement.irt.calibration import reported_items
from thucchat.engine.measurement.irt.conditional import calibrate_conditional
from thucchat.engine.measurement.responses import responses_from_scores

ITEM_TOTALS = [
    76, 47, 62, 33, 22, 48, 60, 61, 57, 25, 33, 54, 19, 12, 53, 34, 53, 44, 31, 60, 65, 66, 60, 46, 30, 70,
    44, 40, 31, 61,
]  # fmt: skip
PERSONS_BY_SCORE = {
    1: 1, 2: 1, 3: 1, 4: 3, 5: 1, 6: 5, 7: 5, 8: 3, 9: 5, 10: 6, 11: 4, 12: 6, 13: 6, 14: 7, 15: 6, 16: 5,
    17: 8, 18: 3, 19: 2, 20: 5, 21: 6, 22: 4, 23: 1, 24: 1, 25: 1, 26: 4,
}  # fmt: skip
DIFFICULTIES = [
    -1.565270, -0.051172, -0.782190, 0.650232, 1.300579, -0.099296, -0.681697, -0.731734, -0.533662, 1.107727,
    0.650232, -0.387904, 1.511192, 2.116117, -0.339649, 0.597111, -0.339649, 0.093927, 0.758721, -0.681697,
    -0.936549, -0.989173, -0.681697, -0.002950, 0.814227, -1.207133, 0.093927, 0.290443, 0.758721, -0.731734,
]  # fmt: skip
ERRORS = [0.24904, 0.21631, 0.22199, 0.22769, 0.25442, 0.21614, 0.22015, 0.22102, 0.21806, 0.24470]
PATTERNS = (  # pcmdat2, pattern:persons
    "0000:7 0001:2 0010:2 0011:14 0012:2 0020:1 0021:1 0022:21 0110:1 0111:8 0120:1 0121:2 "
    "0122:7 0211:1 0212:1 0220:2 0222:3 1001:2 1010:5 1011:13 1012:2 1020:4 1021:2 1022:9 "
    "1101:2 1110:4 1111:46 1112:3 1120:1 1121:7 1122:19 1211:2 1220:1 1221:3 1222:19 2011:2 "
    "2012:1 2020:1 2021:2 2022:15 2111:2 2121:2 2122:7 2202:1 2211:4 2212:1 2220:4 2221:1 "
    "2222:37"
)


def table_with_margins(persons, items):
    """A 0/1 table with these row and column sums: each person takes the items with most left to give."""
    table, left = np.zeros((len(persons), len(items))), np.array(items)
    for row, score in sorted(zip(table, persons, strict=True), key=lambda pair: -pair[1]):
        chosen = np.argsort(-left, kind="stable")[:score]
        row[chosen] = 1
        left[chosen] -= 1
    assert not left.any()
    return table


@pytest.fixture(scope="module")
def rasch():
    persons = [score for score, count in PERSONS_BY_SCORE.items() for _ in range(count)]
    table = table_with_margins(persons, ITEM_TOTALS)
    data = responses_from_scores([f"I{n}" for n in range(1, 31)], table)
    return data, calibrate_conditional(data)


def test_rasch_difficulties(rasch):
    items = reported_items(rasch[1])

    assert [item.b for item in items] == pytest.approx(DIFFICULTIES, abs=1e-4)
    assert rasch[1].log_likelihood == pytest.approx(-1434.482, abs=1e-3)


def test_rasch_standard_errors(rasch):
    assert [item.se_b for item in reported_items(rasch[1])][:10] == pytest.approx(ERRORS, abs=2e-5)


def test_abilities_by_maximum_likelihood(rasch):
    # eRm's person.parameter: scores 1 to 6 and the errors of the abilities.
    data, found = rasch
    score = data.points().sum(axis=1)

    abilities = likelihood_ability(found.bank, data, weighted=False)

    first = [int(np.flatnonzero(score == value)[0]) for value in range(1, 7)]
    assert abilities.theta[first] == pytest.approx(
        [-3.667426, -2.920189, -2.459404, -2.114984, -1.833512, -1.591109], abs=1e-4
    )
    assert abilities.se[first] == pytest.approx(
        [1.026349, 0.744718, 0.623950, 0.554521, 0.509081, 0.477143], abs=1e-4
    )


@pytest.fixture(scope="module")
def partial():
    rows = [pair.split(":") for pair in PATTERNS.split()]
    table = np.repeat([[float(k) for k in pattern] for pattern, _ in rows], [int(n) for _, n in rows], axis=0)
    return calibrate_conditional(responses_from_scores(["I1", "I2", "I3", "I4"], table))


def test_partial_credit_thresholds(partial):
    steps = np.array([item.steps for item in reported_items(partial)])

    # psychotools centres the items' mean steps, as we do; eRm centres cumulated steps, a shift of 0.3538.
    assert partial.log_likelihood == pytest.approx(-485.017159379, abs=1e-7)
    assert steps.ravel() == pytest.approx(
        [-0.4581, 1.8262, 0.2175, 1.6417, -2.6685, 0.2429, -1.3371, 0.5353], abs=6e-5
    )
    erm = [-0.10428549, 2.18009043, 0.57134749, 1.99553373, -2.31460513, 0.59677974, -0.98324348, 0.88916932]
    assert steps.ravel() + np.mean(erm) == pytest.approx(erm, abs=2e-5)


def test_partial_credit_item_errors(partial):
    assert [item.se_b for item in reported_items(partial)] == pytest.approx(
        [0.1005646, 0.1011675, 0.1572022, 0.1054507], abs=1e-6
    )
