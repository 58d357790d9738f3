"""Severity of raters, its drift, and scores freed of both: a many-facet model on the scale of the marks.

mark = mean + script − severity of the rater − drift × (scripts marked before − half of them) / 100 + error

Scripts are random (bags are drawn by lot), severities fixed and adding to zero, drifts fixed. Whole scripts
are marked in steps of 0.25, some forty categories, so points are modelled as they are instead of by steps.
The script's variance and the error's are estimated by restricted maximum likelihood.
Sources: Linacre (1989), Many-Facet Rasch Measurement, for the facets; Longford (1994), Journal of
Educational and Behavioral Statistics 19(3), 171-200, for severity on the scale of the marks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.dif.results import benjamini_hochberg
from thucchat.engine.measurement.raters.marks import Marks, script_totals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PER = 100.0  # scripts, unit of drift
FEWEST_FOR_DRIFT = 30  # scripts of one rater
LEVEL = 0.05  # share of false flags


@dataclass(frozen=True, slots=True)
class RaterSeverity:
    """One rater; positive severity gives fewer points than the others would."""

    rater: str
    scripts: int
    severity: float  # points
    severity_error: float  # standard error
    severity_p: float  # adjusted over raters (Benjamini-Hochberg)
    drift: float  # points more severe per 100 scripts; NaN with too few scripts
    drift_error: float
    drift_p: float  # adjusted
    noise: float  # standard deviation of the rater's own errors, points


@dataclass(frozen=True, slots=True)
class ScriptScore:
    """One script freed of the severities."""

    script: str
    marks: int
    raw: float  # mean mark
    adjusted: float  # mean mark with severity and drift taken out
    expected: float  # best prediction, drawn towards the mean as far as a mark is noise
    error: float  # standard error of `expected`


@dataclass(frozen=True, slots=True)
class Severities:
    """All raters and scripts."""

    raters: tuple[RaterSeverity, ...]
    scripts: tuple[ScriptScore, ...]
    mean: float  # points
    script_sd: float  # points
    error_sd: float  # points, of one mark
    connected: bool  # raters are linked by shared scripts; otherwise only chance makes them comparable
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Solution:
    """Fixed effects at one ratio of variances."""

    ratio: float  # script variance over error variance
    effects: Floats  # (effects,)
    covariance: Floats  # (effects, effects) for an error variance of 1
    error_variance: float
    deviance: float  # −2 restricted log-likelihood, but for a constant


def severities(marks: Marks) -> Severities:
    """Estimate severities, drifts and adjusted scores of whole scripts.

    Raises:
        NoResult: `raters.few`, `scripts.once` when no script has two marks.
    """
    whole = script_totals(marks)
    counts = np.bincount(whole.script, minlength=len(whole.scripts))
    if len(whole.raters) < 2:
        raise NoResult("raters.few", "Cần ít nhất 2 người chấm để so độ nghiêm.")
    if counts.max() < 2:
        raise NoResult(
            "scripts.once", "Không bài nào có hai người chấm nên không tách được độ nghiêm với bài khó."
        )
    design, drifting = _design(whole)
    found = minimize_scalar(
        lambda log: _solve(whole, design, float(np.exp(log))).deviance, bounds=(-8, 8), method="bounded"
    )
    solution = _solve(whole, design, float(np.exp(found.x)))
    linked = _connected(whole)
    caveats = (
        () if linked else ("Các nhóm người chấm không có bài chung: chỉ so được nhờ bài chia ngẫu nhiên.",)
    )
    return Severities(
        _raters(whole, design, solution, drifting),
        _scripts(whole, design, solution),
        float(solution.effects[0]),
        float(np.sqrt(solution.ratio * solution.error_variance)),
        float(np.sqrt(solution.error_variance)),
        linked,
        caveats,
    )


def _design(whole: Marks) -> tuple[Floats, Ints]:
    """(marks, effects): mean, severities of all raters but the last, drifts; and who has a drift.

    The last rater's severity is minus the sum of the others'. Drift is centred on the rater's own middle, so
    that severity is the average over all the rater's scripts.
    """
    raters = len(whole.raters)
    own = (whole.rater[:, None] == np.arange(raters)).astype(float)
    severity = own[:, :-1] - own[:, -1:]
    counts = own.sum(axis=0)
    drifting = np.flatnonzero(counts >= FEWEST_FOR_DRIFT)
    middle = (whole.order @ own) / np.maximum(counts, 1)
    time = own[:, drifting] * ((whole.order - middle[whole.rater]) / PER)[:, None]
    return np.hstack([np.ones((len(own), 1)), -severity, -time]), drifting


def _solve(whole: Marks, design: Floats, ratio: float) -> _Solution:
    """Generalised least squares with V = I + ratio Z Z', whose inverse only needs sums over scripts."""
    counts = np.bincount(whole.script, minlength=len(whole.scripts))
    pull = ratio / (1 + ratio * counts)
    sums = _script_sums(whole, design)
    total = np.bincount(whole.script, whole.points, minlength=len(counts))
    information = design.T @ design - sums.T @ (pull[:, None] * sums)
    right = design.T @ whole.points - sums.T @ (pull * total)
    covariance = np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)
    effects = covariance @ right
    square = float(whole.points @ whole.points - pull @ total**2 - effects @ right)
    free = max(len(design) - design.shape[1], 1)
    error = max(square / free, 1e-12)
    logs = np.log1p(ratio * counts).sum() + np.linalg.slogdet(information)[1]
    return _Solution(ratio, effects, covariance, error, float(free * np.log(error) + logs))


def _script_sums(whole: Marks, design: Floats) -> Floats:
    sums = np.zeros((len(whole.scripts), design.shape[1]))
    np.add.at(sums, whole.script, design)
    return sums


def _raters(whole: Marks, design: Floats, solution: _Solution, drifting: Ints) -> tuple[RaterSeverity, ...]:
    raters = len(whole.raters)
    to_all = np.vstack([np.eye(raters - 1), -np.ones((1, raters - 1))])
    severity = to_all @ solution.effects[1:raters]
    block = to_all @ solution.covariance[1:raters, 1:raters] @ to_all.T
    error = np.sqrt(solution.error_variance * np.maximum(np.diag(block), 0))
    drift, drift_error = np.full(raters, np.nan), np.full(raters, np.nan)
    drift[drifting] = solution.effects[raters:]
    drift_error[drifting] = np.sqrt(solution.error_variance * np.diag(solution.covariance)[raters:])
    severity_p, drift_p = _adjusted(severity, error), _adjusted(drift, drift_error)
    noise, counts = _noise(whole, design, solution), np.bincount(whole.rater, minlength=raters)
    columns = (counts, severity, error, severity_p, drift, drift_error, drift_p, noise)
    rows = zip(whole.raters, *(column.tolist() for column in columns), strict=True)
    return tuple(RaterSeverity(*row) for row in rows)


def _adjusted(effect: Floats, error: Floats) -> Floats:
    return benjamini_hochberg(2 * ndtr(-np.abs(effect) / np.maximum(error, 1e-12)))


def _noise(whole: Marks, design: Floats, solution: _Solution) -> Floats:
    """(raters,) spread of own errors, from the differences to partners with half of it each."""
    left = whole.points - design @ solution.effects
    counts = np.bincount(whole.script, minlength=len(whole.scripts))
    mean = np.bincount(whole.script, left, minlength=len(counts)) / np.maximum(counts, 1)
    shared = counts[whole.script] > 1
    scaled = (left - mean[whole.script])[shared] ** 2 * (counts / np.maximum(counts - 1, 1))[whole.script][
        shared
    ]
    of = whole.rater[shared]
    own = np.bincount(of, scaled, minlength=len(whole.raters)) / np.maximum(
        np.bincount(of, minlength=len(whole.raters)), 1
    )
    # A difference holds the partner's error too, here about average: the rater's own is what exceeds it.
    return np.asarray(np.sqrt(np.maximum(2 * own - solution.error_variance, 0)))


def _scripts(whole: Marks, design: Floats, solution: _Solution) -> tuple[ScriptScore, ...]:
    counts = np.bincount(whole.script, minlength=len(whole.scripts))
    mean = solution.effects[0]
    freed = whole.points - design[:, 1:] @ solution.effects[1:]
    raw = np.bincount(whole.script, whole.points, minlength=len(counts)) / np.maximum(counts, 1)
    adjusted = np.bincount(whole.script, freed, minlength=len(counts)) / np.maximum(counts, 1)
    trust = solution.ratio * counts / (1 + solution.ratio * counts)
    expected = mean + trust * (adjusted - mean)
    # Known severities would leave ratio / (1 + ratio n); estimated ones add the error of their mean.
    mean_design = _script_sums(whole, design)[:, 1:] / np.maximum(counts, 1)[:, None]
    block = solution.covariance[1:, 1:]
    carried = trust**2 * np.einsum("sf,fg,sg->s", mean_design, block, mean_design)
    spread = solution.ratio / (1 + solution.ratio * counts)
    error = np.sqrt(solution.error_variance * (spread + carried))
    columns = (counts, raw, adjusted, expected, error)
    rows = zip(whole.scripts, *(column.tolist() for column in columns), strict=True)
    return tuple(ScriptScore(*row) for row in rows)


def _connected(whole: Marks) -> bool:
    """Whether chains of shared scripts link all raters."""
    label = np.arange(len(whole.raters))
    for _ in range(len(whole.raters)):
        lowest = np.full(len(whole.scripts), len(label))
        np.minimum.at(lowest, whole.script, label[whole.rater])
        spread = label.copy()
        np.minimum.at(spread, whole.rater, lowest[whole.script])
        if (spread == label).all():
            break
        label = spread
    return bool((label == label[0]).all())
