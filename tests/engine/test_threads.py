import os
import subprocess
import sys

import pytest

WORK = """
import numpy as np
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threadpoolctl import threadpool_info
from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import calibrate_marginal
from thucchat.engine.measurement.irt.simulate import simulate_responses

models, rng = (Model.TWO_PL,) * 40, np.random.default_rng(7)
data = simulate_responses(bank_of(*models), rng.standard_normal(5000), rng)
before = {library["num_threads"] for library in threadpool_info()}
with ThreadPoolExecutor(2) as executor:
    found = list(executor.map(lambda _: calibrate_marginal(data, models), range(2)))
found.append(calibrate_marginal(data, models))
digests = {sha256(one.bank.parameters.tobytes() + one.covariance.tobytes()).hexdigest() for one in found}
print(*before, *digests)
"""


def outcome(threads):
    """The threads that the libraries took from the environment, and digests of three calibrations."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(
        [sys.executable, "-c", WORK], env=environment, capture_output=True, text=True, check=True
    )
    before, *digests = done.stdout.split()
    return int(before), digests


def test_a_calibration_is_the_same_bit_for_bit_on_any_number_of_threads():
    if (os.cpu_count() or 1) < 2:
        pytest.skip("one core: the libraries take no more threads than that")
    (one, alone), (two, shared) = outcome(1), outcome(2)

    assert (one, two) == (1, 2)
    assert len(alone) == 1
    assert shared == alone
