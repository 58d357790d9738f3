"""Constants that carry one calibration's scale onto another's: θ' = A θ + B, from the items in common.

a' = a / A and b' = A b + B. Logits of the target scale. The curve of a carried item at θ' is the curve of
the original item at (θ' - B) / A, so the criteria below need no carried parameters; likewise the other way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.linking.items import ItemParameters, Values, category_curves
from thucchat.engine.vietnamese import vi_number

METHODS = ("mean-mean", "mean-sigma", "haebara", "stocking-lord")
FEWEST = 3
ADVISED = 5
TINY = 1e-30  # complex step
STEPS, HALVINGS, CLOSE = 100, 30, 1e-10

Constants = NDArray[np.float64]  # (2,): A, B
Solver = Callable[[ItemParameters, ItemParameters], Constants]


@dataclass(frozen=True, slots=True)
class Link:
    """How to carry abilities and items onto the target scale, and how surely."""

    slope: float  # A
    intercept: float  # B, logits
    estimation_covariance: NDArray[np.float64] | None  # (2, 2), from the items' standard errors; if known
    anchor_covariance: NDArray[np.float64]  # (2, 2), jackknife over the anchors: another choice of anchors
    method: str
    anchors: tuple[str, ...]
    cautions: tuple[str, ...]  # Vietnamese


@dataclass(frozen=True, slots=True)
class Grid:
    """Abilities of the target scale at which curves are compared."""

    nodes: NDArray[np.float64]  # (nodes,), logits
    weights: NDArray[np.float64]  # (nodes,), sum 1


@dataclass(frozen=True, slots=True)
class Criterion:
    """Which curves to bring together, and where."""

    method: str  # haebara or stocking-lord
    source: ItemParameters
    target: ItemParameters
    grid: Grid
    symmetric: bool  # curves are compared on the source's scale as well


def normal_grid(size: int = 41, reach: float = 4.0) -> Grid:
    """Equally spaced nodes with standard normal weights."""
    nodes = np.linspace(-reach, reach, size)
    weights = np.exp(-(nodes**2) / 2)
    return Grid(nodes, weights / weights.sum())


def uniform_grid(size: int, reach: float) -> Grid:
    """Equally spaced nodes of equal weight."""
    return Grid(np.linspace(-reach, reach, size), np.full(size, 1 / size))


def estimate_link(
    source: ItemParameters,
    target: ItemParameters,
    *,
    method: str = "stocking-lord",
    grid: Grid | None = None,
    symmetric: bool = False,
) -> Link:
    """Constants from `source` to `target`; both hold the same items in the same order.

    `grid` and `symmetric` say where the two methods of curves compare them.

    Raises:
        InvalidInput: `link.method`.
        NoResult: `link.no_anchor`, `link.few`, `link.unrelated`, `link.failed`.
    """
    if method not in METHODS:
        raise InvalidInput("link.method", f"Không có cách nối “{method}”; chọn: {', '.join(METHODS)}.")
    cautions = _check(source, target) + _check_scale(source, target, method)
    criterion = Criterion(method, source, target, normal_grid() if grid is None else grid, symmetric)
    solve = _solver(criterion)
    constants = solve(source, target)
    if not np.isfinite(constants).all() or constants[0] <= 0:
        raise NoResult("link.failed", "Các câu chung không xác định được phép nối: hệ số A không dương.")
    return Link(
        slope=float(constants[0]),
        intercept=float(constants[1]),
        estimation_covariance=_estimation_covariance(criterion, constants),
        anchor_covariance=_jackknife(solve, source, target),
        method=method,
        anchors=source.names,
        cautions=cautions,
    )


def _check(source: ItemParameters, target: ItemParameters) -> tuple[str, ...]:
    count = len(source.names)
    if count == 0:
        raise NoResult("link.no_anchor", "Hai lần ước lượng không có câu nào chung nên không nối được.")
    if count < FEWEST:
        raise NoResult(
            "link.few", f"Chỉ có {count} câu chung; cần ít nhất {FEWEST}, nên có từ {ADVISED} trở lên."
        )
    with np.errstate(invalid="ignore"):
        correlation = np.corrcoef(source.locations.real, target.locations.real)[0, 1]
    if not correlation > 0.5:
        raise NoResult(
            "link.unrelated",
            "Độ khó các câu chung ở hai lần chỉ tương quan "
            f"{vi_number(float(np.nan_to_num(correlation)), 2)}; chúng không giữ được thang đo. "
            "Hãy xem lại mã câu và đáp án.",
        )
    cautions = []
    if count < ADVISED:
        cautions.append(f"Chỉ có {count} câu chung; nên có từ {ADVISED} trở lên.")
    if correlation < 0.9:
        text = vi_number(float(correlation), 2)
        cautions.append(f"Độ khó các câu chung ở hai lần tương quan {text}, dưới mức nên có (0,9).")
    return tuple(cautions)


def _check_scale(source: ItemParameters, target: ItemParameters, method: str) -> tuple[str, ...]:
    """A caution when all slopes are one: only mean-mean leaves the unit of a Rasch scale alone."""
    if method != "mean-mean" and np.all(source.slopes == 1) and np.all(target.slopes == 1):
        return ("Mọi độ phân biệt bằng 1 (mô hình Rasch): chỉ mean-mean giữ nguyên đơn vị của thang.",)
    return ()


def _solver(like: Criterion) -> Solver:
    if like.method == "mean-mean":
        return _mean_mean
    if like.method == "mean-sigma":
        return _mean_sigma

    def by_curves(source: ItemParameters, target: ItemParameters) -> Constants:
        start = _mean_sigma(source, target)
        usable = np.isfinite(start).all() and start[0] > 0
        criterion = replace(like, source=source, target=target)
        return _descend(criterion, start if usable else np.array([1.0, 0.0]))

    return by_curves


def _descend(criterion: Criterion, constants: Constants) -> Constants:
    """Gauss-Newton steps, halved until the criterion falls and A stays positive."""
    difference, slopes = _residuals(criterion, constants)
    for _ in range(STEPS):
        # `slopes` are derivatives of the difference; the difference falls along their least squares.
        step = -np.linalg.lstsq(slopes.real.reshape(-1, 2), difference.real.ravel(), rcond=None)[0]
        for _ in range(HALVINGS):
            tried = constants + step
            if tried[0] > 0:
                again = _residuals(criterion, tried)
                if (again[0].real ** 2).sum() <= (difference.real**2).sum():
                    break
            step /= 2
        else:
            return constants
        constants, (difference, slopes) = tried, again
        if np.abs(step).max() < CLOSE:
            return constants
    raise NoResult("link.failed", "Phép nối không hội tụ; hãy thử mean-mean hoặc xem lại các câu chung.")


def _mean_mean(source: ItemParameters, target: ItemParameters) -> Constants:
    return np.asarray(_closed_form("mean-mean", source, target), dtype=np.float64)


def _mean_sigma(source: ItemParameters, target: ItemParameters) -> Constants:
    return np.asarray(_closed_form("mean-sigma", source, target), dtype=np.float64)


def _closed_form(method: str, source: ItemParameters, target: ItemParameters) -> Values:
    """A from the slopes, or from the spread of all steps; B from the mean steps.

    Source: Loyd and Hoover (1980); Marco (1977); Kolen and Brennan (2004), section 6.3.1.
    """
    present = ~np.isnan(source.steps)
    before, after = source.steps[present], target.steps[present]
    if method == "mean-mean":
        slope = source.slopes.mean() / target.slopes.mean()
    else:
        spread_before = ((before - before.mean()) ** 2).mean()
        slope = np.sqrt(((after - after.mean()) ** 2).mean() / spread_before)
    return np.array([slope, after.mean() - slope * before.mean()])


def _residuals(criterion: Criterion, constants: Values) -> tuple[Values, Values]:
    """Weighted differences of curves, and their derivatives by A and B in the last axis.

    Source: Haebara (1980), Japanese Psychological Research 22, 144-149, every category's curve of every
    item; Stocking and Lord (1983), Applied Psychological Measurement 7, 201-210, the test curve. On the
    target scale, or on both scales as Haebara proposes.
    """
    nodes, root = criterion.grid.nodes, np.sqrt(criterion.grid.weights)[:, None, None]
    slope, intercept = constants
    moved = (nodes - intercept) / slope
    p_source, rise = category_curves(criterion.source, moved)
    difference = root * (category_curves(criterion.target, nodes)[0] - p_source)
    by_constant = root * rise / slope
    slopes = np.stack([by_constant * moved[:, None, None], by_constant], axis=-1)
    if criterion.symmetric:
        p_target, rise = category_curves(criterion.target, slope * nodes + intercept)
        back = root * (p_target - category_curves(criterion.source, nodes)[0])
        by_constant = root * rise
        back_slopes = np.stack([by_constant * nodes[:, None, None], by_constant], axis=-1)
        difference, slopes = np.concatenate([difference, back]), np.concatenate([slopes, back_slopes])
    if criterion.method == "haebara":
        return difference, slopes
    rank = np.arange(difference.shape[-1])
    return (difference * rank).sum(axis=(1, 2)), (slopes * rank[:, None]).sum(axis=(1, 2))


def _gradient(criterion: Criterion, constants: Values) -> Values:
    difference, slopes = _residuals(criterion, constants)
    gradient: Values = slopes.reshape(-1, 2).T @ difference.ravel()
    return gradient


def _estimation_covariance(criterion: Criterion, constants: Constants) -> NDArray[np.float64] | None:
    """Delta method over the items' covariances; for a criterion, by the implicit function theorem.

    None when a covariance is unknown. Guessing parameters are taken as known.
    Source: Ogasawara (2001), Applied Psychological Measurement 25(1), 53-67.
    """
    if criterion.source.covariance is None or criterion.target.covariance is None:
        return None
    closed = criterion.method in {"mean-mean", "mean-sigma"}

    def changed(moved: Criterion) -> Values:
        if closed:
            return _closed_form(moved.method, moved.source, moved.target)
        return _gradient(moved, constants)

    moves = np.stack([changed(moved).imag / TINY for moved in _perturbed(criterion)], axis=1)
    if not closed:
        steps = [_gradient(criterion, constants + 1j * TINY * unit).imag / TINY for unit in np.eye(2)]
        moves = np.asarray(-np.linalg.solve(np.stack(steps, axis=1), moves), dtype=np.float64)
    covariance: NDArray[np.float64] = moves @ moves.T
    return covariance


def _perturbed(criterion: Criterion) -> Iterator[Criterion]:
    """Both sides, one of them moved along the imaginary axis by one column of its covariance's root."""
    for moved in _along_covariance(criterion.source):
        yield replace(criterion, source=moved)
    for moved in _along_covariance(criterion.target):
        yield replace(criterion, target=moved)


def _along_covariance(items: ItemParameters) -> Iterator[ItemParameters]:
    assert items.covariance is not None
    values, vectors = np.linalg.eigh(items.covariance)
    count = len(items.names)
    for column in (vectors * np.sqrt(np.maximum(values, 0))).T[values > values.max() * 1e-14]:
        slopes = items.slopes + 1j * TINY * column[:count]
        steps = items.steps + 1j * TINY * column[count:].reshape(items.steps.shape)
        yield replace(items, slopes=slopes, steps=steps)


def _jackknife(solve: Solver, source: ItemParameters, target: ItemParameters) -> NDArray[np.float64]:
    count = len(source.names)
    kept = [np.delete(np.arange(count), place) for place in range(count)]
    values = np.stack([solve(source.of_items(rest), target.of_items(rest)) for rest in kept])
    spread = values - values.mean(axis=0)
    covariance: NDArray[np.float64] = (count - 1) / count * spread.T @ spread
    return covariance
