"""Items of an earlier run, as linking and calibration on fixed items take them."""

from typing import Any

import numpy as np

from thucchat.engine.measurement.irt.items import ItemBank
from thucchat.engine.measurement.irt.stored import bank_from_reports
from thucchat.engine.measurement.linking.items import ItemParameters
from thucchat.web.results.models import ItemMeasure, MeasureRun


def stored_bank(items: list[ItemMeasure]) -> ItemBank:
    """The parameters of items that have some."""
    return bank_from_reports([one.parameters or {} for one in items])[0]


def stored_parameters(items: list[ItemMeasure]) -> ItemParameters:
    """The same for linking; errors of different parameters are taken as independent."""
    rows: list[dict[str, Any]] = [one.parameters or {} for one in items]
    most = max(len(row["d"]) for row in rows)
    steps, errors = (np.full((len(rows), most), np.nan) for _ in range(2))
    for place, row in enumerate(rows):
        steps[place, : len(row["d"])] = row["d"]
        errors[place, : len(row["d"])] = [value or 0.0 for value in row["se_d"]]
    slope_errors = np.array([row["se_a"] or 0.0 for row in rows])
    return ItemParameters(
        names=tuple(one.name for one in items),
        slopes=np.array([row["a"] for row in rows], dtype=np.float64),
        steps=steps,
        guessing=np.zeros(len(rows)),
        cumulative=np.zeros(len(rows), dtype=bool),
        covariance=np.diag(np.concatenate([slope_errors, np.nan_to_num(errors).ravel()]) ** 2),
    )


def common_with(target: MeasureRun, keys: dict[str, str], chosen: list[str]) -> list[ItemMeasure]:
    """Calibrated items of `target` that are the same here: same name and same key.

    `keys` are those of the new file by item; `chosen`, when not empty, names the only ones wanted.
    """
    found = target.items.exclude(parameters=None).order_by("place")
    return [one for one in found if keys.get(one.name) == one.key and (not chosen or one.name in chosen)]
