"""How good the predictions were, once the outcome is known. Chances are between 0 and 1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
BINS = 10


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Pupils with similar chances, and how many of them passed."""

    pupils: int
    predicted: float  # mean chance
    observed: float  # share that passed
    low: float  # Wilson interval of the share, 90 %
    high: float


@dataclass(frozen=True, slots=True)
class ChanceScore:
    """Lower Brier and log scores are better; 0 is perfect."""

    brier: float  # mean squared error of the chance
    brier_base: float  # of giving everyone the overall share
    skill: float  # 1 - brier / brier_base; 0 is no better than the overall share
    reliability: float  # part of the Brier score due to wrong chances, from the bins
    resolution: float  # part by which the bins differ in outcome, higher is better
    log_score: float
    curve: tuple[CalibrationBin, ...]


def score_chances(chances: Floats, passed: NDArray[np.bool_], *, bins: int = BINS) -> ChanceScore:
    """Brier score, its parts, and the calibration curve in bins of equal numbers of pupils.

    Shapes:
        chances: (pupils,), no NaN. passed: (pupils,).
    Raises:
        InvalidInput: `prediction.none`, `prediction.chance`.
    Source:
        Brier (1950), Monthly Weather Review 78, 1-3; Murphy (1973), J. Applied Meteorology 12, 595-600.
    """
    if not len(chances):
        raise InvalidInput("prediction.none", "Chưa có học sinh nào vừa có dự báo vừa có kết quả.")
    if not ((chances >= 0) & (chances <= 1)).all():
        raise InvalidInput("prediction.chance", "Xác suất dự báo phải từ 0 đến 1.")
    y = passed.astype(np.float64)
    base = float(y.mean())
    brier, brier_base = float(((chances - y) ** 2).mean()), base * (1 - base)
    parts = np.array_split(np.argsort(chances, kind="stable"), min(bins, len(y)))
    curve = tuple(_bin(chances[part], y[part]) for part in parts)
    share = np.array([entry.pupils for entry in curve]) / len(y)
    observed = np.array([entry.observed for entry in curve])
    predicted = np.array([entry.predicted for entry in curve])
    kept = np.clip(chances, 1e-15, 1 - 1e-15)
    return ChanceScore(
        brier,
        brier_base,
        1 - brier / brier_base if brier_base else float("nan"),
        float(share @ (predicted - observed) ** 2),
        float(share @ (observed - base) ** 2),
        float(-(y * np.log(kept) + (1 - y) * np.log1p(-kept)).mean()),
        curve,
    )


def _bin(chances: Floats, y: Floats) -> CalibrationBin:
    count, share = len(y), float(y.mean())
    z = float(ndtri(0.95))
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    return CalibrationBin(count, float(chances.mean()), share, float(middle - half), float(middle + half))
