"""Distribution of scores from how many candidates have each. Exact: whole hundredths until the end."""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.bins import BinRule, width_for
from thucchat.engine.measurement.results.subjects import subject_code, subject_label
from thucchat.engine.tables import Distribution, Quantile

TOP = 1000  # ten points, in hundredths
SHARES = tuple(Fraction(percent, 100) for percent in (5, 10, 25, 50, 75, 90, 95))
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Absences:
    """Candidates without a score whose cell says why."""

    absent: int = 0
    exempt: int = 0
    cancelled: int = 0


def distribution(
    subject: str,
    hundredths: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    rule: BinRule | None = None,
    width: int | None = None,
    absences: Absences | None = None,
) -> Distribution:
    """Everything printed about one subject in one group.

    Mean, variance and quantiles are fractions of whole numbers, turned into floats once, so they are
    the correctly rounded exact values. Bars come from `width` (hundredths) where given, else from `rule`.

    Shapes:
        hundredths: (scores,), different scores of 0-10 points, times 100, in any order.
        counts: (scores,), candidates with each score.
    Raises:
        InvalidInput: `score.scale` when a score is outside 0-10.
    Source:
        Hyndman and Fan (1996), The American Statistician 50(4), 361-365, definition 7 (quantiles).
    """
    scores, people = _sorted(hundredths, counts)
    if scores.size and not (scores[0] >= 0 and scores[-1] <= TOP):
        raise InvalidInput("score.scale", "Có điểm nằm ngoài thang 0-10; hãy kiểm tra lại dữ liệu.")
    code = subject_code(subject) or ""
    step = width if width is not None else width_for(rule, code, scores)
    away = absences or Absences()
    count = int(people.sum())
    total = int(scores @ people)
    quantiles = tuple(Quantile(float(share), quantile(scores, people, share)) for share in SHARES if count)
    mean, sd, margin = _mean_and_spread(scores, people)
    return Distribution(
        subject=subject,
        label=subject_label(subject),
        count=count,
        total=total,
        mean=mean,
        sd=sd,
        mean_low=None if mean is None or margin is None else mean - margin,
        mean_high=None if mean is None or margin is None else mean + margin,
        minimum=scores[0].item() / 100 if count else None,
        q1=quantile(scores, people, Fraction(1, 4)) if count else None,
        median=quantile(scores, people, Fraction(1, 2)) if count else None,
        q3=quantile(scores, people, Fraction(3, 4)) if count else None,
        maximum=scores[-1].item() / 100 if count else None,
        mode=scores[people.argmax()].item() / 100 if count else None,
        quantiles=quantiles,
        below_5=int(people[scores < 500].sum()),
        from_8=int(people[scores >= 800].sum()),
        at_most_1=int(people[scores <= 100].sum()),
        zero=int(people[scores == 0].sum()),
        ten=int(people[scores == TOP].sum()),
        absent=away.absent,
        exempt=away.exempt,
        cancelled=away.cancelled,
        bin_width=step,
        bins=bin_counts(scores, people, step),
        by_point=_by_point(scores, people),
    )


def quantile(scores: NDArray[np.int64], people: NDArray[np.int64], share: Fraction) -> float:
    """Score (points) at `share` of the ordered candidates, by linear interpolation (type 7).

    Shapes:
        scores: (scores,), hundredths, ascending.
        people: (scores,), candidates with each, at least one in all.
    """
    last_place = people.cumsum()  # candidates up to and with each score
    position = (int(last_place[-1]) - 1) * share
    below = int(position)
    low = int(scores[np.searchsorted(last_place, below, side="right")])
    if position == below:
        return low / 100
    high = int(scores[np.searchsorted(last_place, below + 1, side="right")])
    return float((low + (high - low) * (position - below)) / 100)


def bin_counts(scores: NDArray[np.int64], people: NDArray[np.int64], width: int) -> tuple[int, ...]:
    """Candidates in [k width, (k + 1) width) from 0 on; 10 points stand in the last bin, alone."""
    bins = np.bincount(scores // width, weights=people, minlength=TOP // width + 1)
    return tuple(bins.astype(np.int64).tolist())


def _sorted(
    hundredths: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    held = counts > 0
    order = np.argsort(hundredths[held], kind="stable")
    return hundredths[held][order].astype(np.int64), counts[held][order].astype(np.int64)


def _mean_and_spread(
    scores: NDArray[np.int64], people: NDArray[np.int64]
) -> tuple[float | None, float | None, float | None]:
    count, total = int(people.sum()), int(scores @ people)
    if count == 0:
        return None, None, None
    mean = total / (100 * count)
    if count == 1:
        return mean, None, None
    squares = int((scores * scores) @ people)
    variance = Fraction(count * squares - total * total, count * (count - 1) * 10_000)
    sd = sqrt(variance)
    margin = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * sd / sqrt(count)
    return mean, sd, margin


def _by_point(scores: NDArray[np.int64], people: NDArray[np.int64]) -> tuple[int, ...]:
    *points, _, _ = bin_counts(scores, people, 100)
    ninth = int(people[scores >= 900].sum())
    return (*points, ninth)
