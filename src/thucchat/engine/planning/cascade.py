"""One target shared out down a tree, so that the children of every node add up to it exactly.

Amounts are whole units: pupils for a share, hundredths of a point for a mean. Every pupil is asked for the
same effort on the logistic scale, so that those near the ceiling are asked for little and nobody for more
than there is; rounding is by largest remainder.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from thucchat.engine.errors import InvalidInput

EDGE = 1e-6  # chances of 0 and 1 are moved this far inwards, so that effort can move them
STEPS = 200  # bisections; 2^-60 of the widest shift is beyond the precision of a float


@dataclass(frozen=True, slots=True)
class Cascade:
    """What each node and each pupil is asked for."""

    effort: float  # the common shift, logits
    quotas: NDArray[np.float64]  # (pupils,), before rounding, in whole units
    amounts: NDArray[np.int64]  # (pupils,), after rounding
    levels: tuple[NDArray[np.int64], ...]  # per level, from the top: (nodes,), after rounding


def cascade(
    expected: NDArray[np.float64],
    total: int,
    levels: Sequence[NDArray[np.int64]] = (),
    *,
    capacity: int = 1,
) -> Cascade:
    """Share `total` out among pupils, through the nodes of each level from the top down.

    Shapes:
        expected: (pupils,), what each would reach without the target, 0 … capacity.
        levels: per level (pupils,), the node 0 … nodes - 1 of each pupil; every node of a level lies in one
            node of the level above.
    Raises:
        InvalidInput: `target.none`, `target.expected`, `target.out_of_reach`, `target.not_nested`.
    """
    _check(expected, total, levels, capacity)
    effort, shares = common_effort(expected / capacity, total / capacity)
    links = _links(levels, expected.size)
    # Summed from the bottom up: rounding keeps order, so whole parts never exceed their parent's.
    quotas = [shares * capacity]
    for parents in reversed(links[1:]):
        quotas.insert(0, np.bincount(parents, quotas[0]).astype(np.float64))
    amounts = [np.array([total], np.int64)]
    for parents, quota in zip(links, quotas, strict=True):
        amounts.append(share_out(amounts[-1], parents, quota))
    return Cascade(effort, quotas[-1], amounts[-1], tuple(amounts[1:-1]))


def _links(levels: Sequence[NDArray[np.int64]], pupils: int) -> list[NDArray[np.int64]]:
    """The parent of every node, level by level from the top, and of every pupil."""
    links, above = [], np.zeros(pupils, np.int64)
    for level in levels:
        parents = np.zeros(int(level.max()) + 1, np.int64)
        parents[level] = above
        links.append(parents)
        above = level
    return [*links, above]


def common_effort(shares: NDArray[np.float64], total: float) -> tuple[float, NDArray[np.float64]]:
    """The shift, in logits, that makes all `shares` add up to `total`; and the shares then.

    A total of nothing or of everything has no finite shift; it is answered by -inf or inf.
    """
    if total <= 0 or total >= shares.size:
        everything = total > 0
        return (np.inf if everything else -np.inf), np.full(shares.size, float(everything))
    start = logit(np.clip(shares, EDGE, 1 - EDGE))
    low, high = -60.0, 60.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if expit(start + middle).sum() < total:
            low = middle
        else:
            high = middle
        if high - low < 1e-13:
            break
    reached = expit(start + high)
    return high, reached * (total / reached.sum())  # the last bits, so that sums are the total


def share_out(
    totals: NDArray[np.int64], parents: NDArray[np.int64], quotas: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Whole amounts near `quotas` that add up to `totals` within every parent: largest remainders.

    Of equal remainders the larger quota goes first, then the earlier child.

    Shapes:
        totals: (parents,). parents: (children,), 0 … parents - 1. quotas: (children,), not negative; within
            a parent their sum differs from its total by less than one.
    Raises:
        InvalidInput: `target.quotas` when the quotas are not near the totals.
    """
    whole = np.floor(quotas).astype(np.int64)
    remainders = quotas - whole
    missing = totals - np.bincount(parents, whole, totals.size).astype(np.int64)
    children = np.bincount(parents, minlength=totals.size)
    if (missing < 0).any() or (missing > children).any():
        raise InvalidInput("target.quotas", "Các phần dự kiến không khớp với tổng được giao.")
    order = np.lexsort((np.arange(quotas.size), -quotas, -remainders.round(9), parents))
    starts = np.concatenate(([0], np.cumsum(children)[:-1]))
    place = np.empty(quotas.size, np.int64)
    place[order] = np.arange(quotas.size) - starts[parents[order]]
    return whole + (place < missing[parents])


def _check(
    expected: NDArray[np.float64], total: int, levels: Sequence[NDArray[np.int64]], capacity: int
) -> None:
    if not expected.size:
        raise InvalidInput("target.none", "Không có học sinh nào để giao chỉ tiêu.")
    if not ((expected >= 0) & (expected <= capacity)).all():
        raise InvalidInput("target.expected", f"Kết quả dự kiến phải nằm trong khoảng 0-{capacity}.")
    most = expected.size * capacity
    if not 0 <= total <= most:
        message = f"Chỉ tiêu {total} nằm ngoài khoảng 0-{most} mà {expected.size} học sinh có thể đạt."
        raise InvalidInput("target.out_of_reach", message, total=total, most=most)
    above = np.zeros(expected.size, np.int64)
    for level in levels:
        pairs = np.unique(np.stack((level, above)), axis=1)
        if pairs.shape[1] != np.unique(level).size:
            raise InvalidInput("target.not_nested", "Một đơn vị nằm dưới hai đơn vị cấp trên.")
        above = level
