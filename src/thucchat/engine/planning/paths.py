"""The way from a start to a goal over several years, and a way back to it after a shock. Shares are 0 … 1.

Equal effort every year is equal distance on the logistic scale: much in the middle, little near the ends.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from thucchat.engine.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Path:
    """Yearly targets, first year to last."""

    years: tuple[int, ...]
    shares: tuple[float, ...]  # 0 … 1


def growth_path(start: float, goal: float, first: int, last: int) -> Path:
    """Shares from `start` in year `first` to `goal` in year `last`, equally far apart in logits.

    Raises:
        InvalidInput: `path.share` when a share is not inside 0-1, `path.years` when the years do not rise.
    Source:
        Inep (Brazil), IDEB, Nota Técnica n.º 2: intermediate targets on a logistic path.
    """
    for share in (start, goal):
        if not 0 < share < 1:
            raise InvalidInput("path.share", f"Tỉ lệ {share} phải lớn hơn 0 và nhỏ hơn 1.")
    if last <= first:
        raise InvalidInput("path.years", f"Năm cuối {last} phải sau năm đầu {first}.")
    years = np.arange(first, last + 1)
    shares = share_on_path(start, goal, (years - first) / (last - first))
    return Path(tuple(years.tolist()), tuple(shares.tolist()))


def share_on_path(start: float, goal: float, part: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share to be at when `part` (0 … 1) of the time from `start` to `goal` has gone; any shape.

    Source: as `growth_path`; both shares lie inside 0-1.
    """
    ends = logit(np.array([start, goal]))
    shares: NDArray[np.float64] = expit(ends[0] + part * (ends[1] - ends[0]))
    return shares


def rebased(signed: Path, year: int, reached: float) -> Path:
    """From what was really reached in `year` to the goal of the signed path, which itself stays as it is.

    Raises:
        InvalidInput: `path.years` when no year is left; `path.share`.
    """
    return growth_path(reached, signed.shares[-1], year, signed.years[-1])
