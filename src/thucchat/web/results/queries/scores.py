"""Scores as pages show them: a number with its error, its group, or why there is none."""

from bisect import bisect_right
from dataclasses import dataclass

from thucchat.engine.planning.surveys import annex_of
from thucchat.engine.vietnamese import vi_number
from thucchat.web.exams.models import STATES_OF, Campaign

WORDS = {"absent": "vắng", "exempt": "miễn", "cancelled": "hủy"}
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Measure:
    """How scores of a survey are to be read; all in hundredths of a point."""

    error: int | None  # standard error of a score; None when no analysis has told it
    cuts: tuple[int, ...]  # from which the second to the fifth group begin; none outside surveys

    @property
    def error_points(self) -> float | None:
        return None if self.error is None else self.error / HUNDRED


@dataclass(frozen=True, slots=True)
class ShownScore:
    """One score of one person; without a number `text` says why."""

    text: str
    points: float | None = None
    error: float | None = None  # points
    group: int | None = None  # 1 is the lowest
    is_near: bool = False  # a limit of a group lies within one standard error


def measure_of(campaign: Campaign | None) -> Measure:
    """The reading of a survey's scores; of another exam neither error nor groups are known."""
    if campaign is None:
        return Measure(None, ())
    plan = annex_of(campaign.annex.split(" ")[0])
    return Measure(campaign.error, tuple(int(cut * HUNDRED) for cut in plan.bands))


def shown_score(code: int | None, measure: Measure) -> ShownScore:
    """A code of `ExamResult.scores` for people; null is a paper the candidate was not entered for."""
    if code is None:
        return ShownScore("–")
    if code < 0:
        return ShownScore(WORDS[STATES_OF[code]])
    near = measure.error is not None and any(abs(code - cut) <= measure.error for cut in measure.cuts)
    group = bisect_right(measure.cuts, code) + 1 if measure.cuts else None
    points = code / HUNDRED
    return ShownScore(vi_number(points, 2), points, measure.error_points, group, near)
