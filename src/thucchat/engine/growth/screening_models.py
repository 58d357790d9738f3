"""Two growth models side by side: a label only where both say the same.

The mixed model gives an effect in points of the test (0 is the average unit), the percentile model a mean
growth percentile (50 is the average). They err in different ways, so a unit on which they differ gets no
label.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
AVERAGE_EFFECT, AVERAGE_PERCENTILE = 0.0, 50.0


class Label(StrEnum):
    """What may be said of a unit's growth."""

    TOP = "tiến bộ cao rõ rệt"
    BOTTOM = "tiến bộ thấp rõ rệt"
    NONE = ""


class Why(StrEnum):
    """Why a unit has no label."""

    LABELLED = ""
    FEW = "chưa đủ số học sinh tối thiểu"
    MISSING = "một trong hai mô hình chưa có kết quả"
    WITHIN = "không khác mức trung bình quá sai số"
    ONE_ONLY = "chỉ một trong hai mô hình thấy khác mức trung bình"
    OPPOSED = "hai mô hình cho kết luận ngược nhau"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Labels of all units."""

    label: list[Label]  # (units,)
    why: list[Why]  # (units,), the reason where there is no label
    correlation: float  # of the two models over units that have both; NaN below three units


def agreed_labels(
    effects: tuple[Floats, Floats],
    percentiles: tuple[Floats, Floats],
    pupils: NDArray[np.int64],
    *,
    minimum: int = 10,
    level: float = 0.9,
) -> Agreement:
    """Label a unit only where both models put it on the same side of the average, beyond their errors.

    Shapes:
        effects, percentiles: estimate and standard error, each (units,), NaN where missing. pupils: (units,).
    Raises:
        InvalidInput: `screening.shape`.
    """
    columns = [*effects, *percentiles, pupils]
    if len({column.shape for column in columns}) != 1:
        raise InvalidInput("screening.shape", "Hai mô hình phải cho kết quả của cùng các đơn vị.")
    sides = np.stack(
        [
            _side(*effects, AVERAGE_EFFECT, level),
            _side(*percentiles, AVERAGE_PERCENTILE, level),
        ]
    )
    total = np.nansum(sides, axis=0)
    missing = ~np.isfinite(sides).all(axis=0)
    cases = [
        (pupils < minimum, Why.FEW),
        (missing, Why.MISSING),
        (np.abs(total) == 2, Why.LABELLED),
        (np.abs(sides).sum(axis=0) == 2, Why.OPPOSED),
        (np.abs(total) == 1, Why.ONE_ONLY),
    ]
    picked = np.select([case for case, _ in cases], range(len(cases)), default=len(cases))
    why = [[*(reason for _, reason in cases), Why.WITHIN][place] for place in picked]
    label = [
        Label.NONE if reason is not Why.LABELLED else Label.TOP if side > 0 else Label.BOTTOM
        for reason, side in zip(why, total, strict=True)
    ]
    return Agreement(label, why, _correlation(effects[0], percentiles[0]))


def _side(estimate: Floats, error: Floats, average: float, level: float) -> Floats:
    """1 above the average, -1 below, 0 within the error, NaN without a result."""
    lead = estimate - average
    beyond = np.abs(lead) > float(ndtri((1 + level) / 2)) * error
    return np.where(np.isfinite(lead + error), np.sign(lead) * beyond, np.nan)


def _correlation(first: Floats, second: Floats) -> float:
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 3 or min(np.ptp(first[both]), np.ptp(second[both])) == 0:
        return float("nan")
    return float(np.corrcoef(first[both], second[both])[0, 1])
