"""Fits a mixed model: estimates, their errors, predicted effects, and how the search for them went."""

from dataclasses import dataclass, replace

import numpy as np

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed.dense import inverted
from thucchat.engine.growth.mixed.design import Design, Floats, RandomTerm
from thucchat.engine.growth.mixed.effects import TermEffects, predicted_effects
from thucchat.engine.growth.mixed.elimination import Factor
from thucchat.engine.growth.mixed.intervals import VarianceInterval, variance_intervals
from thucchat.engine.growth.mixed.iterative import measured_log_determinant
from thucchat.engine.growth.mixed.likelihood import Point, derivatives, evaluate
from thucchat.engine.growth.mixed.optimise import SMALL, Search, Step, minimise
from thucchat.engine.growth.mixed.preparation import Prepared, prepared
from thucchat.engine.growth.mixed.system import System, theta_of

STARTS = (0.5, 0.1, 1.5)  # of the diagonal of L: the second and third only for small models
EXPLAINED = 1e-9  # share of the squares that least squares leaves below which the groups explain everything
ZERO = 1e-4  # an entry of L's diagonal below this is tried at zero
SINGULAR = 1e-4  # a direction of a term's covariance below this share of the residual sd is no variation


@dataclass(frozen=True, slots=True)
class MixedFit:
    """A fitted mixed model. Units: those of the response."""

    fixed_names: tuple[str, ...]
    fixed: Floats  # (p,)
    fixed_covariance: Floats  # (p, p)
    dropped: tuple[str, ...]  # fixed columns left out because others determine them
    terms: tuple[RandomTerm, ...]
    covariances: tuple[Floats, ...]  # per term (k, k): covariance of its coefficients
    theta: Floats  # entries of L for columns of size 1, as `likelihood` orders them
    residual_variance: float
    log_likelihood: float  # restricted when `restricted`
    restricted: bool  # REML rather than ML
    effects: tuple[TermEffects, ...]
    intervals: tuple[VarianceInterval, ...]  # of the standard deviations
    singular: tuple[str, ...]  # terms whose covariance has a direction without variance
    converged: bool
    steps: tuple[Step, ...]
    rows: int
    criterion_error: float  # standard error of the criterion; 0 when it is exact

    @property
    def fixed_errors(self) -> Floats:
        """Standard errors of the fixed effects."""
        return np.sqrt(np.diag(self.fixed_covariance))

    @property
    def criterion(self) -> float:
        """Minus twice the (restricted) log-likelihood."""
        return -2 * self.log_likelihood


def fit_mixed(design: Design, *, restricted: bool = True) -> MixedFit:
    """Fit by REML, or by ML unless `restricted`.

    Raises:
        InvalidInput: as `check_design`, and `growth.too_dense`.
        NoResult: `growth.not_definite`, `growth.exact` when the columns explain the response exactly.
    """
    given = prepared(design)
    search = _search(given.system, restricted=restricted)
    search = _without_traces_of_variance(given.system, search, restricted=restricted)
    return _result(given, search, restricted=restricted)


def _search(system: System, *, restricted: bool) -> Search:
    """From several starts where that is cheap: a criterion may have more than one valley."""
    if system.nodes > SMALL:
        return minimise(system, _diagonal(system, STARTS[0]), restricted=restricted)
    found = [minimise(system, _diagonal(system, start), restricted=restricted, near=True) for start in STARTS]
    best = min(found, key=lambda search: search.point.criterion)
    rest = minimise(system, best.point.theta, restricted=restricted)
    return replace(rest, steps=best.steps + rest.steps)


def _diagonal(system: System, start: float) -> Floats:
    return theta_of(tuple(start * np.eye(term.width) for term in system.terms))


def _without_traces_of_variance(system: System, search: Search, *, restricted: bool) -> Search:
    """Set to zero the columns of L that only rounding keeps from it."""
    theta, changed = search.point.theta.copy(), False
    start = 0
    for term in system.terms:
        columns, _ = np.triu_indices(term.width)
        for column in range(term.width):
            entries = start + np.flatnonzero(columns == column)
            if 0 < np.abs(theta[entries]).max() < ZERO:
                theta[entries], changed = 0.0, True
        start += term.factors
    if not changed:
        return search
    point = evaluate(system, theta, restricted=restricted)
    if point.criterion > search.point.criterion + 1e-7:
        return search
    return replace(search, point=point, slope=derivatives(system, point, restricted=restricted))


def _result(given: Prepared, search: Search, *, restricted: bool) -> MixedFit:
    design, plain, scales, system = given.design, given.plain, given.scales, given.system
    point, variance = search.point, search.point.residual_variance
    if variance * design.rows <= EXPLAINED * (plain.rest @ plain.rest):
        raise NoResult("growth.exact", "Các nhóm tính ra đúng từng kết quả nên không còn phần dư để so sánh.")
    factors = tuple(block / scale[:, None] for block, scale in zip(point.blocks, scales, strict=True))
    effects = predicted_effects(system, (point, search.slope.inverse), factors) if search.slope else ()
    degrees = design.rows - (len(point.beta) if restricted else 0)
    criterion, criterion_error = measured_criterion(point)
    if restricted:
        criterion -= 2 * float(np.linalg.slogdet(plain.whitening)[1])
    return MixedFit(
        fixed_names=design.fixed_names,
        fixed=plain.whitening @ (plain.start + point.beta),
        fixed_covariance=variance * plain.whitening @ inverted(point.information) @ plain.whitening.T,
        dropped=given.dropped,
        terms=design.random,
        covariances=tuple(variance * (factor @ factor.T) for factor in factors),
        theta=point.theta,
        residual_variance=variance,
        log_likelihood=-criterion / 2,
        restricted=restricted,
        effects=tuple(replace(part, term=term) for part, term in zip(effects, design.random, strict=True)),
        intervals=variance_intervals(system, search, scales, degrees=degrees),
        singular=_singular(design.random, point),
        converged=search.converged,
        steps=search.steps,
        rows=design.rows,
        criterion_error=criterion_error,
    )


def measured_criterion(point: Point) -> tuple[float, float]:
    """The criterion, exact or measured, with the standard error of the measurement."""
    if isinstance(point.solver, Factor):
        return point.criterion, 0.0
    log_determinant, error = measured_log_determinant(point.solver)
    return point.criterion - point.solver.log_determinant + log_determinant, error


def _singular(terms: tuple[RandomTerm, ...], point: Point) -> tuple[str, ...]:
    """Terms whose covariance has a direction without variance."""
    smallest = [np.linalg.svd(block, compute_uv=False).min() for block in point.blocks]
    return tuple(term.name for term, least in zip(terms, smallest, strict=True) if least < SINGULAR)
