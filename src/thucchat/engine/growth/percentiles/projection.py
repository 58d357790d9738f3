"""Where pupils will stand if they keep growing at a given percentile, and what growth a target needs.

The curves of each coming step come from pupils who have already taken it. A projection says what such
pupils reached, not what this pupil will reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.percentiles.curves import GrowthCurves
from thucchat.engine.growth.percentiles.splines import design


@dataclass(frozen=True, slots=True)
class Projection:
    """Scores after the last step, for growth at each percentile in every step."""

    scores: NDArray[np.float64]  # (pupils, taus), points, rising along taus
    needed: NDArray[np.float64]  # (pupils,), least percentile 1-99 that reaches the target; NaN if none does
    on_track: NDArray[np.bool_]  # (pupils,), the median path reaches the target


def project(steps: Sequence[GrowthCurves], history: NDArray[np.float64], target: float) -> Projection:
    """Follow every pupil through `steps`.

    Shapes:
        history: (pupils, scores), points, most recent first, no NaN; at least as many as the first step's
        priors.
    Raises:
        InvalidInput: `projection.history` when a step needs more prior scores than there are.
    """
    path = [history[:, [column]] for column in range(history.shape[1])]
    for step in steps:
        wanted = len(step.bases)
        if wanted > len(path):
            raise InvalidInput(
                "projection.history", f"Cần {wanted} điểm đầu vào để dự báo, chỉ có {len(path)}."
            )
        path = [_next_scores(step, path[:wanted]), *path]
    scores = path[0]
    reached = scores >= target
    # Curve k (0.5 % + k %) is reached by growth at percentile k + 1, at most 99.
    needed = np.where(reached.any(axis=1), np.minimum(reached.argmax(axis=1) + 1, 99), np.nan)
    return Projection(scores, needed, reached[:, len(scores.T) // 2])


def _next_scores(step: GrowthCurves, priors: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """One step for every path: path t grows along curve t. Shapes: (pupils, taus)."""
    if all(prior.shape[1] == 1 for prior in priors):
        return step.values(np.column_stack(priors))
    paths = []
    for place, row in enumerate(step.coefficients):
        columns = [prior[:, min(place, prior.shape[1] - 1)] for prior in priors]
        paths.append(design(step.bases, np.column_stack(columns)) @ row)
    return np.sort(np.column_stack(paths), axis=1)
