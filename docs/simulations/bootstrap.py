"""Analytic standard errors beside those of the bootstrap, on simulated data; fills docs/measurement.md.

Run: python docs/simulations/bootstrap.py [resamples]. One data set for each row; persons (for raters,
scripts) are drawn from it again with replacement and everything is estimated anew. For the errors of a 3PL
posterior the prior is drawn again too: it stands for twenty pupils who know nothing, a quarter of whom guess
right, and each weighs more or less (Rubin's Bayesian bootstrap). 500 resamples know each error to 3 %, and
the mean of many better.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import dif
import equating
import numpy as np
import raters
from measurement import STUDIES as CALIBRATIONS
from measurement import Study, bank_of, drawn, in_groups
from numpy.typing import NDArray
from tables import put_table

from thucchat.engine.measurement.dif.analysis import Choice, analyse_dif
from thucchat.engine.measurement.dif.design import GroupedResponses
from thucchat.engine.measurement.equating.forms import Form, Scale
from thucchat.engine.measurement.equating.methods import Plan, equate
from thucchat.engine.measurement.irt.calibration import Calibration, reported_items
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal
from thucchat.engine.measurement.irt.prior import GuessingPrior
from thucchat.engine.measurement.linking.calibrations import FormResponses, calibrated_items
from thucchat.engine.measurement.linking.constants import METHODS, estimate_link
from thucchat.engine.measurement.linking.items import common_items
from thucchat.engine.measurement.raters.marks import marks_of
from thucchat.engine.measurement.raters.severity import severities
from thucchat.engine.measurement.responses import responses_from_scores

PAGE = Path(__file__).parents[1] / "measurement.md"
PROCESSES = 2
PERSONS = 1000
PUPILS, RIGHT = 20, 5  # what the prior of c stands for
Floats = NDArray[np.float64]
Estimate = tuple[Floats, Floats]  # estimates and their analytic standard errors
Draw = Callable[[np.random.Generator | None], Estimate]  # from the data themselves, or from a resample


def again(count: int, rng: np.random.Generator | None) -> NDArray[np.int64]:
    """Places of the persons: everybody once, or drawn with replacement."""
    return np.arange(count) if rng is None else rng.integers(0, count, count)


def of_calibration(found: Calibration) -> Estimate:
    """Slopes, steps and guessing, then means and variances; NaN for the error of what was fixed."""
    items = reported_items(found)
    values = [*((item.a, item.se_a) for item in items), *((item.c, item.se_c) for item in items)]
    for item in items:
        values += zip(item.steps, item.se_steps, strict=True)
    free = found.free.groups
    errors = np.sqrt(np.diag(found.covariance))[found.free.of_items :]
    moved = np.stack([found.latent.mean, np.log(found.latent.sd)], axis=1)[free]
    values += zip(moved, errors, strict=True)
    estimates, stated = np.array(values).T
    return estimates, stated


def calibration(study: Study) -> Draw:
    """Persons of each group apart."""
    data, group = drawn(study, bank_of(study.models), np.random.default_rng(41))

    def once(rng: np.random.Generator | None) -> Estimate:
        if rng is not None and study.calibrate is calibrate_marginal and Model.THREE_PL in study.models:
            right = PUPILS * rng.beta(RIGHT, PUPILS - RIGHT, len(study.models))  # weight of those, by item
            prior = GuessingPrior(1 + right, 1 + PUPILS - right)
            chosen = data.of_persons(again(study.persons, rng))
            return of_calibration(calibrate_marginal(chosen, study.models, Setting(prior=prior)))
        places = np.concatenate(
            [np.flatnonzero(group == one)[again(int((group == one).sum()), rng)] for one in np.unique(group)]
        )
        chosen = data.of_persons(places)
        if len(study.groups) > 1:
            return of_calibration(in_groups(chosen, group[places], study))
        return of_calibration(study.calibrate(chosen, study.models))

    return once


def linking(method: str) -> Draw:
    """A and B of one method, both forms drawn again."""
    rng = np.random.default_rng(42)
    forms = [
        equating.responses(np.arange(first, first + 25), mean, PERSONS, rng=rng)
        for first, mean in ((10, 0.5), (0, 0.0))
    ]

    def once(rng: np.random.Generator | None) -> Estimate:
        items = [calibrated_items(_two_pl(form, again(PERSONS, rng))) for form in forms]
        link = estimate_link(*common_items(items[0], items[1]), method=method)
        assert link.estimation_covariance is not None
        return np.array([link.slope, link.intercept]), np.sqrt(np.diag(link.estimation_covariance))

    return once


def _two_pl(form: FormResponses, places: NDArray[np.int64]) -> Calibration:
    return calibrate_marginal(responses_from_scores(form.items, form.scores[places]), [Model.TWO_PL] * 25)


def equated(plan: Plan) -> Draw:
    """Equivalents of the scores between the 5th and the 95th percentile."""
    rng = np.random.default_rng(43)
    truth = equating.world(0.0 if plan.design == "eg" else equating.APART)
    scale, anchor = Scale(0, equating.ANCHOR + equating.OWN, 1), Scale(0, equating.ANCHOR, 1)
    groups = [Form(scale, shares, anchor) for shares in (truth.shares_x, truth.shares_y)]
    groups = [equating.redrawn(group, PERSONS, rng) for group in groups]
    if plan.design == "eg":
        groups = [Form(scale, group.counts.sum(axis=1)) for group in groups]
    below = truth.shares_x.sum(axis=1).cumsum()
    middle = (below > 0.05) & (below < 0.95)

    def once(rng: np.random.Generator | None) -> Estimate:
        forms = groups if rng is None else [equating.redrawn(group, PERSONS, rng) for group in groups]
        found = equate(forms[0], forms[1], plan)
        return found.y[middle], found.error[middle]

    return once


def effects(choice: Choice) -> Draw:
    """DIF effects of 30 items, each group drawn again."""
    data = dif.drawn(PERSONS, dif.STUDIED["large"], np.random.default_rng(44))

    def once(rng: np.random.Generator | None) -> Estimate:
        places = np.concatenate([again(PERSONS, rng), PERSONS + again(PERSONS, rng)])
        chosen = GroupedResponses(data.items, data.scores[places], data.focal[places])
        items = analyse_dif(chosen, choice).items
        return np.array([one.effect for one in items]), np.array([one.effect_error for one in items])

    return once


def severity(attribute: str) -> Draw:
    """Severities or drifts of 12 raters, scripts drawn again with both their marks."""
    marks, _, _ = raters.drawn(200, raters.SEVERITIES[0], np.random.default_rng(45))
    order = np.argsort(marks.script, kind="stable").reshape(-1, 2)

    def once(rng: np.random.Generator | None) -> Estimate:
        chosen = order[again(len(order), rng)]
        names = [f"{place:05d}" for place in np.repeat(np.arange(len(chosen)), 2)]
        rows = chosen.ravel()
        found = severities(
            marks_of(
                names,
                [marks.raters[one] for one in marks.rater[rows]],
                marks.points[rows],
                moments=marks.order[rows],
            )
        ).raters
        values, errors = (
            np.array([getattr(one, name) for one in found]) for name in (attribute, f"{attribute}_error")
        )
        return values, errors

    return once


def row(case: tuple[str, Callable[[], Draw]], resamples: int) -> list[str]:
    """The mean and the range of analytic over bootstrap errors."""
    name, prepare = case
    once, rng = prepare(), np.random.default_rng(46)
    _, stated = once(None)
    spread = np.std([once(rng)[0] for _ in range(resamples)], axis=0, ddof=1)
    ratio = (stated / spread)[np.isfinite(stated)]
    return [name, str(len(ratio)), f"{ratio.mean():.3f}", f"{ratio.min():.2f}–{ratio.max():.2f}"]


def cases() -> Sequence[tuple[str, Callable[[], Draw]]]:
    """What is compared."""
    return [
        *((study.name, partial(calibration, study)) for study in CALIBRATIONS[:-4] if study.guessing is None),
        *((f"link, {method}: A, B", partial(linking, method)) for method in METHODS),
        *(
            (f"equating, {plan.design}, {equating.name_of(plan)}", partial(equated, plan))
            for plan in equating.PLANS
        ),
        *((f"DIF effect, {method}", partial(effects, Choice(method))) for method in ("mh", "lrt", "score")),
        *((f"raters, {name}", partial(severity, name)) for name in ("severity", "drift")),
    ]


def main() -> None:
    """Fill the table of the page."""
    resamples = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with ProcessPoolExecutor(PROCESSES) as executor:
        rows = list(executor.map(partial(row, resamples=resamples), cases()))
    heading = ["standard error of", "parameters", "analytic / bootstrap, mean", "range"]
    put_table(PAGE, "bootstrap", heading=heading, rows=rows)


if __name__ == "__main__":
    main()
