"""What may be said from rank sets: which groups of units stand apart, and who is among the best n."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.ranks.sets import RankSets


class Membership(StrEnum):
    """Whether a unit is among the best n."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"


def tie_groups(sets: RankSets) -> NDArray[np.int64]:
    """Group of each unit, 1 for the best: the finest split with every group shown better than the next.

    Inside a group no order may be printed. A cut stands only where the evidence separates every unit above it
    from every unit below it.

    Shapes:
        Returns (units,).
    """
    units = len(sets.rank)
    order = np.lexsort((np.arange(units), sets.rank))
    better = sets.better[np.ix_(order, order)]
    # The first place from which this unit is better than everyone further down.
    not_better = np.where(~better, np.arange(1, units + 1), 0).max(axis=1)
    cuts = np.maximum.accumulate(not_better)[:-1] <= np.arange(1, units)
    groups = np.empty(units, dtype=np.int64)
    groups[order] = 1 + np.concatenate([[0], np.cumsum(cuts)])
    return groups


def top_membership(sets: RankSets, count: int) -> list[Membership]:
    """Whether each unit is among the best `count`; with simultaneous sets all answers hold together.

    Raises:
        InvalidInput: `rank.top`.
    """
    if not 1 <= count <= len(sets.rank):
        raise InvalidInput(
            "rank.top", f"Số đơn vị dẫn đầu phải từ 1 đến {len(sets.rank)}, không phải {count}."
        )
    return [
        Membership.CERTAIN if high <= count else Membership.POSSIBLE if low <= count else Membership.EXCLUDED
        for low, high in zip(sets.low, sets.high, strict=True)
    ]
