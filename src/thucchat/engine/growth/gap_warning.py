"""Early warning: the gap a unit is heading for, before the exam, from surveys and mock exams. Points, 0-10.

The scores of the coming exam are predicted from this year's surveys and mocks by the relation seen last
year. Last year's exam may have been easier or harder; that moves all units alike and leaves their order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult

Floats = NDArray[np.float64]
PUPILS_PER_PREDICTOR = 10


@dataclass(frozen=True, slots=True)
class GapWarning:
    """One entry per unit; NaN where the unit has too few pupils with everything."""

    count: NDArray[np.int64]
    predicted: Floats  # points, mark so far minus predicted score
    error: Floats  # standard error of prediction, points: pupils and units scatter around the relation
    wide: NDArray[np.bool_]  # the predicted gap is above the limit, beyond its error


@dataclass(frozen=True, slots=True)
class _Relation:
    coefficients: Floats  # (predictors + 1,)
    pupil_variance: float  # points², around the unit
    unit_variance: float  # points², of units around the relation


def gap_warning(
    past: tuple[Floats, Floats, NDArray[np.int64]],
    marks: Floats,
    signals: Floats,
    unit: NDArray[np.int64],
    *,
    limit: float,
    minimum: int = 10,
) -> GapWarning:
    """Predict this year's gaps from last year's relation between signals and scores.

    Shapes:
        past: last year's scores (rows,), signals (rows, signals), unit codes (rows,). marks: (pupils,),
        transcript marks so far. signals: (pupils, signals), surveys and mocks, the same ones. unit:
        (pupils,). NaN where missing; such rows are left out.
    Raises:
        InvalidInput: `warning.signals` when the years do not have the same signals.
        NoResult: `warning.few` when last year has too few complete pupils.
    """
    scores, past_signals, past_unit = past
    if past_signals.shape[1] != signals.shape[1]:
        raise InvalidInput("warning.signals", "Hai năm phải có cùng các lần khảo sát và thi thử.")
    relation = _learn(scores, past_signals, past_unit)
    whole = np.isfinite(marks) & np.isfinite(signals).all(axis=1) & (unit >= 0)
    codes, units = unit[whole], int(unit.max()) + 1
    differences = marks[whole] - _with_ones(signals[whole]) @ relation.coefficients
    count = np.bincount(codes, minlength=units)
    with np.errstate(invalid="ignore", divide="ignore"):
        predicted = np.where(count >= minimum, np.bincount(codes, differences, units) / count, np.nan)
        error = np.sqrt(relation.unit_variance + relation.pupil_variance / count)
    error = np.where(np.isfinite(predicted), error, np.nan)
    return GapWarning(count, predicted, error, np.nan_to_num(predicted - error, nan=-np.inf) > limit)


def _learn(scores: Floats, signals: Floats, unit: NDArray[np.int64]) -> _Relation:
    whole = np.isfinite(scores) & np.isfinite(signals).all(axis=1) & (unit >= 0)
    X, y = _with_ones(signals[whole]), scores[whole]
    if len(y) < PUPILS_PER_PREDICTOR * X.shape[1]:
        raise NoResult("warning.few", f"Năm trước chỉ có {len(y)} học sinh đủ số liệu, quá ít để dự báo.")
    coefficients = np.asarray(np.linalg.lstsq(X, y, rcond=None)[0], dtype=np.float64)
    residual = y - X @ coefficients
    codes = np.unique(unit[whole], return_inverse=True)[1]
    count = np.bincount(codes)
    mean = np.bincount(codes, residual) / count
    within = float(((residual - mean[codes]) ** 2).sum() / max(len(y) - len(count), 1))
    # Moments: the spread of unit means is the spread of units plus that of their pupils.
    between = float(np.average(mean**2, weights=count) - within * len(count) / len(y))
    return _Relation(coefficients, within, max(between, 0.0))


def _with_ones(signals: Floats) -> Floats:
    return np.column_stack([np.ones(len(signals)), signals])
