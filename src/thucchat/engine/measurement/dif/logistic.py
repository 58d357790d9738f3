"""Logistic-regression DIF: does the group still matter once the matching score is known?

Uniform DIF shifts the curve of the focal group, non-uniform DIF also turns it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import chi2

from thucchat.engine.measurement.dif.design import GroupedResponses, match
from thucchat.engine.measurement.dif.results import LEVEL, ItemDif, Size, r2_class, untested

STEPS = 100
SEPARATED = 15.0  # log odds per standard deviation of the score: the estimate runs to infinity


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """A fitted regression."""

    slopes: NDArray[np.float64]  # (columns,), log odds
    deviance: float
    fitted: NDArray[np.float64]  # (persons,), probability


def fit_logistic(design: NDArray[np.float64], right: NDArray[np.float64]) -> LogisticFit | None:
    """Maximum likelihood by Newton's steps with halving; None when the groups can be told apart perfectly.

    Shapes:
        design: (persons, columns), of full rank, with a column of ones; right: (persons,), 0 or 1.
    """
    slopes = np.zeros(design.shape[1])
    deviance, fitted = _deviance(design @ slopes, right)
    for _ in range(STEPS):
        weights = fitted * (1 - fitted)
        information = design.T @ (weights[:, None] * design)
        step = np.linalg.lstsq(information, design.T @ (right - fitted), rcond=None)[0]
        for _ in range(30):
            better, closer = _deviance(design @ (slopes + step), right)
            if better <= deviance + 1e-10:
                break
            step = step / 2
        gain = deviance - better
        slopes, deviance, fitted = slopes + step, better, closer
        if np.abs(slopes).max() > SEPARATED * design.shape[1]:
            return None
        if abs(gain) < 1e-10 * (1 + deviance):
            return LogisticFit(slopes, deviance, fitted)
    return None


def _deviance(logits: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    value = 2 * float((np.logaddexp(0, logits) - right * logits).sum())
    return value, np.asarray(expit(logits), dtype=np.float64)


def nagelkerke(deviance: float, null_deviance: float, persons: int) -> float:
    """Share of the attainable likelihood that the model reaches, 0 to 1.

    Source: Nagelkerke (1991), Biometrika 78(3), 691-692.
    """
    gained = -np.expm1((deviance - null_deviance) / persons)
    return float(gained / -np.expm1(-null_deviance / persons))


def logistic_item(
    data: GroupedResponses, item: int, anchors: NDArray[np.bool_], *, kind: str = "both"
) -> ItemDif:
    """One item scored 0 or 1; the effect is the gain in Nagelkerke's R².

    `kind`: both (2 degrees of freedom), uniform, or nonuniform (1 each). Only persons who were presented all
    matching items are used.

    Source:
        Swaminathan and Rogers (1990), Journal of Educational Measurement 27(4), 361-370; class limits of
        Jodoin and Gierl (2001), Applied Measurement in Education 14(4), 329-349.
    """
    name, freedom = data.items[item], 2 if kind == "both" else 1
    right, score, focal = _complete(data, item, anchors)
    if not data.two_category[item] or not _testable(right, focal):
        return untested(name, freedom)
    fits = [fit_logistic(design, right) for design in _designs(score, focal)]
    deviances = [fit.deviance for fit in fits if fit is not None]
    if len(deviances) < len(fits):
        return untested(name, freedom)
    full, small = {"both": (2, 0), "uniform": (1, 0), "nonuniform": (2, 1)}[kind]
    statistic = max(deviances[small] - deviances[full], 0.0)
    p = float(chi2.sf(statistic, freedom))
    share = right.mean()
    null = -2 * len(right) * float(share * np.log(share) + (1 - share) * np.log1p(-share))
    gain = nagelkerke(deviances[full], null, len(right)) - nagelkerke(deviances[small], null, len(right))
    size = r2_class(gain) if p < LEVEL else Size.A
    parts = [max(deviances[step] - deviances[step + 1], 0.0) for step in (0, 1)]
    uniform, turned = ((part, float(chi2.sf(part, 1))) for part in parts)
    return ItemDif(
        name, statistic, freedom, p, gain, np.nan, size, r2_class(gain), uniform=uniform, non_uniform=turned
    )


def _complete(
    data: GroupedResponses, item: int, anchors: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    chosen = anchors.copy()
    chosen[item] = True
    matching = match(data, item, anchors)
    complete = ~np.isnan(data.scores[np.ix_(matching.used, chosen)]).any(axis=1)
    right = data.scores[matching.used, item][complete]
    return right, matching.score[complete], data.focal[matching.used][complete].astype(np.float64)


def _testable(right: NDArray[np.float64], focal: NDArray[np.float64]) -> bool:
    return right.size > 0 and 0 < right.mean() < 1 and 0 < focal.mean() < 1


def _designs(score: NDArray[np.float64], focal: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Score alone, with the group, with the group and their product."""
    spread = score.std()
    z = (score - score.mean()) / (spread if spread > 0 else 1.0)
    columns = np.column_stack([np.ones_like(z), z, focal, focal * z])
    return [columns[:, :2], columns[:, :3], columns]
