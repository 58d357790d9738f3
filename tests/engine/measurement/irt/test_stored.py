import numpy as np
import pytest

from tests.engine.measurement.irt.banks import bank_of
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.calibration import reported_items
from thucchat.engine.measurement.irt.items import Model, curves
from thucchat.engine.measurement.irt.marginal import calibrate_marginal
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.irt.stored import bank_from_reports


def test_items_come_back_as_they_were_reported():
    models = [Model.TWO_PL, Model.THREE_PL, Model.GPCM, Model.GRM, Model.RASCH, Model.PCM]
    rng = np.random.default_rng(0)
    data = simulate_responses(bank_of(*models), rng.standard_normal(800), rng)
    found = calibrate_marginal(data, models)
    reports = [
        {
            "item": item.name,
            "model": item.model,
            "a": item.a,
            "b": item.b,
            "c": item.c,
            "d": item.steps,
            "scores": item.points,
        }
        for item in reported_items(found)
    ]

    bank, points = bank_from_reports(reports)

    theta = np.linspace(-3, 3, 5)
    assert np.exp(curves(bank, theta).log_p) == pytest.approx(np.exp(curves(found.bank, theta).log_p))
    assert points == found.points


def test_slope_and_difficulty_are_enough():
    bank, points = bank_from_reports(
        [{"item": "c1", "a": 2, "b": 0.5}, {"item": "c2", "a": 1, "b": -1, "c": 0.2}]
    )

    assert bank.models == (Model.TWO_PL, Model.THREE_PL)
    assert bank.parameters[:, :2].tolist() == [[2, -1], [1, 1]]
    assert points == ((0, 1), (0, 1))


def test_an_item_without_difficulty_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        bank_from_reports([{"item": "c1", "a": 1, "b": None}])
    assert refusal.value.code == "calibration.item"


@pytest.mark.parametrize(
    "other",
    [
        {"item": "c2", "slope": 1.3, "b": 0},
        {"item": "c2", "a": None, "b": 0, "model": "2pl"},
        {"item": "c2", "a": "1,3", "b": 0},
    ],
)
def test_an_item_without_its_slope_is_refused(other):
    with pytest.raises(InvalidInput, match=r"“c2” .* thiếu độ phân biệt a") as refusal:
        bank_from_reports([{"item": "c1", "a": 2, "b": 0.5}, other])
    assert refusal.value.code == "calibration.slope"


@pytest.mark.parametrize("reports", [[{}, {}], [{"a": 1.7}, {"model": "rasch"}], [{"model": "pcm"}] * 2])
def test_items_of_the_rasch_family_need_no_slope(reports):
    bank, _ = bank_from_reports([{"item": f"c{n}", "b": 0} | report for n, report in enumerate(reports)])

    assert bank.parameters[:, 0].tolist() == [reports[0].get("a", 1), 1]
