"""Prior scores with known measurement error, replaced by what they tell of the true prior score.

A prior score x = xi + error understates its own slope, and then classes that start low look as if they
had gained less than they did. Given the standard error of each x, the expected xi given x, the
other columns and the groups is put in its place (regression calibration). Its groups' part comes from a
mixed model of x itself; the rest is shrunk by the reliability of x within groups.
Source: Carroll, Ruppert, Stefanski, Crainiceanu (2006), Measurement Error in Nonlinear Models, ch. 4;
Lockwood and McCaffrey (2014), Journal of Educational and Behavioral Statistics 39(1), 22-52.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.formula.columns import as_numbers, without_blanks
from thucchat.engine.growth.formula.model import Model, build_model
from thucchat.engine.growth.formula.terms import Formula, with_response
from thucchat.engine.growth.formula.tree import Name, names_in
from thucchat.engine.growth.mixed.checks import predictions
from thucchat.engine.growth.mixed.design import Design, Floats
from thucchat.engine.growth.mixed.fit import MixedFit, fit_mixed

ROUNDS = 20
SETTLED = 1e-7  # relative change at which a variance is settled


@dataclass(frozen=True, slots=True)
class Baseline:
    """How one prior score was corrected."""

    prior: str
    true_variance: float  # of xi given the other columns and the groups, squared points of the prior
    error_variance: float  # mean square of the standard errors
    expected: Floats  # (rows,): expected true score
    uncertainty: Floats  # (rows,): variance of the true score around it

    @property
    def reliability(self) -> float:
        """Share of true variance within groups, 0 to 1."""
        return self.true_variance / (self.true_variance + self.error_variance)


def corrected_fit(
    table: pl.DataFrame,
    formula: Formula,
    prior_errors: Mapping[str, str],
    *,
    weights: str | None = None,
    restricted: bool = True,
) -> tuple[Model, MixedFit, tuple[Baseline, ...]]:
    """Fit `formula` with every prior of `prior_errors` replaced by its expected true score.

    What stays unknown of the true scores adds to the residual variance of its row; where that differs
    between rows, the rows are weighted accordingly.
    Raises:
        InvalidInput: `growth.prior_use`, `growth.prior_error`, `growth.prior_noise`.
    """
    for prior in prior_errors:
        _check_use(formula, prior)
    # Rows lacking a prior or its error are missing for all the models alike.
    needed = [name for pair in prior_errors.items() for name in pair]
    model = build_model(table, formula, weights=weights, also=needed)
    complete = table[model.rows]
    baselines = tuple(
        calibrated(complete, with_response(formula, prior), _errors(complete, column))
        for prior, column in prior_errors.items()
    )
    design = _with_expected(model.design, baselines)
    design, fit = _fit_weighted(design, baselines, restricted=restricted)
    return replace(model, design=design), fit, baselines


def _check_use(formula: Formula, prior: str) -> None:
    uses = [
        term
        for term in formula.fixed.terms
        if any(prior in names_in(formula.fixed.variables[v]) for v in term)
    ]
    slopes = any(prior in names_in(tree) for part in formula.random for tree in part.part.variables.values())
    if uses != [(prior,)] or slopes:
        raise InvalidInput(
            "growth.prior_use",
            f"Điểm đầu “{prior}” cần sửa sai số phải đứng riêng trong phần cố định, không nhân hay luỹ thừa.",
            prior=prior,
        )


def _errors(table: pl.DataFrame, column: str) -> Floats:
    numbers = as_numbers(without_blanks(table[column]))
    if numbers is None or numbers.null_count() or not (numbers >= 0).all():
        raise InvalidInput(
            "growth.prior_error",
            f"Cột sai số chuẩn “{column}” phải là số không âm ở mọi dòng.",
            column=column,
        )
    return numbers.to_numpy()


def calibrated(table: pl.DataFrame, formula: Formula, errors: Floats) -> Baseline:
    """Expected true scores of the response of `formula`, observed with standard `errors`.

    Shapes: errors (rows,), in points.
    Raises:
        InvalidInput: `growth.prior_noise`.
    """
    assert isinstance(formula.response, Name)
    prior = formula.response.text
    design = build_model(table, formula).design
    noise = errors**2
    fit = fit_mixed(design)
    variance = fit.residual_variance - float(noise.mean())
    if variance > 0 and np.ptp(noise) > 0:
        fit, variance = _settled(design, noise, variance)
    if variance <= 0:
        raise InvalidInput(
            "growth.prior_noise",
            f"Sai số chuẩn của “{prior}” lớn hơn cả độ phân tán của điểm; hãy kiểm tra đơn vị.",
            prior=prior,
        )
    expected = predictions(design, fit)
    reliability = variance / (variance + noise)
    expected += reliability * (design.response - expected)
    return Baseline(prior, variance, float(noise.mean()), expected, variance * (1 - reliability))


def _settled(design: Design, noise: Floats, variance: float) -> tuple[MixedFit, float]:
    """True variance at which rows weighted by their total variance leave a residual variance of 1."""
    fit = None
    for _ in range(ROUNDS):
        total = variance + noise
        fit = fit_mixed(replace(design, weights=1 / total))
        step = (fit.residual_variance - 1) * float(total.mean())
        variance = max(variance + step, variance / 10)
        if abs(step) < SETTLED * variance:
            break
    assert fit is not None
    return fit, variance


def _with_expected(design: Design, baselines: tuple[Baseline, ...]) -> Design:
    fixed = design.fixed.copy()
    for baseline in baselines:
        fixed[:, design.fixed_names.index(baseline.prior)] = baseline.expected
    return replace(design, fixed=fixed)


def _fit_weighted(
    design: Design, baselines: tuple[Baseline, ...], *, restricted: bool
) -> tuple[Design, MixedFit]:
    fit = fit_mixed(design, restricted=restricted)
    own = np.ones(design.rows) if design.weights is None else design.weights
    if all(np.ptp(baseline.uncertainty) <= SETTLED * baseline.true_variance for baseline in baselines):
        return design, fit
    for _ in range(ROUNDS):
        before = fit.residual_variance
        extra = np.zeros(design.rows)
        for baseline in baselines:
            if baseline.prior in fit.fixed_names:
                extra += fit.fixed[fit.fixed_names.index(baseline.prior)] ** 2 * baseline.uncertainty
        design = replace(design, weights=1 / (1 / own + extra / fit.residual_variance))
        fit = fit_mixed(design, restricted=restricted)
        if abs(fit.residual_variance - before) < SETTLED * before:
            break
    return design, fit
