"""From answers to numbers, without the database: points, statistics of items, a scale, abilities on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import EngineError, NoResult
from thucchat.engine.measurement.abilities import Abilities, eap, likelihood_ability, matched
from thucchat.engine.measurement.classical import ItemStatistics, item_statistics
from thucchat.engine.measurement.irt.calibration import Calibration, ReportedItem, reported_items
from thucchat.engine.measurement.irt.items import ItemBank, Model
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal
from thucchat.engine.measurement.linking.calibrations import calibrated_items
from thucchat.engine.measurement.linking.carry import carry_abilities, link_error_at
from thucchat.engine.measurement.linking.constants import FEWEST, Link
from thucchat.engine.measurement.linking.drift import StableLink, stable_link
from thucchat.engine.measurement.linking.items import ItemParameters, common_items
from thucchat.engine.measurement.listing import key_text, listed_answers
from thucchat.engine.measurement.reliability import Reliability, reliability
from thucchat.engine.measurement.responses import MISSING, responses_from_scores
from thucchat.engine.measurement.scoring import Scored, score_answers
from thucchat.web.results.queries.answers import AnswerTable

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Classical:
    """What is known without a model."""

    scored: Scored
    items: tuple[ItemStatistics, ...]
    reliability: Reliability | None
    highest: Floats  # (items,) points of a perfect answer
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anchors:
    """Items of an earlier run that are here too, for one of the two ways of linking."""

    bank: ItemBank
    parameters: ItemParameters
    fixed: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A calibration, its items and the abilities of all candidates on the run's scale."""

    calibration: Calibration
    items: tuple[ReportedItem, ...]
    eap: Abilities  # (persons,)
    wle: Abilities  # (persons,)
    link: StableLink | None
    link_error: float  # logits, of the mean ability; 0 without a link
    refusal: str  # why it is not linked, although that was asked


def classical(table: AnswerTable) -> Classical:
    """Points and statistics.

    Raises:
        NoResult: `persons.few`.
        InvalidInput: what scoring refuses.
    """
    rules = table.rules
    scored = score_answers(rules, table.answers, table.states)
    sat = ~np.isnan(scored.points).all(axis=1)
    points = scored.points[sat]
    highest = np.array([rule.highest for rule in rules.values()])
    keys = [key_text(rule) for rule in rules.values()]
    answers = [
        None if key is None else listed_answers(np.asarray(table.answers[name])[sat])
        for name, key in zip(rules, keys, strict=True)
    ]
    items = item_statistics(scored.items, points, highest, answers, keys)
    caveats: tuple[str, ...] = ()
    found = None
    try:
        found = reliability(points)
    except NoResult as reason:
        caveats = (str(reason),)
    return Classical(scored, items, found, highest, caveats)


def scale_of(scored: Scored, model: Model, anchors: Anchors | None) -> Scale:
    """Calibrate, estimate abilities, and link where `anchors` are given; a refused link is told, not raised.

    Raises:
        NoResult: `persons.few`, `items.few` when there is too little to calibrate.
    """
    refusal = ""
    if anchors is not None:
        try:
            return _fixed(scored, model, anchors) if anchors.fixed else _linked(scored, model, anchors)
        except EngineError as reason:
            refusal = str(reason)
    return replace(_plain(scored, model, Setting()), refusal=refusal)


def _plain(scored: Scored, model: Model, setting: Setting) -> Scale:
    responses = responses_from_scores(scored.items, scored.points)
    calibration = calibrate_marginal(responses, [model] * len(scored.items), setting)
    own = matched(calibration.bank, calibration.points, responses)
    seen = (own.codes != MISSING).any(axis=0)
    return Scale(
        calibration=calibration,
        items=reported_items(calibration),
        eap=_of_seen(eap(calibration.bank, own, calibration.latent), seen),
        wle=_of_seen(likelihood_ability(calibration.bank, own, weighted=True), seen),
        link=None,
        link_error=0.0,
        refusal="",
    )


def _of_seen(abilities: Abilities, seen: NDArray[np.bool_]) -> Abilities:
    """Who answered nothing has no ability, not the average one."""
    return Abilities(np.where(seen, abilities.theta, np.nan), np.where(seen, abilities.se, np.nan))


def _fixed(scored: Scored, model: Model, anchors: Anchors) -> Scale:
    if len(anchors.bank.names) < FEWEST:
        raise NoResult("link.few", f"Chỉ có {len(anchors.bank.names)} câu chung; cần ít nhất {FEWEST}.")
    return _plain(scored, model, Setting(fixed=anchors.bank))


def _linked(scored: Scored, model: Model, anchors: Anchors) -> Scale:
    own = _plain(scored, model, Setting())
    source = calibrated_items(own.calibration)
    names = tuple(name for name in anchors.parameters.names if name in source.names)
    found = stable_link(*common_items(source, anchors.parameters, names))
    link = found.link
    mean = float(own.calibration.latent.mean[0])
    return replace(
        own,
        items=tuple(_moved(item, link) for item in own.items),
        eap=_carried(own.eap, link),
        wle=_carried(own.wle, link),
        link=found,
        link_error=float(link_error_at(link, np.array([mean]))[0]),
    )


def _carried(abilities: Abilities, link: Link) -> Abilities:
    moved = carry_abilities(abilities.theta, abilities.se, link)
    return Abilities(moved.theta, moved.measurement_error)


def _moved(item: ReportedItem, link: Link) -> ReportedItem:
    """The item on the scale it is linked to, with its own errors."""
    slope, intercept = link.slope, link.intercept
    return replace(
        item,
        a=item.a / slope,
        b=slope * item.b + intercept,
        steps=tuple(slope * step + intercept for step in item.steps),
        se_a=item.se_a / slope,
        se_b=slope * item.se_b,
        se_steps=tuple(slope * error for error in item.se_steps),
    )


def numbers(values: Sequence[float]) -> list[float | None]:
    """Values as JSON has them: null where there is none."""
    return [float(value) if np.isfinite(value) else None for value in values]
