from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.many import Task, calibrate_many, calibrate_task
from thucchat.engine.measurement.irt.simulate import simulate_responses

MODELS = (Model.TWO_PL,) * 6


def tasks():
    for number, persons in enumerate([300, 5, 300]):
        rng = np.random.default_rng(number)
        data = simulate_responses(bank_of(*MODELS), rng.standard_normal(persons), rng)
        yield Task(f"huyện {number}", data, MODELS if number < 2 else ())


def test_outcomes_come_in_order_and_bit_for_bit_as_alone():
    alone = [calibrate_task(task) for task in tasks()]

    with ThreadPoolExecutor(2) as executor:
        together = list(calibrate_many(list(tasks()), executor))

    assert [outcome.name for outcome in together] == ["huyện 0", "huyện 1", "huyện 2"]
    for one, two in zip(alone, together, strict=True):
        if one.calibration and two.calibration:
            assert np.array_equal(one.calibration.bank.parameters, two.calibration.bank.parameters)


def test_a_refusal_does_not_stop_the_others():
    outcomes = [calibrate_task(task) for task in tasks()]

    assert [outcome.calibration is None for outcome in outcomes] == [False, True, False]
    assert "Chỉ có 5 thí sinh" in outcomes[1].refusal
    assert outcomes[2].calibration is not None
    assert outcomes[2].calibration.method == "cml"
