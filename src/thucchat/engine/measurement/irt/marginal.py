"""Calibration by marginal maximum likelihood: abilities are integrated out over their distribution.

Without fixed items the first group has mean 0; its variance is 1 where slopes are free, and estimated where
all slopes are 1 (Rasch, partial credit). Other groups always have their own mean and variance. With fixed
items every group's mean and variance are estimated on the scale of those items.
Source: Bock & Aitkin (1981), Psychometrika 46(4), 443-459.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.irt.calibration import Calibration, Errors, Record
from thucchat.engine.measurement.irt.climb import Point, Problem, Summit, expectation_maximisation, newton
from thucchat.engine.measurement.irt.information import outer_products
from thucchat.engine.measurement.irt.items import FAMILIES, Family, ItemBank, Model, curves, free_parameters
from thucchat.engine.measurement.irt.latent import FEWEST_NODES, even_grid, fine_grid
from thucchat.engine.measurement.irt.packing import pack
from thucchat.engine.measurement.irt.places import FreePlaces
from thucchat.engine.measurement.irt.posterior import Moments, posterior_moments
from thucchat.engine.measurement.irt.prior import GuessingPrior
from thucchat.engine.measurement.irt.start import fitting_model, started_from, starting_bank, with_fixed
from thucchat.engine.measurement.responses import MISSING, Responses, linked_parts, usable
from thucchat.engine.threads import use_one_thread

Floats = NDArray[np.float64]
FEWEST_PERSONS = 10
WARM_PERSONS = 4000  # a sample this large brings the climb near the top of the whole
THINNING = 8  # lost information needs one digit on the way, all digits only at the top
EM_ROUNDS, EM_STEPS = 3, 5  # enough to come into the reach of Newton steps
TOLERANCE, LOOSE_TOLERANCE = 1e-9, 1e-3  # in double and in single precision, see `newton`
STEEPEST = 15.0  # a slope beyond this has no finite estimate


@dataclass(frozen=True, slots=True)
class Setting:
    """How to calibrate."""

    group: NDArray[np.int64] | None = None  # (persons,) from 0; group 0 is the reference
    groups: tuple[str, ...] = ("",)  # their names
    fixed: ItemBank | None = None  # items that keep the parameters they have here
    prior: GuessingPrior = field(default_factory=GuessingPrior)
    nodes: int | None = None  # of the grid; None = as many as the log-likelihood needs
    limit: int = 60  # Newton steps
    start: Point | None = None  # a place near the top, such as that of nearly the same data
    errors: Errors = Errors.INFORMATION


def calibrate_marginal(
    responses: Responses, models: Sequence[Model], setting: Setting | None = None
) -> Calibration:
    """Item parameters, group distributions and standard errors.

    `models` names the model of each item of `responses`.
    Raises:
        NoResult: `persons.few`, `items.few`.
        InvalidInput: `design.unlinked` when groups share no items.
    """
    setting = setting or Setting()
    kept = usable(responses)
    data = kept.responses
    if data.persons < FEWEST_PERSONS:
        raise NoResult(
            "persons.few", f"Chỉ có {data.persons} thí sinh; cần ít nhất {FEWEST_PERSONS} để ước lượng."
        )
    if setting.group is not None:
        setting = replace(setting, group=setting.group[kept.persons])
    by_name = dict(zip(responses.items, models, strict=True))
    chosen = [
        fitting_model(by_name[name], int(count))
        for name, count in zip(data.items, data.categories, strict=True)
    ]
    _check_design(data, setting)
    start, free = starting_point(data, chosen, setting)
    problem = Problem(pack(data, setting.group, by_design=_linear(chosen)), free, setting.prior)
    use_one_thread()
    climb = _climb(data, problem, start, setting)
    caveats = (*kept.caveats, *_caveats(data, chosen, setting, climb.summit))
    return _result(data, problem, climb, setting, caveats)


def starting_point(data: Responses, models: Sequence[Model], setting: Setting) -> tuple[Point, FreePlaces]:
    """Where to start, and what to estimate."""
    bank = starting_bank(data, models)
    free = free_parameters(bank)
    count = len(setting.groups)
    groups = np.ones((count, 2), bool)
    if setting.fixed is None:
        groups[0] = False, not free[:, 0].all()
    else:
        bank, free = with_fixed(bank, setting.fixed)
    places = FreePlaces(free, groups)
    if setting.start is not None:
        return Point(started_from(setting.start.bank, bank, free), setting.start.latent), places
    return Point(bank, even_grid(np.zeros(count), np.ones(count), FEWEST_NODES)), places


def _linear(models: Sequence[Model]) -> bool:
    return all(FAMILIES[model] == Family.ADJACENT for model in models)


@dataclass(frozen=True, slots=True)
class _Climb:
    summit: Summit
    history: tuple[float, ...]  # on all persons
    iterations: int  # EM and Newton steps, on the sample or on all


def _climb(data: Responses, problem: Problem, point: Point, setting: Setting) -> _Climb:
    """Near the top on a sample, then to the top on everybody, with a grid that reaches far enough."""
    near = _near_problem(data, problem, point, setting)
    rounds = 0 if setting.start else EM_ROUNDS
    for _ in range(rounds):
        point = expectation_maximisation(near, _regrid(point, None), EM_STEPS)
    iterations, history = rounds * EM_STEPS, list[float]()
    stages = [(problem, 1.0)]
    if near is not problem:
        sample = newton(near, _regrid(point, None), tolerance=1.0, limit=30)
        point, iterations = sample.point, iterations + len(sample.history)
        stages = [(replace(problem, thinning=THINNING), 10.0), (problem, 1.0)]
    tolerance = TOLERANCE if problem.packed.dtype == np.float64 else LOOSE_TOLERANCE
    for _ in range(3):
        point = _regrid(point, setting.nodes)
        for stage, slack in stages:
            summit = newton(stage, point, tolerance=slack * tolerance, limit=setting.limit)
            point = summit.point
            history += summit.history
        if point.latent.covers:
            break
    return _Climb(summit, tuple(history), iterations + len(history))


def _near_problem(data: Responses, problem: Problem, point: Point, setting: Setting) -> Problem:
    """The same problem on a sample of persons, where there are many more; else the problem itself."""
    if data.persons <= 3 * WARM_PERSONS:
        return problem
    places = np.arange(0, data.persons, data.persons // WARM_PERSONS)
    group = None if setting.group is None else setting.group[places]
    if group is not None and len(np.unique(group)) < len(setting.groups):
        return problem
    chosen = data.of_persons(places)
    if any(
        len(np.unique(row[row != MISSING])) < count
        for row, count in zip(chosen.codes, data.categories, strict=True)
    ):
        return problem
    return replace(problem, packed=pack(chosen, group, by_design=_linear(point.bank.models)))


def _regrid(point: Point, nodes: int | None) -> Point:
    mean, sd = point.latent.mean, point.latent.sd
    grid = even_grid(mean, sd, nodes) if nodes else fine_grid(point.bank, mean, sd)
    return replace(point, latent=grid)


def _result(
    data: Responses, problem: Problem, climb: _Climb, setting: Setting, caveats: tuple[str, ...]
) -> Calibration:
    summit = climb.summit
    bank, latent = summit.point.bank, summit.point.latent
    guessing = Model.THREE_PL in bank.models
    double = replace(problem.packed, dtype=np.dtype(np.float64))
    log_likelihood = posterior_moments(double, curves(bank, latent.nodes), latent).log_likelihood
    return Calibration(
        bank=bank,
        points=data.scores,
        free=problem.free,
        covariance=_covariance(data, problem, summit, setting),
        latent=latent,
        groups=setting.groups,
        method="mml",
        persons=data.persons,
        log_likelihood=log_likelihood,
        prior=setting.prior if guessing else None,
        record=Record(climb.iterations, summit.converged, climb.history, summit.decrement),
        caveats=caveats,
        errors=setting.errors,
    )


def _covariance(data: Responses, problem: Problem, summit: Summit, setting: Setting) -> Floats:
    """(free, free). Source of the sandwich: White (1982), Econometrica 50(1), 1-25."""
    inverse = np.asarray(np.linalg.pinv(summit.information, hermitian=True), np.float64)
    if setting.errors == Errors.INFORMATION:
        return inverse
    packed = pack(data, setting.group, double=True, by_design=False)
    bank, latent = summit.point.bank, summit.point.latent
    return inverse @ outer_products(packed, bank, latent, problem.free) @ inverse


def _check_design(data: Responses, setting: Setting) -> None:
    """Several groups need items in common, or fixed items, to stand on one scale."""
    if len(setting.groups) < 2 or setting.fixed is not None or setting.group is None:
        return
    if len(parts := linked_parts(data)) > 1:
        names = "; ".join(", ".join(data.items[item] for item in part[:3]) + "…" for part in parts)
        raise InvalidInput(
            "design.unlinked",
            f"Các nhóm không có câu chung nên không thể đặt lên một thang ({names}). "
            "Hãy thêm câu neo hoặc ước lượng từng nhóm riêng.",
        )


def _caveats(data: Responses, models: Sequence[Model], setting: Setting, summit: Summit) -> tuple[str, ...]:
    caveats = []
    if setting.group is None and len(linked_parts(data)) > 1:
        caveats.append(
            "Có những nhóm câu không thí sinh nào làm chung; kết quả chỉ so được nếu họ cùng một quần thể."
        )
    wanted = 100 if {Model.RASCH, Model.PCM}.issuperset(models) else 300
    if data.persons < wanted:
        caveats.append(f"Chỉ có {data.persons} thí sinh, ít hơn {wanted}: tham số câu hỏi còn sai số lớn.")
    if not summit.converged:
        caveats.append("Chưa hội tụ: không nên dùng các tham số này.")
    if (bank := summit.point.bank).unguessed.any():
        names = ", ".join(data.items[item] for item in np.flatnonzero(bank.unguessed))
        caveats.append(f"c của {names} bằng 0, ở biên, nên không có sai số chuẩn; 2pl là đủ cho câu đó.")
    steep = np.abs(summit.point.bank.parameters[:, 0]) > STEEPEST
    if steep.any():
        names = ", ".join(data.items[item] for item in np.flatnonzero(steep))
        caveats.append(f"Độ phân biệt của {names} tăng không có giới hạn; hãy xem lại câu đó.")
    return tuple(caveats)


def expected_abilities(
    calibration: Calibration, responses: Responses, group: NDArray[np.int64] | None = None
) -> Moments:
    """Posterior mean and deviation of each person who answered, under the calibration's own distribution."""
    packed = pack(responses, group, by_design=_linear(calibration.bank.models))
    use_one_thread()
    return posterior_moments(packed, curves(calibration.bank, calibration.latent.nodes), calibration.latent)
