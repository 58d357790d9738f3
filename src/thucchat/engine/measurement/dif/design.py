"""Who answered what and who belongs to which group: the input of every DIF method, and its refusals.

Scores are points of an item, NaN where not presented; missing is never zero.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult

FEWEST = 10  # persons per group below which no test is computed
ADVISED = 100  # persons per group from which class limits are trusted


@dataclass(frozen=True, slots=True)
class GroupedResponses:
    """Scored responses of a reference and a focal group."""

    items: tuple[str, ...]
    scores: NDArray[np.float64]  # (persons, items), points, NaN = not presented
    focal: NDArray[np.bool_]  # (persons,)

    @property
    def persons(self) -> int:
        return len(self.focal)

    @property
    def two_category(self) -> NDArray[np.bool_]:
        """(items,) true where every score is 0 or 1."""
        known = np.nan_to_num(self.scores)
        binary: NDArray[np.bool_] = ((known == 0) | (known == 1)).all(axis=0)
        return binary

    def of_items(self, places: NDArray[np.intp]) -> "GroupedResponses":
        """The same persons on some of the items."""
        chosen = tuple(self.items[place] for place in places)
        return replace(self, items=chosen, scores=self.scores[:, places])


@dataclass(frozen=True, slots=True)
class Matching:
    """What makes two persons comparable for one item: who is used, their stratum and their score."""

    used: NDArray[np.bool_]  # (persons,)
    score: NDArray[np.float64]  # (used,), points on the matching items
    stratum: NDArray[np.intp]  # (used,), same items presented and same score


def check_groups(data: GroupedResponses) -> tuple[str, ...]:
    """Cautions about the groups, in Vietnamese.

    Raises:
        InvalidInput: `dif.items` when there are fewer than two items.
        NoResult: `dif.group` when a group is empty, `dif.few`.
    """
    if len(data.items) < 2:
        raise InvalidInput("dif.items", "Cần ít nhất 2 câu để so hai nhóm cùng năng lực.")
    sizes = {"đối chiếu": int((~data.focal).sum()), "quan tâm": int(data.focal.sum())}
    for name, size in sizes.items():
        if size == 0:
            raise NoResult("dif.group", f"Nhóm {name} không có ai; hãy xem lại cột nhóm và giá trị đã chọn.")
        if size < FEWEST:
            raise NoResult("dif.few", f"Nhóm {name} chỉ có {size} thí sinh; cần ít nhất {FEWEST}.")
    small = [f"nhóm {name} có {size} thí sinh" for name, size in sizes.items() if size < ADVISED]
    if small:
        who = ", ".join(small).capitalize()
        return (f"{who}, dưới mức nên có ({ADVISED}): chỉ thấy được thiên lệch lớn.",)
    return ()


def match(data: GroupedResponses, item: int, anchors: NDArray[np.bool_]) -> Matching:
    """Match persons on the sum over the anchors and the item itself.

    Persons are compared only with those who were given the same items; a score says nothing across papers.

    Shapes:
        anchors: (items,), which items make up the matching score; the studied item is always added.
    """
    chosen = anchors.copy()
    chosen[item] = True
    scores = data.scores[:, chosen]
    presented = ~np.isnan(scores)
    used = ~np.isnan(data.scores[:, item])
    total = np.where(presented, scores, 0).sum(axis=1)[used]
    pattern = _pattern_numbers(presented[used])
    _, levels = np.unique(np.round(total, 9), return_inverse=True)
    _, stratum = np.unique(pattern * (levels.max(initial=0) + 1) + levels, return_inverse=True)
    return Matching(used, total, stratum)


def _pattern_numbers(presented: NDArray[np.bool_]) -> NDArray[np.intp]:
    if presented.all():
        return np.zeros(len(presented), dtype=np.intp)
    packed = np.packbits(presented, axis=1)
    return np.unique(packed, axis=0, return_inverse=True)[1].reshape(-1)
