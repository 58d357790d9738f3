"""One small province for the tests that only look at it."""

import pytest

from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.schemas import Province, Truth


@pytest.fixture(scope="session")
def simulated() -> tuple[Province, Truth]:
    return simulate_province(0.03, 7)


@pytest.fixture(scope="session")
def province(simulated) -> Province:
    return simulated[0]


@pytest.fixture(scope="session")
def truth(simulated) -> Truth:
    return simulated[1]
