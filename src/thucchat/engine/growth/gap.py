"""How far transcript marks (học bạ) and exam marks differ, per unit. Marks are in points of the 0-10 scale.

Raw gap: mean mark minus mean score, on the same candidates only. Conditional gap: the unit's marks minus
the mean mark of all candidates of the subject who got the same score, so that weak pupils do not count as
lenient marking. The mean squared difference splits exactly into strictness (means differ), spread
(standard deviations differ) and order (pupils stand in another order).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
MINIMUM = 10  # candidates, below which a unit gets no result
ALIKE = 30  # candidates with the same score, or the next scores, whose mean mark is the yardstick


@dataclass(frozen=True, slots=True)
class Gaps:
    """One entry per unit; NaN where the unit has too few candidates. Intervals are two-sided."""

    count: NDArray[np.int64]  # candidates with both marks
    mark_mean: Floats  # points
    score_mean: Floats  # points
    gap: Floats  # points, mark minus score
    gap_error: Floats  # standard error, points
    gap_low: Floats
    gap_high: Floats
    conditional: Floats  # points, above what candidates with the same scores are given elsewhere
    conditional_error: Floats
    conditional_low: Floats
    conditional_high: Floats
    mean_square: Floats  # points², the sum of the next three
    strictness: Floats  # points²
    spread: Floats  # points²
    order: Floats  # points²
    enough: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Centre:
    mean: Floats
    deviation: Floats  # divisor n
    error: Floats
    low: Floats
    high: Floats


def gaps(
    marks: Floats,
    scores: Floats,
    unit: NDArray[np.int64],
    subject: NDArray[np.int64],
    *,
    units: int,
    level: float = 0.9,
    minimum: int = MINIMUM,
) -> Gaps:
    """Gaps of `units` units. Rows without a mark, a score or a unit are left out.

    Shapes:
        marks, scores: (rows,), NaN where missing. unit, subject: (rows,), codes 0, 1, …, -1 for none;
        `subject` names whose marks may be compared (subject, and year where several are handed over).
    Raises:
        InvalidInput: `gap.none` when no row has everything; `gap.scale` for a mark outside 0-10.
    Source:
        Decomposition: Kobayashi & Salam (2000), Agronomy Journal 92(2), 345-352. Conditional gap: the
        indicator of alignment of Portugal's education statistics (DGEEC, Infoescolas).
    """
    whole = np.isfinite(marks) & np.isfinite(scores) & (unit >= 0) & (subject >= 0)
    if not whole.any():
        raise InvalidInput("gap.none", "Không có dòng nào đủ điểm học bạ, điểm thi, đơn vị và môn.")
    marks, scores, codes = marks[whole], scores[whole], unit[whole]
    _check_scale(marks, scores)
    count = np.bincount(codes, minlength=units)
    enough = count >= max(minimum, 2)
    raw = _centre(marks - scores, codes, count, level)
    fair = _centre(marks - expected_marks(marks, scores, subject[whole]), codes, count, level)
    mark_mean, mark_sd = _moments(marks, codes, count)
    score_mean, score_sd = _moments(scores, codes, count)
    spread = (mark_sd - score_sd) ** 2
    columns = {
        "mark_mean": mark_mean,
        "score_mean": score_mean,
        "gap": raw.mean,
        "gap_error": raw.error,
        "gap_low": raw.low,
        "gap_high": raw.high,
        "conditional": fair.mean,
        "conditional_error": fair.error,
        "conditional_low": fair.low,
        "conditional_high": fair.high,
        "mean_square": raw.mean**2 + raw.deviation**2,
        "strictness": raw.mean**2,
        "spread": spread,
        # Var(mark - score) = (s_mark - s_score)² + 2 s_mark s_score (1 - correlation).
        "order": np.maximum(raw.deviation**2 - spread, 0),
    }
    shown = {name: np.where(enough, value, np.nan) for name, value in columns.items()}
    return Gaps(count=count, enough=enough, **shown)


def expected_marks(marks: Floats, scores: Floats, subject: NDArray[np.int64]) -> Floats:
    """Mean mark of all candidates of the subject with the same score.

    Where fewer than `ALIKE` have a score, the scores next above are taken with it; the last few join the
    group below.

    Shapes:
        marks, scores, subject: (rows,), nothing missing. Returns (rows,).
    """
    expected = np.empty(len(marks))
    for code in np.unique(subject):
        rows = np.flatnonzero(subject == code)
        group = _score_groups(scores[rows])
        sizes = np.bincount(group)
        expected[rows] = (np.bincount(group, marks[rows]) / sizes)[group]
    return expected


def _score_groups(scores: Floats) -> NDArray[np.int64]:
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends, starts, first = np.cumsum(counts), [], 0
    while first < len(counts):
        starts.append(first)
        before = int(ends[first] - counts[first])
        first = int(np.searchsorted(ends, before + ALIKE)) + 1
    if len(starts) > 1 and ends[-1] - ends[starts[-1] - 1] < ALIKE:
        starts.pop()
    return np.asarray(np.searchsorted(starts, place, side="right") - 1, dtype=np.int64)


def _centre(values: Floats, codes: NDArray[np.int64], count: NDArray[np.int64], level: float) -> _Centre:
    mean, deviation = _moments(values, codes, count)
    freedom = np.maximum(count - 1, 1)
    error = deviation / np.sqrt(freedom)
    reach = stdtrit(freedom, (1 + level) / 2) * error
    return _Centre(mean, deviation, error, mean - reach, mean + reach)


def _moments(values: Floats, codes: NDArray[np.int64], count: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Mean and standard deviation (divisor n) per unit, NaN for empty units."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(codes, values, len(count)) / count
        square = np.bincount(codes, (values - mean[codes]) ** 2, len(count)) / count
    return mean, np.sqrt(square)


def _check_scale(marks: Floats, scores: Floats) -> None:
    for values, name in ((marks, "học bạ"), (scores, "thi")):
        outside = (values < 0) | (values > 10)
        if outside.any():
            value = float(values[outside][0])
            raise InvalidInput("gap.scale", f"Điểm {name} {value:g} nằm ngoài thang 0-10.", value=value)
