import numpy as np
import pytest

from thucchat.engine.measurement.forensics.discovery import discover


def test_flags_stand_from_the_most_unusual_and_say_how_many_are_false():
    p = np.array([0.5, 0.0004, 0.0001, np.nan, 0.9])

    found = discover(p, 0.05)

    assert found.flagged.tolist() == [2, 1]
    assert found.tests == 4
    assert found.cut == 0.0004
    assert found.expected_false == pytest.approx(4 * 0.0004)


def test_tests_that_are_not_listed_count_all_the_same():
    p = np.array([0.001, 0.01])

    assert len(discover(p).flagged) == 2
    assert len(discover(p, tests=1000).flagged) == 0
    assert discover(p, tests=1000).adjusted[0] == pytest.approx(1.0)


def test_nothing_unusual_gives_an_empty_list():
    found = discover(np.array([0.3, 0.6]))

    assert (found.flagged.size, found.cut, found.expected_false) == (0, 0.0, 0.0)


def test_the_calibration_compares_seen_with_expected():
    found = discover(np.linspace(0.0005, 1, 2000), tests=2000)

    first = found.calibration[0]
    assert (first.p, first.seen, first.expected) == (0.01, 20, 20.0)
