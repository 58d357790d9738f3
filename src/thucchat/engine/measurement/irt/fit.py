"""How well calibrated items and persons fit the model: S-X², l_z*, and Q3 for local dependence.

These look at what the model promises beyond its parameters; all need responses to the same items.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.abilities import Abilities, likelihood_ability
from thucchat.engine.measurement.irt.calibration import Calibration
from thucchat.engine.measurement.irt.items import ItemBank, curves
from thucchat.engine.measurement.irt.latent import ability_score, item_information
from thucchat.engine.measurement.responses import MISSING, Responses

Floats = NDArray[np.float64]
FEWEST_EXPECTED = 1.0  # persons in a cell of the table
BLOCK = 4096  # persons


@dataclass(frozen=True, slots=True)
class ItemFit:
    """S-X² of one item."""

    item: str
    statistic: float
    freedom: int  # degrees; 0 when too few persons remain to test
    p: float


def item_fit(calibration: Calibration, responses: Responses) -> tuple[ItemFit, ...]:
    """Observed against expected categories at each total score, neighbouring scores joined while sparse.

    Raises:
        NoResult: `fit.missing` when some persons were not presented all items.
    Source:
        Orlando & Thissen (2000), Applied Psychological Measurement 24(1), 50-64; several categories by
        Kang & Chen (2008), Journal of Educational Measurement 45(4), 391-406.
    """
    if (responses.codes == MISSING).any():
        raise NoResult("fit.missing", "S-X² chỉ tính được khi mọi thí sinh làm cùng các câu.")
    bank, latent = calibration.bank, calibration.latent
    p = np.exp(curves(bank, latent.nodes).log_p)
    weights = np.exp(latent.log_weights[0])
    totals = responses.codes.sum(axis=0, dtype=np.int64)
    top = int((bank.categories - 1).sum())
    return tuple(
        _fit_one(calibration, item, responses.codes[item], totals, _expected(p, weights, item, top))
        for item in range(len(bank.names))
    )


def _score_distribution(p: Floats, top: int) -> Floats:
    """(top + 1, nodes) probability of each total of the items in `p`, built item by item (Lord–Wingersky)."""
    out = np.zeros((top + 1, p.shape[2]))
    out[0] = 1
    for item in p:
        grown = out * item[0]
        for category in range(1, len(item)):
            grown[category:] += out[: len(out) - category] * item[category]
        out = grown
    return out


def _expected(p: Floats, weights: Floats, item: int, top: int) -> Floats:
    """(categories, top + 1) probability of each category given the total score."""
    rest = _score_distribution(np.delete(p, item, axis=0), top)
    joint = np.zeros((p.shape[1], top + 1))
    for category in range(p.shape[1]):
        joint[category, category:] = (rest[: top + 1 - category] * p[item, category]) @ weights
    return np.asarray(joint / joint.sum(axis=0))


def _fit_one(
    calibration: Calibration, item: int, codes: NDArray[np.uint8], totals: NDArray[np.int64], expected: Floats
) -> ItemFit:
    categories = int(calibration.bank.categories[item])
    top = expected.shape[1] - 1
    observed = np.stack([np.bincount(totals[codes == k], minlength=top + 1) for k in range(categories)])
    persons = observed.sum(axis=0)
    cells = _joined(observed[:, 1:top].astype(float), (expected[:categories] * persons)[:, 1:top])
    statistic = sum(float(((seen - hoped) ** 2 / hoped).sum()) for seen, hoped in cells)
    parameters = int(calibration.free.items[item].sum())
    freedom = max(sum(len(seen) - 1 for seen, _ in cells) - parameters, 0)
    p = float(chi2.sf(statistic, freedom)) if freedom else float("nan")
    return ItemFit(calibration.bank.names[item], statistic, freedom, p)


def _joined(observed: Floats, expected: Floats) -> list[tuple[Floats, Floats]]:
    """Neighbouring score columns joined until every one has enough; then sparse categories too."""
    columns: list[list[Floats]] = []
    for seen, hoped in zip(observed.T, expected.T, strict=True):
        if columns and columns[-1][1].min() < FEWEST_EXPECTED:
            columns[-1] = [columns[-1][0] + seen, columns[-1][1] + hoped]
        else:
            columns.append([seen, hoped])
    if len(columns) > 1 and columns[-1][1].min() < FEWEST_EXPECTED:
        last = columns.pop()
        columns[-1] = [columns[-1][0] + last[0], columns[-1][1] + last[1]]
    return [_categories_joined(seen, hoped) for seen, hoped in columns if hoped.sum() > 0]


def _categories_joined(seen: Floats, hoped: Floats) -> tuple[Floats, Floats]:
    while len(hoped) > 1 and hoped.min() < FEWEST_EXPECTED:
        place = int(hoped.argmin())
        into = place + 1 if place == 0 else place - 1
        seen[into], hoped[into] = seen[into] + seen[place], hoped[into] + hoped[place]
        seen, hoped = np.delete(seen, place), np.delete(hoped, place)
    return seen, hoped


@dataclass(frozen=True, slots=True)
class PersonFit:
    """Standardised log-likelihood of each person's responses; far below zero means answers out of order."""

    lz_star: Floats  # (persons,) about standard normal under the model; NaN without a finite ability
    p: Floats  # (persons,) of a value this low or lower


def person_fit(bank: ItemBank, responses: Responses) -> PersonFit:
    """l_z* at the weighted likelihood estimate of ability.

    Source:
        Snijders (2001), Psychometrika 66(3), 331-342; several categories by Sinharay (2016),
        Psychometrika 81(4), 992-1013.
    """
    abilities = likelihood_ability(bank, responses, weighted=True)
    value = np.full(responses.persons, np.nan)
    known = np.flatnonzero(~np.isnan(abilities.theta))
    for start in range(0, len(known), BLOCK):
        chosen = known[start : start + BLOCK]
        value[chosen] = _lz_star(bank, responses.codes[:, chosen], abilities.theta[chosen])
    return PersonFit(value, norm.cdf(value))


def _lz_star(bank: ItemBank, codes: NDArray[np.uint8], theta: Floats) -> Floats:
    log_p = curves(bank, theta).log_p
    p, score = np.exp(log_p), ability_score(bank, theta)
    presented = codes != MISSING
    reached = np.take_along_axis(log_p, np.where(presented, codes, 0)[:, None].astype(np.int64), axis=1)[:, 0]
    expected = (p * log_p).sum(axis=1)
    information = (p * score**2).sum(axis=1)
    shared = (p * score * log_p).sum(axis=1)
    # The estimate solves Σ score + correction = 0; taking out its share leaves a mean and variance known.
    ratio = (shared * presented).sum(axis=0) / (information * presented).sum(axis=0)
    weight = log_p - expected[:, None] - ratio * score
    variance = ((p * weight**2).sum(axis=1) * presented).sum(axis=0)
    correction = _warm_correction(bank, theta, presented)
    total = ((reached - expected) * presented).sum(axis=0)
    return np.asarray((total + ratio * correction) / np.sqrt(variance))


def _warm_correction(bank: ItemBank, theta: Floats, presented: NDArray[np.bool_]) -> Floats:
    """What weighted likelihood adds to the score: half the derivative bias over the information."""
    step = 1e-4
    score = ability_score(bank, theta)
    slope = (ability_score(bank, theta + step) - ability_score(bank, theta - step)) / (2 * step)
    p = np.exp(curves(bank, theta).log_p)
    bias = (p * score * (score**2 + slope)).sum(axis=1)
    information = (p * score**2).sum(axis=1)
    return np.asarray((bias * presented).sum(axis=0) / (2 * (information * presented).sum(axis=0)))


def residual_correlations(bank: ItemBank, responses: Responses, abilities: Abilities) -> Floats:
    """Q3: (items, items) correlations of residuals at the given abilities, NaN on the diagonal.

    With local independence they lie near −1 / (items − 1); values 0.2 above their mean deserve a look.
    Source:
        Yen (1984), Applied Psychological Measurement 8(2), 125-145; the 0.2 rule after Christensen, Makransky
        & Horton (2017), Applied Psychological Measurement 41(3), 178-194.
    """
    residual = np.full(responses.codes.shape, np.nan)
    known = np.flatnonzero(~np.isnan(abilities.theta))
    for start in range(0, len(known), BLOCK):
        chosen = known[start : start + BLOCK]
        p = np.exp(curves(bank, abilities.theta[chosen]).log_p)
        expected = np.einsum("k,jkn->jn", np.arange(p.shape[1]), p)
        codes = responses.codes[:, chosen]
        residual[:, chosen] = np.where(codes == MISSING, np.nan, codes - expected)
    return _pairwise_correlation(residual)


def _pairwise_correlation(values: Floats) -> Floats:
    seen = (~np.isnan(values)).astype(float)
    filled = np.nan_to_num(values)
    pairs = seen @ seen.T
    sums, squares = filled @ seen.T, filled**2 @ seen.T
    with np.errstate(invalid="ignore", divide="ignore"):
        cross = filled @ filled.T - sums * sums.T / pairs
        variance = squares - sums**2 / pairs
        out = cross / np.sqrt(variance * variance.T)
    np.fill_diagonal(out, np.nan)
    return np.asarray(out)


@dataclass(frozen=True, slots=True)
class TestInformation:
    """What a test says at each ability."""

    theta: Floats  # (points,) logits
    by_item: Floats  # (items, points) Fisher information
    standard_error: Floats  # (points,) logits, of a likelihood estimate


def test_information(bank: ItemBank, theta: Floats) -> TestInformation:
    """Information of each item, and the standard error of the whole test, at the abilities asked for."""
    by_item = item_information(bank, theta)
    return TestInformation(theta, by_item, 1 / np.sqrt(by_item.sum(axis=0)))
