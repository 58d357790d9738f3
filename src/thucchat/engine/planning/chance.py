"""How likely a target is, told before anybody signs it.

Pupils of one unit share what makes a year good or bad for all of them. Counting them as independent would
make every chance near 0 or 1, so the shared part is integrated out by Gauss-Hermite quadrature.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

from thucchat.engine.errors import InvalidInput

NODES = 41
ATTENUATION = (16 * np.sqrt(3) / (15 * np.pi)) ** 2  # logistic-normal mean: Zeger, Liang & Albert (1988)
EXACT = 500  # pupils up to whom the count's distribution is exact; beyond, normal with its skewness


def chance_of_count(chances: NDArray[np.float64], at_least: int, *, shared_sd: float = 0.0) -> float:
    """Chance that at least `at_least` of the pupils succeed, 0 … 1.

    Shapes:
        chances: (pupils,), each pupil's own chance, averaged over good and bad years, 0 … 1.
        shared_sd: standard deviation, in logits, of what all of them share.
    Raises:
        InvalidInput: `chance.range`, `chance.shared`.
    Source:
        Hong (2013), Computational Statistics & Data Analysis 59, 41-51: Poisson-binomial distribution,
        exact by discrete Fourier transform, refined normal approximation.
    """
    if not ((chances >= 0) & (chances <= 1)).all():
        raise InvalidInput("chance.range", "Xác suất của học sinh phải nằm trong khoảng 0-1.")
    if shared_sd < 0:
        raise InvalidInput("chance.shared", "Độ lệch chuẩn chung không được âm.")
    if at_least <= 0:
        return 1.0
    if at_least > chances.size:
        return 0.0
    tail = _exact_tail if chances.size <= EXACT else _normal_tail
    if shared_sd == 0:
        return tail(chances, at_least)
    points, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    centres = logit(np.clip(chances, 1e-9, 1 - 1e-9))
    # The average over years of a pupil whose logit is widened by the shared part lies nearer to one half.
    centres = centres * np.sqrt(1 + shared_sd**2 * ATTENUATION)
    return float(
        sum(w * tail(expit(centres + shared_sd * x), at_least) for x, w in zip(points, weights, strict=True))
    )


def chance_of_mean(
    expected: NDArray[np.float64], sds: NDArray[np.float64], at_least: float, *, shared_sd: float = 0.0
) -> float:
    """Chance that the pupils' mean reaches `at_least`, all in points; normal.

    Shapes:
        expected: (pupils,). sds: (pupils,), of each pupil's own result around it. shared_sd: of the mean.
    """
    spread = np.sqrt((sds**2).sum() / expected.size**2 + shared_sd**2)
    if spread == 0:
        return float(expected.mean() >= at_least)
    return float(ndtr((expected.mean() - at_least) / spread))


def _exact_tail(chances: NDArray[np.float64], at_least: int) -> float:
    n = chances.size
    turns = np.exp(2j * np.pi * np.arange((n + 1) // 2 + 1) / (n + 1))
    transform = (1 - chances + turns[:, None] * chances).prod(axis=1)  # factors of at most 1, none overflows
    counts = np.fft.irfft(np.conj(transform), n + 1)
    return float(np.clip(counts[at_least:].sum(), 0, 1))


def _normal_tail(chances: NDArray[np.float64], at_least: int) -> float:
    spread = np.sqrt((chances * (1 - chances)).sum())
    if spread == 0:
        return float(chances.sum() >= at_least)
    skewness = (chances * (1 - chances) * (1 - 2 * chances)).sum() / spread**3
    z = (at_least - 0.5 - chances.sum()) / spread
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return float(np.clip(1 - ndtr(z) - skewness * (1 - z**2) * density / 6, 0, 1))
