"""Chance to graduate and expected mark, learnt from last year's surveys and mocks.

The chance comes from a logistic regression with a slight pull towards no effect (so that it exists even
when one survey separates all), recalibrated on pupils it had not seen. `prediction_score` says afterwards
how good the chances were.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, stdtrit

from thucchat.engine.errors import InvalidInput, NoResult

Floats = NDArray[np.float64]
PULL = 1.0  # prior precision of a standardised coefficient
ROUNDS, STEP_END = 50, 1e-10
FOLDS = 5
PUPILS_PER_SIGNAL = 20


@dataclass(frozen=True, slots=True)
class ChanceModel:
    """How surveys and mocks turn into a chance."""

    centre: Floats  # (signals,), points
    unit: Floats  # (signals,), points
    coefficients: Floats  # (signals + 1,), of standardised signals
    recalibration: Floats  # (2,), intercept and slope on the logit
    pupils: int
    steps: int
    converged: bool

    def chances(self, signals: Floats) -> Floats:
        """Chance of each pupil, NaN where a signal is missing. Shapes: (pupils, signals) to (pupils,)."""
        logit = _standard(signals, self.centre, self.unit) @ self.coefficients
        return np.asarray(expit(self.recalibration[0] + self.recalibration[1] * logit))


@dataclass(frozen=True, slots=True)
class MarkModel:
    """How surveys and mocks turn into an expected mark."""

    coefficients: Floats  # (signals + 1,), points
    inverse: Floats  # (signals + 1, signals + 1), inverse of X'X
    residual_deviation: float  # points
    pupils: int

    def marks(self, signals: Floats, *, level: float = 0.9) -> tuple[Floats, Floats]:
        """Expected mark and half-width of its prediction interval, points. Shapes: (pupils,) each."""
        X = np.column_stack([np.ones(len(signals)), signals])
        leverage = np.einsum("ij,jk,ik->i", X, self.inverse, X)
        reach = float(stdtrit(self.pupils - X.shape[1], (1 + level) / 2))
        return X @ self.coefficients, reach * self.residual_deviation * np.sqrt(1 + leverage)


def chance_model(signals: Floats, passed: NDArray[np.bool_], *, rng: np.random.Generator) -> ChanceModel:
    """Learn from pupils whose outcome is known. `rng` only deals pupils into folds.

    Shapes:
        signals: (pupils, signals), points, no NaN. passed: (pupils,).
    Raises:
        InvalidInput: `prediction.missing`, `prediction.constant`. NoResult: `prediction.few`,
        `prediction.one_outcome`.
    """
    _check(signals)
    if passed.all() or not passed.any():
        raise NoResult("prediction.one_outcome", "Mọi học sinh có cùng kết quả nên không học được gì.")
    centre, unit = signals.mean(axis=0), signals.std(axis=0)
    X, y = _standard(signals, centre, unit), passed.astype(np.float64)
    coefficients, steps, converged = _logistic(X, y, PULL)
    fold = rng.permutation(len(y)) % FOLDS
    unseen = np.empty(len(y))
    for part in range(FOLDS):
        unseen[fold == part] = X[fold == part] @ _logistic(X[fold != part], y[fold != part], PULL)[0]
    recalibration = _logistic(np.column_stack([np.ones(len(y)), unseen]), y, 1e-6)[0]
    return ChanceModel(centre, unit, coefficients, recalibration, len(y), steps, converged)


def mark_model(signals: Floats, marks: Floats) -> MarkModel:
    """Least squares. Shapes: signals (pupils, signals), marks (pupils,), points, no NaN.

    Raises:
        InvalidInput: `prediction.missing`, `prediction.constant`. NoResult: `prediction.few`.
    """
    _check(signals)
    if not np.isfinite(marks).all():
        raise InvalidInput("prediction.missing", "Còn ô điểm trống; hãy bỏ những học sinh đó trước.")
    X = np.column_stack([np.ones(len(signals)), signals])
    inverse = np.linalg.pinv(X.T @ X)
    coefficients = inverse @ (X.T @ marks)
    residual = marks - X @ coefficients
    deviation = float(np.sqrt(residual @ residual / (len(marks) - X.shape[1])))
    return MarkModel(coefficients, inverse, deviation, len(marks))


def _check(signals: Floats) -> None:
    if not np.isfinite(signals).all():
        raise InvalidInput("prediction.missing", "Còn ô điểm trống; hãy bỏ những học sinh đó trước.")
    if len(signals) < PUPILS_PER_SIGNAL * (signals.shape[1] + 1):
        raise NoResult("prediction.few", f"Chỉ có {len(signals)} học sinh, quá ít để dự báo.")
    if (np.ptp(signals, axis=0) == 0).any():
        raise InvalidInput(
            "prediction.constant", "Một lần khảo sát cho mọi học sinh cùng điểm; hãy bỏ cột đó."
        )


def _standard(signals: Floats, centre: Floats, unit: Floats) -> Floats:
    return np.column_stack([np.ones(len(signals)), (signals - centre) / unit])


def _logistic(X: Floats, y: Floats, pull: float) -> tuple[Floats, int, bool]:
    """Newton steps on the penalised likelihood; the intercept is not pulled."""
    penalty = np.full(X.shape[1], pull)
    penalty[0] = 1e-9
    b = np.zeros(X.shape[1])
    for step in range(1, ROUNDS + 1):
        p = expit(X @ b)
        slope = X.T @ (y - p) - penalty * b
        move = np.linalg.solve((X.T * (p * (1 - p))) @ X + np.diag(penalty), slope)
        # A full step can overshoot from a far start; the likelihood is concave, so shorter ones arrive.
        b = b + move * min(1.0, 5 / max(float(np.abs(move).max()), 1e-300))
        if float(slope @ move) < STEP_END:
            return b, step, True
    return b, ROUNDS, False
