"""Calibration of Rasch and partial credit items by conditional maximum likelihood.

Given a person's total score the ability drops out, so nothing is assumed about its distribution. Each design
(set of items presented together) is conditioned on its own scores. Difficulties sum to zero.
Source: Andersen (1972), Journal of the Royal Statistical Society B 34(1), 42-54; Fischer & Ponocny (1994),
Psychometrika 59(2), 177-192.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.irt.calibration import Calibration, Record
from thucchat.engine.measurement.irt.items import ItemBank, Model
from thucchat.engine.measurement.irt.marginal import FEWEST_PERSONS, Setting, calibrate_marginal
from thucchat.engine.measurement.irt.places import FreePlaces
from thucchat.engine.measurement.irt.start import fitting_model, starting_bank
from thucchat.engine.measurement.irt.symmetric import score_moments
from thucchat.engine.measurement.responses import Responses, designs, linked_parts, usable
from thucchat.engine.threads import use_one_thread

Floats = NDArray[np.float64]
TOLERANCE = 1e-12  # of the gain a step still promises
MOST_STEPS = 100
FARTHEST = 15.0  # logits per score point; beyond, an intercept has no finite estimate


@dataclass(frozen=True, slots=True)
class DesignCounts:
    """All that conditional likelihood needs to know about the persons of one design."""

    items: NDArray[np.int64]  # (presented items,)
    reached: Floats  # (presented items, categories) persons
    by_score: Floats  # (top score + 1,) persons


@dataclass(frozen=True, slots=True)
class Slope:
    """Conditional log-likelihood at one point, by intercept of category 1, 2 … of each item."""

    value: float
    gradient: Floats  # (free,)
    information: Floats  # (free, free), of rank free − 1


def calibrate_conditional(responses: Responses) -> Calibration:
    """Rasch or partial credit parameters; the ability distribution is estimated afterwards, items fixed.

    Raises:
        NoResult: `persons.few`, `items.few`.
        InvalidInput: `design.unlinked` when some items share no persons with the others.
    """
    kept = usable(responses)
    data = kept.responses
    if data.persons < FEWEST_PERSONS:
        raise NoResult(
            "persons.few", f"Chỉ có {data.persons} thí sinh; cần ít nhất {FEWEST_PERSONS} để ước lượng."
        )
    if len(parts := linked_parts(data)) > 1:
        groups = "; ".join(", ".join(data.items[item] for item in part[:3]) for part in parts)
        raise InvalidInput(
            "design.unlinked",
            f"Có nhóm câu không thí sinh nào làm chung với nhóm khác ({groups}); "
            "phương pháp có điều kiện không so được. Hãy dùng mml hoặc thêm câu neo.",
        )
    models = [fitting_model(Model.RASCH, int(count)) for count in data.categories]
    bank = starting_bank(data, models)
    use_one_thread()
    bank, record, covariance, value = _climb(bank, design_counts(data))
    return _result(data, _Found(bank, record, covariance, value), kept.caveats)


@dataclass(frozen=True, slots=True)
class _Found:
    bank: ItemBank
    record: Record
    covariance: Floats
    value: float


def design_counts(data: Responses) -> tuple[DesignCounts, ...]:
    """Score and category counts of each design."""
    found = designs(data)
    most = int(data.categories.max())
    totals = np.where(data.presented, data.codes, 0).sum(axis=0, dtype=np.int64)
    out = []
    for design, presented in enumerate(found.presented):
        persons = found.of_person == design
        items = np.flatnonzero(presented)
        codes = data.codes[np.ix_(items, np.flatnonzero(persons))] if len(found.presented) > 1 else data.codes
        reached = np.stack([np.bincount(row, minlength=most)[:most] for row in codes]).astype(float)
        top = int((data.categories[items] - 1).sum())
        out.append(
            DesignCounts(items, reached, np.bincount(totals[persons], minlength=top + 1).astype(float))
        )
    return tuple(out)


def conditional_slope(bank: ItemBank, counts: Sequence[DesignCounts]) -> Slope:
    """Value, gradient and information, summed over the designs."""
    free = _free(bank)
    place = np.cumsum(free.ravel()).reshape(free.shape) - 1
    gradient, information, value = np.zeros(free.sum()), np.zeros((free.sum(), free.sum())), 0.0
    for design in counts:
        own = free[design.items]
        intercepts = np.where(own, bank.parameters[design.items][:, 1:-1], -np.inf)
        moments = score_moments(intercepts, design.by_score)
        reached = design.reached[:, 1:]
        value += float((reached[own] * intercepts[own]).sum()) - moments.log_normaliser
        places = place[design.items][own]
        gradient[places] += (reached - moments.expected)[own]
        chosen = own.ravel()
        information[np.ix_(places, places)] += moments.covariance[np.ix_(chosen, chosen)]
    return Slope(value, gradient, information)


def _free(bank: ItemBank) -> NDArray[np.bool_]:
    """(items, categories − 1) which intercepts exist."""
    return np.arange(1, bank.parameters.shape[1] - 1) < bank.categories[:, None]


def _climb(bank: ItemBank, counts: Sequence[DesignCounts]) -> tuple[ItemBank, Record, Floats, float]:
    free, history, converged, gain = _free(bank), [], False, np.inf
    zero_sum = _zero_sum(bank)
    slope = conditional_slope(bank, counts)
    for _ in range(MOST_STEPS):
        history.append(slope.value)
        inverse = _bordered_inverse(slope.information, zero_sum)
        change = inverse @ slope.gradient
        gain = float(change @ slope.gradient)
        bank, slope = _advance(bank, counts, change, slope)
        if converged := gain < TOLERANCE * max(1.0, abs(slope.value)):
            break
    steps = np.arange(1, bank.parameters.shape[1] - 1)
    converged = converged and bool((np.abs(bank.parameters[:, 1:-1]) < FARTHEST * steps).all())
    inverse = _bordered_inverse(slope.information, zero_sum)
    return (
        _centred(bank, free, zero_sum),
        Record(len(history), converged, tuple(history), gain),
        inverse,
        slope.value,
    )


def _advance(
    bank: ItemBank, counts: Sequence[DesignCounts], change: Floats, before: Slope
) -> tuple[ItemBank, Slope]:
    """Go the whole way, or halve until the likelihood does not fall."""
    free = _free(bank)
    for halving in range(20):
        parameters = bank.parameters.copy()
        parameters[:, 1:-1][free] += change / 2**halving
        ahead = bank.at(parameters)
        slope = conditional_slope(ahead, counts)
        if slope.value >= before.value - 1e-9 * abs(before.value):
            return ahead, slope
    return bank, before


def _zero_sum(bank: ItemBank) -> Floats:
    """(free,) weights whose product with the intercepts is the sum of difficulties."""
    weights = np.zeros(_free(bank).shape)
    weights[np.arange(len(weights)), bank.categories - 2] = 1 / (bank.categories - 1)
    return weights[_free(bank)]


def _bordered_inverse(information: Floats, constraint: Floats) -> Floats:
    """Covariance under constraint · parameters = 0, for information that is silent in one direction only."""
    size = len(constraint)
    bordered = np.zeros((size + 1, size + 1))
    bordered[:size, :size] = information
    bordered[size, :size] = bordered[:size, size] = constraint
    inverse = np.linalg.pinv(bordered, hermitian=True, rcond=1e-13)
    return np.asarray(inverse[:size, :size], np.float64)


def _centred(bank: ItemBank, free: NDArray[np.bool_], zero_sum: Floats) -> ItemBank:
    parameters = bank.parameters.copy()
    steps = np.arange(1, parameters.shape[1] - 1)
    shift = float(parameters[:, 1:-1][free] @ zero_sum) / len(parameters)
    parameters[:, 1:-1] = np.where(free, parameters[:, 1:-1] - shift * steps, 0.0)
    return bank.at(parameters)


def _result(data: Responses, found: _Found, caveats: tuple[str, ...]) -> Calibration:
    free = np.zeros(found.bank.parameters.shape, bool)
    free[:, 1:-1] = _free(found.bank)
    if not found.record.converged:
        caveats += (
            "Chưa hội tụ: có câu mà mọi thí sinh chưa đạt điểm tối đa hoặc tối thiểu đều trả lời như nhau.",
        )
    extreme = sum(float(design.by_score[0] + design.by_score[-1]) for design in design_counts(data))
    if extreme:
        caveats += (f"{extreme:.0f} thí sinh đúng hết hoặc sai hết không góp thông tin về độ khó.",)
    abilities = calibrate_marginal(data, found.bank.models, Setting(fixed=found.bank))
    return replace(
        abilities,
        free=FreePlaces(free, np.zeros((1, 2), bool)),
        covariance=found.covariance,
        method="cml",
        log_likelihood=found.value,
        record=found.record,
        caveats=caveats,
    )
