"""Score distributions of one form: which scores exist, how many persons got each. Scores are in points."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import vi_number

Values = NDArray[np.inexact[Any]]  # real, or complex while a derivative is taken
STEPS = (1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.01)  # distances between scores, the widest that fits is used
MANY_SCORES = 5000


@dataclass(frozen=True, slots=True)
class Scale:
    """Every score a form can give: equally spaced, from the lowest to the highest."""

    lowest: float  # points
    highest: float  # points
    step: float  # points between neighbours

    @property
    def points(self) -> NDArray[np.float64]:
        return self.lowest + self.step * np.arange(self.size, dtype=np.float64)

    @property
    def size(self) -> int:
        return round((self.highest - self.lowest) / self.step) + 1

    def places(self, scores: NDArray[np.float64]) -> NDArray[np.intp]:
        """Position of each score on the scale.

        Raises:
            InvalidInput: `scores.scale` when a score is not one of the possible ones.
        """
        places = np.rint((scores - self.lowest) / self.step)
        away = np.abs(self.lowest + self.step * places - scores) > 1e-6 * self.step
        outside = away | (places < 0) | (places >= self.size)
        if outside.any():
            low, high, step = (vi_number(number) for number in (self.lowest, self.highest, self.step))
            raise InvalidInput(
                "scores.scale",
                f"Điểm {vi_number(float(scores[outside][0]))} không thuộc thang từ {low} đến {high}, "
                f"bước {step}; hãy nêu đúng điểm thấp nhất, cao nhất và bước điểm.",
            )
        return places.astype(np.intp)


@dataclass(frozen=True, slots=True)
class Form:
    """How many persons got each score of a form, by anchor score where there is an anchor."""

    scale: Scale
    counts: NDArray[np.float64]  # (scores,), or (scores, anchor scores); persons
    anchor_scale: Scale | None = None

    @property
    def persons(self) -> float:
        return float(self.counts.sum())

    @property
    def shares(self) -> NDArray[np.float64]:
        return self.counts / self.persons


def fit_scale(
    scores: NDArray[np.float64],
    *,
    lowest: float | None = None,
    highest: float | None = None,
    step: float | None = None,
) -> Scale:
    """The scale that holds `scores`: from 0 (or a lower observed score) to the highest observed.

    What is known about the form is given and not guessed: an observed maximum may be below the possible one.

    Raises:
        InvalidInput: `scores.missing`, `scores.step`, `scores.range`.
    """
    if not scores.size or not np.isfinite(scores).all():
        raise InvalidInput("scores.missing", "Cột điểm trống hoặc có ô không phải là số.")
    low = min(0.0, float(scores.min())) if lowest is None else lowest
    high = float(scores.max()) if highest is None else highest
    width = _fitting_step(scores - low) if step is None else step
    if not (high > low and width > 0) or (high - low) / width > MANY_SCORES:
        raise InvalidInput(
            "scores.range",
            f"Thang điểm từ {vi_number(low)} đến {vi_number(high)}, bước {vi_number(width)} không dùng được.",
        )
    return Scale(low, high, width)


def _fitting_step(distances: NDArray[np.float64]) -> float:
    for step in STEPS:
        if np.allclose(distances / step, np.rint(distances / step), rtol=0, atol=1e-6):
            return step
    raise InvalidInput("scores.step", "Điểm không nằm trên các bước đều nhau; hãy nêu bước điểm.")


def tabulate(
    scale: Scale,
    scores: NDArray[np.float64],
    *,
    persons: NDArray[np.float64] | None = None,
    anchor_scale: Scale | None = None,
    anchors: NDArray[np.float64] | None = None,
) -> Form:
    """Count the persons at each score, or at each pair of score and anchor score.

    Shapes:
        scores, anchors: (rows,), points.
        persons: (rows,), how many persons a row stands for; 1 where not given.
    Raises:
        InvalidInput: `scores.scale`; `scores.count` when a count is negative or not a number.
    """
    weights = np.ones(scores.size) if persons is None else persons
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise InvalidInput("scores.count", "Cột số thí sinh có ô trống hoặc số âm.")
    if anchor_scale is None or anchors is None:
        counts = np.zeros(scale.size)
        np.add.at(counts, scale.places(scores), weights)
        return Form(scale, counts)
    counts = np.zeros((scale.size, anchor_scale.size))
    np.add.at(counts, (scale.places(scores), anchor_scale.places(anchors)), weights)
    return Form(scale, counts, anchor_scale)


def without_anchor(form: Form) -> Form:
    """The score distribution alone."""
    return form if form.anchor_scale is None else Form(form.scale, form.counts.sum(axis=1))
