"""From calibrations to linking: items with their covariances, and forms calibrated on one scale at once.

Concurrent: all forms in one calibration, one group per form, linked by the items they share.
Fixed anchor: a new form calibrated with the anchors' parameters held where they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.calibration import Calibration
from thucchat.engine.measurement.irt.items import Family, ItemBank, Model
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal
from thucchat.engine.measurement.linking.items import ItemParameters
from thucchat.engine.measurement.responses import responses_from_scores


@dataclass(frozen=True, slots=True)
class FormResponses:
    """Who scored what on one form."""

    name: str
    items: tuple[str, ...]
    scores: NDArray[np.float64]  # (persons, items), points, NaN = not presented


def calibrated_items(calibration: Calibration) -> ItemParameters:
    """Items of a calibration as linking needs them, with the covariance of all their parameters."""
    bank = calibration.bank
    graded = bank.families == Family.GRADED
    steps, jacobian = _steps_of(bank, graded)
    free = calibration.free.items.ravel()
    own = calibration.covariance[: free.sum(), : free.sum()]
    moves = jacobian[:, free]
    guessing = bank.parameters[:, -1]
    guesses = np.array([model is Model.THREE_PL for model in bank.models])
    return ItemParameters(
        names=bank.names,
        slopes=bank.parameters[:, 0],
        steps=steps,
        guessing=np.where(guesses, 1 / (1 + np.exp(-guessing)), 0.0),
        cumulative=graded,
        covariance=moves @ own @ moves.T,
    )


def _steps_of(bank: ItemBank, graded: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Steps (items, most), and the derivatives of slopes and steps by the bank's flattened parameters."""
    count, width = bank.parameters.shape
    most = width - 2
    slopes, intercepts = bank.parameters[:, :1], bank.parameters[:, 1:-1]
    present = np.arange(1, most + 1) < bank.categories[:, None]
    before = np.hstack([np.zeros((count, 1)), intercepts[:, :-1]])
    heights = np.where(graded[:, None], intercepts, intercepts - before)
    steps = np.where(present, -heights / slopes, np.nan)
    jacobian = np.zeros((count + count * most, count, width))
    everyone = np.arange(count)
    jacobian[everyone, everyone, 0] = 1
    for item, step in np.argwhere(present):
        row = jacobian[count + item * most + step, item]
        row[0] = heights[item, step] / slopes[item, 0] ** 2
        row[1 + step] = -1 / slopes[item, 0]
        if step and not graded[item]:
            row[step] = 1 / slopes[item, 0]
    return steps, jacobian.reshape(len(jacobian), -1)


def calibrate_together(forms: Sequence[FormResponses], model: Model) -> Calibration:
    """Concurrent calibration: one scale, on which the first form's group has mean 0.

    Raises:
        InvalidInput: `link.forms`; `design.unlinked` when the forms share no items.
        NoResult: what the calibration cannot carry.
    """
    if len(forms) < 2:
        raise InvalidInput("link.forms", "Cần ít nhất hai đề để ước lượng chung.")
    items, scores, group = stack_forms(forms)
    setting = Setting(group=group, groups=tuple(form.name for form in forms))
    return calibrate_marginal(responses_from_scores(items, scores), [model] * len(items), setting)


def stack_forms(
    forms: Sequence[FormResponses],
) -> tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.int64]]:
    """All items, scores (persons, items) with NaN where a form lacks the item, and each person's form."""
    items = tuple(dict.fromkeys(name for form in forms for name in form.items))
    place = {name: column for column, name in enumerate(items)}
    sizes = [len(form.scores) for form in forms]
    scores = np.full((sum(sizes), len(items)), np.nan)
    starts = np.cumsum([0, *sizes])
    for form, start, size in zip(forms, starts, sizes, strict=False):
        scores[start : start + size, [place[name] for name in form.items]] = form.scores
    return items, scores, np.repeat(np.arange(len(forms)), sizes)


def calibrate_on_anchors(form: FormResponses, model: Model, anchors: ItemBank) -> Calibration:
    """Calibrate a form on the scale of items whose parameters stay as they are.

    Raises:
        InvalidInput: `fixed.absent`, `fixed.categories`.
        NoResult: what the calibration cannot carry.
    """
    data = responses_from_scores(form.items, form.scores)
    return calibrate_marginal(data, [model] * len(form.items), Setting(fixed=anchors))
