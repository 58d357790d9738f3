"""Equating two forms: which method, under which design, with its table and standard errors.

Scores are in points; equivalents are not rounded and not cut off at the ends of form Y.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.equating import checks
from thucchat.engine.measurement.equating.circle_arc import circle_arc
from thucchat.engine.measurement.equating.equipercentile import (
    chained_equipercentile,
    equipercentile,
    frequency_estimation,
)
from thucchat.engine.measurement.equating.forms import Form, Values, without_anchor
from thucchat.engine.measurement.equating.linear import (
    Synthetic,
    chained_linear,
    levine,
    match_means,
    match_two_moments,
    tucker,
)
from thucchat.engine.measurement.equating.loglinear import Smoothing
from thucchat.engine.measurement.equating.moments import Moments, joint_moments, score_moments
from thucchat.engine.measurement.equating.sampling import (
    Curve,
    bootstrap_errors,
    delta_errors,
    estimate,
    steady_estimate,
)

DESIGNS = ("eg", "neat")
GROUP_METHODS = ("mean", "linear", "equipercentile", "circle-arc")
ANCHOR_METHODS = (
    "tucker",
    "levine",
    "chained-linear",
    "braun-holland",
    "frequency",
    "chained-equipercentile",
    "circle-arc",
)
BY_RANKS = ("equipercentile", "frequency", "chained-equipercentile")
WEIGHTED = ("tucker", "levine", "braun-holland", "frequency")
MIDDLES = ("chained-linear", "chained-mean", "tucker", "levine")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the user chose."""

    design: str  # one of DESIGNS
    method: str  # one of GROUP_METHODS or ANCHOR_METHODS
    weight: float | None = None  # of X's population in the synthetic one, 0-1; none: by group sizes
    internal: bool = True  # the anchor's points count in the total (Levine)
    middle: str = "chained-linear"  # one of MIDDLES: where the arc's middle point comes from under neat
    smoothing: Smoothing | None = None


@dataclass(frozen=True, slots=True)
class Equating:
    """Equivalents on form Y of every score of form X."""

    x: NDArray[np.float64]  # (scores,), points of X
    y: NDArray[np.float64]  # (scores,), points of Y
    error: NDArray[np.float64]  # (scores,), standard error by the delta method, points of Y
    bootstrap_error: NDArray[np.float64] | None  # (scores,), points of Y
    weight: float | None  # that was used, for methods with a synthetic population
    persons_x: float
    persons_y: float
    cautions: tuple[str, ...]  # Vietnamese sentences a reader must see with the table


def equate(
    x: Form,
    y: Form,
    plan: Plan,
    *,
    replications: int = 0,
    rng: np.random.Generator | None = None,
) -> Equating:
    """Express scores of form X on the scale of form Y.

    With `replications` and `rng` the standard errors are computed by the bootstrap as well.

    Raises:
        InvalidInput: `equating.design`, `equating.method`, `equating.weight`, `equating.smoothing`,
            `equating.bootstrap`, `anchor.absent`, `anchor.scale` when the anchors differ in scale.
        NoResult: the data cannot carry the method; see `checks`.
    """
    _check_plan(plan)
    if replications < 0 or replications == 1:
        raise InvalidInput("equating.bootstrap", "Bootstrap cần ít nhất 2 lần lặp.")
    forms = (x, y) if plan.design == "neat" else (without_anchor(x), without_anchor(y))
    cautions = _check_data(forms, plan)
    weight = forms[0].persons / (forms[0].persons + forms[1].persons) if plan.weight is None else plan.weight
    curve = curve_of(forms, plan, weight)
    first, second = (estimate(form, plan.smoothing) for form in forms)
    by_ranks = plan.method in BY_RANKS and plan.smoothing is None
    near = [steady_estimate(form) for form in forms] if by_ranks else (first, second)
    resampled = None
    if replications and rng is not None:
        resampled = bootstrap_errors(curve, forms, plan.smoothing, replications=replications, rng=rng)
    return Equating(
        x=x.scale.points,
        y=np.asarray(curve(first.shares, second.shares), dtype=np.float64),
        error=delta_errors(curve, *near),
        bootstrap_error=resampled,
        weight=weight if plan.method in WEIGHTED else None,
        persons_x=x.persons,
        persons_y=y.persons,
        cautions=tuple(cautions),
    )


def _check_plan(plan: Plan) -> None:
    if plan.design not in DESIGNS:
        raise InvalidInput("equating.design", f"Thiết kế “{plan.design}” không có; chọn eg hoặc neat.")
    methods = GROUP_METHODS if plan.design == "eg" else ANCHOR_METHODS
    if plan.method not in methods or plan.middle not in MIDDLES:
        raise InvalidInput(
            "equating.method",
            f"Thiết kế {plan.design} không có phương pháp “{plan.method}”; chọn: {', '.join(methods)}.",
        )
    if plan.weight is not None and not 0 <= plan.weight <= 1:
        raise InvalidInput("equating.weight", "Trọng số của nhóm X phải từ 0 đến 1.")
    if plan.smoothing is not None and min(plan.smoothing.degree, plan.smoothing.cross) < 1:
        raise InvalidInput("equating.smoothing", "Bậc làm trơn phải từ 1 trở lên.")


def _check_data(forms: tuple[Form, Form], plan: Plan) -> list[str]:
    cautions = checks.check_size(forms, plan.method)
    if plan.method in BY_RANKS and plan.smoothing is None:
        cautions += checks.check_ends(forms[0])
    if plan.design == "eg":
        return cautions
    cautions += checks.check_anchor(forms)
    if forms[0].anchor_scale != forms[1].anchor_scale:
        raise InvalidInput("anchor.scale", "Thang điểm phần chung của hai tệp phải giống nhau.")
    if plan.method in {"frequency", "braun-holland"} and plan.smoothing is None:
        cautions += checks.check_overlap(forms)
    return cautions + checks.check_groups(forms)


def curve_of(forms: tuple[Form, Form], plan: Plan, weight: float) -> Curve:
    """The equating function of `plan`, from the shares of both forms to the equivalents."""
    if plan.design == "eg":
        return _group_curve(forms, plan.method)
    if plan.method in {"frequency", "chained-equipercentile"}:
        return _anchor_curve(forms, plan.method, weight)

    def straight(shares_x: Values, shares_y: Values) -> Values:
        moments = joint_moments(forms[0], shares_x), joint_moments(forms[1], shares_y)
        points = forms[0].scale.points
        if plan.method == "chained-linear":
            return chained_linear(*moments).at(points)
        if plan.method == "tucker":
            return tucker(*moments, weight).line.at(points)
        if plan.method == "levine":
            return levine(*moments, weight, internal=plan.internal).line.at(points)
        if plan.method == "braun-holland":
            return _braun_holland(forms, (shares_x, shares_y), weight).line.at(points)
        middle = _middle(moments, plan, weight)
        return circle_arc(forms[0].scale, forms[1].scale, middle)

    return straight


def _group_curve(forms: tuple[Form, Form], method: str) -> Curve:
    scale_x, scale_y = forms[0].scale, forms[1].scale

    def curve(shares_x: Values, shares_y: Values) -> Values:
        if method == "equipercentile":
            return equipercentile(scale_y, shares_x, shares_y)
        mean_x, variance_x = score_moments(scale_x.points, shares_x, forms[0].persons)
        mean_y, variance_y = score_moments(scale_y.points, shares_y, forms[1].persons)
        if method == "circle-arc":
            return circle_arc(scale_x, scale_y, (mean_x, mean_y))
        if method == "mean":
            return match_means(mean_x, mean_y).at(scale_x.points)
        return match_two_moments((mean_x, variance_x), (mean_y, variance_y)).at(scale_x.points)

    return curve


def _anchor_curve(forms: tuple[Form, Form], method: str, weight: float) -> Curve:
    def curve(shares_x: Values, shares_y: Values) -> Values:
        if method == "frequency":
            synthetic = frequency_estimation(shares_x, shares_y, weight)
            return equipercentile(forms[1].scale, *synthetic)
        assert forms[0].anchor_scale is not None
        return chained_equipercentile((forms[0].anchor_scale, forms[1].scale), shares_x, shares_y)

    return curve


def _braun_holland(forms: tuple[Form, Form], shares: tuple[Values, Values], weight: float) -> Synthetic:
    """Moments of the synthetic distributions of frequency estimation.

    Source: Braun and Holland (1982), in Test Equating, 9-49.
    """
    synthetic_x, synthetic_y = frequency_estimation(*shares, weight)
    persons = weight * forms[0].persons + (1 - weight) * forms[1].persons
    moments_x = score_moments(forms[0].scale.points, synthetic_x, persons)
    return Synthetic(*moments_x, *score_moments(forms[1].scale.points, synthetic_y, persons))


def _middle(moments: tuple[Moments, Moments], plan: Plan, weight: float) -> tuple[Values, Values]:
    x, y = moments
    if plan.middle == "tucker":
        return tucker(x, y, weight).means
    if plan.middle == "levine":
        return levine(x, y, weight, internal=plan.internal).means
    slope = np.sqrt(y.variance / y.anchor_variance) if plan.middle == "chained-linear" else 1.0
    return x.mean, y.mean + slope * (x.anchor_mean - y.anchor_mean)
