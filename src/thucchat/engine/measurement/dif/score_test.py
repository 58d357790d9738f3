"""Score-based DIF: do the residuals of a common calibration lean one way in the focal group?

One calibration serves all items. Under it the scores (derivatives of each person's log-likelihood) of an
item's parameters sum to zero over everybody; over the focal group alone they should be near zero too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from thucchat.engine.measurement.dif.design import GroupedResponses
from thucchat.engine.measurement.dif.likelihood_ratio import Comparison
from thucchat.engine.measurement.dif.results import DELTA, ItemDif, delta_class, ets_class
from thucchat.engine.measurement.irt.calibration import Calibration
from thucchat.engine.measurement.irt.items import Curves, curves
from thucchat.engine.measurement.responses import MISSING, Responses, responses_from_scores

BLOCK = 2048  # persons whose posteriors exist at one time


@dataclass(frozen=True, slots=True)
class ScoreSums:
    """Sums over persons of what the test needs."""

    focal_scores: NDArray[np.float64]  # (free,) summed over the focal group
    focal_products: NDArray[np.float64]  # (free, free) products of scores, summed over the focal group
    all_products: NDArray[np.float64]  # (free, free)


def score_test_items(comparison: Comparison) -> list[ItemDif]:
    """All items from one calibration; the effect is a one-step estimate on the delta scale.

    Source:
        Rao (1948); Merkle and Zeileis (2013), Psychometrika 78(1), 59-82, for two groups; covariance from the
        outer products of the scores.
    """
    sums = score_sums(comparison.data, comparison.base)
    left = sums.focal_products @ np.linalg.pinv(sums.all_products, hermitian=True)
    covariance = sums.focal_products - left @ sums.focal_products
    free = comparison.base.free.items
    owner, kind = np.nonzero(free)
    return [
        _item(name, sums.focal_scores, covariance, own=(np.flatnonzero(owner == place), kind[owner == place]))
        for place, name in enumerate(comparison.base.bank.names)
    ]


def _item(
    name: str,
    scores: NDArray[np.float64],
    covariance: NDArray[np.float64],
    *,
    own: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> ItemDif:
    places, kind = own
    block = covariance[np.ix_(places, places)]
    statistic = float(scores[places] @ np.linalg.solve(block, scores[places]))
    p = float(chi2.sf(statistic, len(places)))
    # Intercepts that shift together move the item as a whole: a step estimate of that shift.
    shift = np.where(kind > 0, kind, 0).astype(np.float64)
    weight = float(shift @ block @ shift)
    effect = -DELTA * float(shift @ scores[places]) / weight
    error = float(abs(DELTA) / np.sqrt(weight))
    return ItemDif(
        name, statistic, len(places), p, effect, error, ets_class(effect, error), delta_class(effect)
    )


def score_sums(data: GroupedResponses, calibration: Calibration) -> ScoreSums:
    """Sums of the persons' scores, block of persons by block."""
    responses = responses_from_scores(data.items, data.scores)
    shape = curves(calibration.bank, calibration.latent.nodes)
    count = calibration.free.count
    sums = ScoreSums(np.zeros(count), np.zeros((count, count)), np.zeros((count, count)))
    for start in range(0, data.persons, BLOCK):
        block = slice(start, min(start + BLOCK, data.persons))
        scores = _person_scores(responses, calibration, shape, persons=(block, data.focal[block]))
        focal = scores[data.focal[block]]
        sums.focal_scores[:] += focal.sum(axis=0)
        sums.focal_products[:] += focal.T @ focal
        sums.all_products[:] += scores.T @ scores
    return sums


def _person_scores(
    responses: Responses,
    calibration: Calibration,
    shape: Curves,
    *,
    persons: tuple[slice, NDArray[np.bool_]],
) -> NDArray[np.float64]:
    """Derivative of each person's log-likelihood by every free parameter. Shape (persons, free)."""
    block, focal = persons
    codes, latent, free = responses.codes[:, block], calibration.latent, calibration.free
    weights = _posteriors(codes, shape, latent.log_weights[focal.astype(np.intp)])
    columns = []
    for item, chosen in enumerate(free.items):
        own = np.zeros((codes.shape[1], int(chosen.sum())))
        for category in range(int(calibration.bank.categories[item])):
            reached = codes[item] == category
            own[reached] = weights[reached] @ shape.score[item, chosen, category].T
        columns.append(own)
    for group in (0, 1):
        moves = weights @ latent.score[group].T * (focal == bool(group))[:, None]
        columns.append(moves[:, free.groups[group]])
    return np.hstack(columns)


def _posteriors(
    codes: NDArray[np.uint8], shape: Curves, log_weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Posterior of each person over the nodes. Shape (persons, nodes)."""
    likelihood = log_weights.copy()
    for item, reached in enumerate(codes):
        known = reached != MISSING
        likelihood[known] += shape.log_p[item, reached[known]]
    likelihood -= likelihood.max(axis=1, keepdims=True)
    weights = np.exp(likelihood)
    posterior: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return posterior
