import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[3] / "docs" / "simulations"


@pytest.mark.slow
def test_corrected_teacher_effects_are_unbiased_and_their_intervals_honest(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    monkeypatch.delitem(sys.modules, "growth", raising=False)
    import growth

    found = growth.simulate(60)
    monkeypatch.delitem(sys.modules, "growth")

    bias, lowest, highest, coverage, error = found["corrected"]
    assert abs(bias) < 0.02
    assert abs(lowest) < 0.025  # the mean of 60 provinces still moves by some 0.002
    assert abs(highest) < 0.025
    assert 0.88 < coverage < 0.92
    assert found["uncorrected"][1] < 2 * lowest < 0
    assert found["uncorrected"][4] > error
