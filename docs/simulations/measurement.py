"""Bias, error and coverage of calibration, abilities and fit, on data whose truth is known.

Fills docs/measurement.md. Run: python docs/simulations/measurement.py [replications].
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from tables import put_table

from thucchat.engine.measurement.abilities import Method, eap, likelihood_ability
from thucchat.engine.measurement.irt.calibration import Calibration, Errors, reported_items
from thucchat.engine.measurement.irt.conditional import calibrate_conditional
from thucchat.engine.measurement.irt.fit import item_fit, person_fit
from thucchat.engine.measurement.irt.items import ItemBank, Model
from thucchat.engine.measurement.irt.latent import even_grid
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal
from thucchat.engine.measurement.irt.prior import GuessingPrior
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.plausible import combined_mean, plausible_values
from thucchat.engine.measurement.reliability import reliability
from thucchat.engine.measurement.responses import MISSING, Responses

PROCESSES = 2
PAGE = Path(__file__).parents[1] / "measurement.md"
STEPS = {Model.PCM: 3, Model.GPCM: 3, Model.GRM: 3}
Z = 1.959964
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Study:
    """One row of the table."""

    name: str
    models: tuple[Model, ...]
    persons: int
    calibrate: Callable[[Responses, Sequence[Model]], Calibration]
    groups: tuple[tuple[float, float], ...] = ((0.0, 1.0),)  # mean and deviation of each
    missing: float = 0.0  # share not presented, by design
    guessing: GuessingPrior | None = None  # c is drawn anew from it in every replication; none: 0.2


def bank_of(models: Sequence[Model]) -> ItemBank:
    """Slopes from 0.7 to 1.6, difficulties from −1.8 to 1.8 in an order of their own, steps 0.8 apart."""
    rng = np.random.default_rng(17)
    counts = np.array([STEPS.get(model, 1) for model in models])
    parameters = np.zeros((len(models), int(counts.max()) + 2))
    middles = rng.permutation(np.linspace(-1.8, 1.8, len(models)))
    slopes = rng.permutation(np.linspace(0.7, 1.6, len(models)))
    for row, model, count, middle, slope in zip(parameters, models, counts, middles, slopes, strict=True):
        row[0] = 1.0 if model in {Model.RASCH, Model.PCM} else slope
        height = -row[0] * (middle + 0.8 * (np.arange(count) - (count - 1) / 2))
        row[1 : count + 1] = height if model is Model.GRM else np.cumsum(height)
        row[-1] = np.log(0.2 / 0.8) if model is Model.THREE_PL else 0.0
    names = tuple(f"c{place + 1}" for place in range(len(models)))
    return ItemBank(names, tuple(models), counts + 1, parameters)


def true_values(bank: ItemBank) -> tuple[Floats, Floats]:
    """Slopes (items,) and steps, item after item."""
    steps = []
    for row, model, count in zip(bank.parameters, bank.models, bank.categories, strict=True):
        height = row[1:count] if model is Model.GRM else np.diff(row[1:count], prepend=0.0)
        steps.append(-height / row[0])
    return bank.parameters[:, 0], np.concatenate(steps)


def with_guessing(bank: ItemBank, prior: GuessingPrior | None, rng: np.random.Generator) -> ItemBank:
    """The bank with guessing parameters drawn from the prior."""
    if prior is None:
        return bank
    parameters = bank.parameters.copy()
    # The prior as the estimator sees it, on the scale of its normal intervals: see `GuessingPrior`.
    parameters[:, -1] = logit(rng.beta(prior.alpha - 1, prior.beta - 1, len(parameters)))
    return bank.at(parameters)


def drawn(study: Study, bank: ItemBank, rng: np.random.Generator) -> tuple[Responses, NDArray[np.int64]]:
    """Responses of all groups, some items not presented to some persons."""
    each = study.persons // len(study.groups)
    theta = np.concatenate([mean + sd * rng.standard_normal(each) for mean, sd in study.groups])
    data = simulate_responses(bank, theta, rng)
    if study.missing:
        forms, width = 10, round(study.missing * len(bank.names))
        starts = np.arange(forms) * len(bank.names) // forms
        for form, start in enumerate(starts):
            away = (start + np.arange(width)) % len(bank.names)
            data.codes[np.ix_(away, np.arange(form, len(theta), forms))] = MISSING
    return data, np.repeat(np.arange(len(study.groups)), each)


def replicate(study: Study, replications: int) -> list[str]:
    """A row: bias, error and coverage of slopes, steps, guessing and groups over the replications."""
    bank, rng = bank_of(study.models), np.random.default_rng(20250901)
    slopes, steps = true_values(bank)
    centred = study.calibrate is conditional
    moments = np.array([value for mean, sd in study.groups for value in (mean, sd**2)])
    found: list[tuple[Floats, ...]] = []
    converged = 0
    for _ in range(replications):
        truth = with_guessing(bank, study.guessing, rng)
        data, group = drawn(study, truth, rng)
        result = (
            study.calibrate(data, study.models) if len(study.groups) == 1 else in_groups(data, group, study)
        )
        items = reported_items(result)
        converged += result.record.converged
        b = np.concatenate([item.steps for item in items])
        shift = np.mean([np.mean(item.steps) for item in reported_true(bank)]) if centred else 0.0
        found.append(
            (
                np.array([item.a for item in items]) - slopes,
                np.array([item.se_a for item in items]),
                b - (steps - shift),
                np.concatenate([item.se_steps for item in items]),
                np.array([item.c for item in items]) - expit(truth.parameters[:, -1]),
                np.array([item.se_c for item in items]),
                *group_errors(result, moments),
            )
        )
    columns = [np.array(part) for part in zip(*found, strict=True)]
    cells = [summary(columns[place], columns[place + 1]) for place in (0, 2, 4, 6)]
    return [study.name, f"{study.persons} × {len(bank.names)}", *cells, f"{converged / replications:.3f}"]


def reported_true(bank: ItemBank) -> list["TrueItem"]:
    """Steps of each item of the bank."""
    _, steps = true_values(bank)
    ends = np.cumsum(bank.categories - 1)
    return [TrueItem(tuple(part)) for part in np.split(steps, ends[:-1])]


@dataclass(frozen=True, slots=True)
class TrueItem:
    """What an item's steps truly are."""

    steps: tuple[float, ...]


def group_errors(result: Calibration, truth: Floats) -> tuple[Floats, Floats]:
    """Estimates of means and variances that are free, minus the truth, and their standard errors."""
    free = result.free.groups
    if not free.any():
        return np.full(1, np.nan), np.full(1, np.nan)
    errors = np.full(free.shape, np.nan)
    errors[free] = np.sqrt(np.diag(result.covariance))[result.free.of_items :]
    errors[:, 1] *= 2 * result.latent.sd**2
    estimates = np.stack([result.latent.mean, result.latent.sd**2], axis=1)
    return estimates[free] - truth.reshape(free.shape)[free], errors[free]


def summary(error: Floats, se: Floats) -> str:
    """Bias, root mean square error and share of 95 % intervals that hold the truth, over free parameters."""
    known = np.isfinite(se)
    if not known.any():
        return "–"
    error, inside = error[known], np.abs(error[known]) <= Z * se[known]
    return f"{error.mean():+.3f} / {np.sqrt(np.mean(error**2)):.3f} / {100 * inside.mean():.1f} %"


def conditional(data: Responses, _: Sequence[Model]) -> Calibration:
    """Conditional likelihood, in the shape of the marginal call."""
    return calibrate_conditional(data)


def with_sandwich(data: Responses, models: Sequence[Model]) -> Calibration:
    """Marginal likelihood, errors from the persons' own scores."""
    return calibrate_marginal(data, models, Setting(errors=Errors.SANDWICH))


def in_groups(data: Responses, group: NDArray[np.int64], study: Study) -> Calibration:
    """Marginal likelihood with a distribution per group."""
    names = tuple(str(place) for place in range(len(study.groups)))
    return calibrate_marginal(data, study.models, Setting(group, names))


STUDIES = (
    Study("Rasch, marginal", (Model.RASCH,) * 20, 1000, calibrate_marginal),
    Study("Rasch, conditional", (Model.RASCH,) * 20, 1000, conditional),
    Study("partial credit, marginal", (Model.PCM,) * 10, 1000, calibrate_marginal),
    Study("partial credit, conditional", (Model.PCM,) * 10, 1000, conditional),
    Study("2PL", (Model.TWO_PL,) * 20, 1000, calibrate_marginal),
    Study("2PL, 30 % missing by design", (Model.TWO_PL,) * 20, 2000, calibrate_marginal, missing=0.3),
    Study("2PL, two groups", (Model.TWO_PL,) * 20, 2000, calibrate_marginal, ((0.0, 1.0), (0.5, 1.2))),
    Study("generalised partial credit", (Model.GPCM,) * 10, 1000, calibrate_marginal),
    Study("graded response", (Model.GRM,) * 10, 1000, calibrate_marginal),
    Study("mixed 2PL + GPCM", (Model.TWO_PL,) * 15 + (Model.GPCM,) * 4, 1000, calibrate_marginal),
    *(
        Study(f"3PL, {where}, {errors}", (Model.THREE_PL,) * 20, persons, calibrate, guessing=guessing)
        for persons in (3000, 12_000)
        for where, guessing in (("c = 0.2", None), ("c drawn", GuessingPrior()))
        for errors, calibrate in (("information", calibrate_marginal), ("sandwich", with_sandwich))
    ),
)


def ability_rows(replications: int) -> list[list[str]]:
    """Bias, error and coverage of ability estimates from known items, by true ability."""
    bank, rng = bank_of((Model.TWO_PL,) * 30), np.random.default_rng(3)
    normal = even_grid(np.zeros(1), np.ones(1), 61)
    rows = []
    for method in Method:
        for theta in (-2.0, 0.0, 2.0, None):
            count = replications * 20
            true = rng.standard_normal(count) if theta is None else np.full(count, theta)
            data = simulate_responses(bank, true, rng)
            found = (
                eap(bank, data, normal)
                if method is Method.EAP
                else likelihood_ability(bank, data, weighted=method is Method.WLE)
            )
            known = np.isfinite(found.theta)
            where = "normal" if theta is None else f"{theta:g}"
            rows.append([method.upper(), where, summary(found.theta[known] - true[known], found.se[known])])
    return rows


def other_rows(replications: int) -> list[list[str]]:
    """Size of the fit tests, plausible values, reliability."""
    bank, rng = bank_of((Model.TWO_PL,) * 20), np.random.default_rng(5)
    p_items, p_persons, means, alphas = [], [], [], []
    for _ in range(replications):
        theta = rng.standard_normal(1000)
        data = simulate_responses(bank, theta, rng)
        p_items += [fit.p for fit in item_fit(calibrate_marginal(data, bank.models), data)]
        p_persons.append(person_fit(bank, data).p)
        alphas.append(reliability(data.points()).alpha)
        group = (rng.random(1000) < 0.5).astype(float)
        shifted = simulate_responses(bank, theta + 0.4 * group, rng)
        draws = plausible_values(bank, shifted, group[:, None], draws=5, rng=rng)
        mean = combined_mean(draws.values[group == 1])
        means.append((mean.estimate - 0.4, mean.se))
    persons = np.concatenate(p_persons)
    error, se = np.array(means).T
    large = simulate_responses(bank, rng.standard_normal(200_000), rng)
    truth = reliability(large.points()).alpha
    return [
        ["S-X², share of fitting items below p = 0.05", f"{100 * np.mean(np.array(p_items) < 0.05):.1f} %"],
        ["l_z*, share of fitting persons below p = 0.05", f"{100 * np.nanmean(persons < 0.05):.1f} %"],
        ["alpha, bias / RMSE", f"{np.mean(alphas) - truth:+.4f} / {np.std(alphas):.4f}"],
        ["group mean from 5 plausible values, bias / RMSE / coverage", summary(error, se)],
    ]


def main() -> None:
    """Run all studies, side by side, and fill the page."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with ProcessPoolExecutor(PROCESSES) as executor:
        abilities = executor.submit(ability_rows, replications)
        others = executor.submit(other_rows, replications)
        rows = list(executor.map(partial(replicate, replications=replications), STUDIES))
    heading = ["model", "persons × items", "slopes", "steps", "guessing", "group mean, variance", "converged"]
    put_table(PAGE, "calibration", heading=heading, rows=rows)
    heading = ["estimate", "true ability", "bias / RMSE / coverage"]
    put_table(PAGE, "abilities", heading=heading, rows=abilities.result())
    put_table(PAGE, "others", heading=["statistic", f"{replications} replications"], rows=others.result())


if __name__ == "__main__":
    main()
