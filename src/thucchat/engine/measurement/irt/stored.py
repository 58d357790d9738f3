"""Items read back from a stored calibration."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import logit

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.items import FAMILIES, Family, ItemBank, Model


def bank_from_reports(
    reports: Sequence[Mapping[str, Any]],
) -> tuple[ItemBank, tuple[tuple[float, ...], ...]]:
    """Items and the points of their categories from records with `item`, `a`, `b`, and perhaps `c`, `d`.

    `d` lists the steps of an item with several categories, `model` and `scores` what the defaults do not say.
    Raises:
        InvalidInput: `calibration.item`, `calibration.slope` naming the record that cannot be used.
    """
    models = [_model(report) for report in reports]
    steps = [_steps(report) for report in reports]
    categories = np.array([len(own) + 1 for own in steps])
    parameters = np.zeros((len(reports), int(categories.max()) + 1))
    for place, (report, slope) in enumerate(zip(reports, stated_slopes(reports), strict=True)):
        parameters[place] = _row({**report, "a": slope}, models[place], steps[place], parameters.shape[1])
    points = tuple(
        tuple(float(score) for score in report.get("scores") or range(len(own) + 1))
        for report, own in zip(reports, steps, strict=True)
    )
    names = tuple(str(report["item"]) for report in reports)
    return ItemBank(names, tuple(models), categories, parameters), points


def _steps(report: Mapping[str, Any]) -> list[float]:
    values = report.get("d") or [report.get("b")]
    if "item" not in report or any(not isinstance(v, int | float) or not math.isfinite(v) for v in values):
        raise InvalidInput(
            "calibration.item", f"Câu “{report.get('item')}” trong tệp tham số thiếu độ khó b hoặc d."
        )
    return [float(value) for value in values]


def _model(report: Mapping[str, Any]) -> Model:
    if report.get("model") in set(Model):
        return Model(report["model"])
    if report.get("c"):
        return Model.THREE_PL
    return Model.TWO_PL if len(report.get("d") or [0]) == 1 else Model.GPCM


def stated_slopes(reports: Sequence[Mapping[str, Any]]) -> list[float]:
    """Slopes; 1 for items of the Rasch family, and where no record states a slope or a model.

    Raises:
        InvalidInput: `calibration.slope`.
    """
    slopes = [report.get("a") for report in reports]
    plain = all(
        slope is None and not report.get("model") for slope, report in zip(slopes, reports, strict=True)
    )
    found = []
    for slope, report in zip(slopes, reports, strict=True):
        if slope is None and (plain or str(report.get("model")).lower() in {Model.RASCH, Model.PCM}):
            found.append(1.0)
        elif isinstance(slope, int | float) and math.isfinite(slope):
            found.append(float(slope))
        else:
            message = f"Câu “{report.get('item')}” trong tệp tham số thiếu độ phân biệt a."
            raise InvalidInput("calibration.slope", message)
    return found


def _row(report: Mapping[str, Any], model: Model, steps: list[float], width: int) -> np.ndarray[Any, Any]:
    row = np.zeros(width)
    row[0] = report["a"]
    height = -row[0] * np.array(steps)
    row[1 : len(steps) + 1] = height if FAMILIES[model] == Family.GRADED else np.cumsum(height)
    if model is Model.THREE_PL:
        row[-1] = logit(min(max(float(report.get("c") or 0), 1e-9), 1 - 1e-9))
    return row
