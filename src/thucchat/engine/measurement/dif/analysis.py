"""DIF of all items of a paper by one method: purification of the matching items, false-discovery control.

An item with DIF is a question to the people who wrote it, not a verdict about the item.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.dif.design import GroupedResponses, check_groups
from thucchat.engine.measurement.dif.likelihood_ratio import (
    MODELS,
    Comparison,
    compare,
    likelihood_ratio_item,
    varies_in_both,
)
from thucchat.engine.measurement.dif.logistic import logistic_item
from thucchat.engine.measurement.dif.mantel_haenszel import mantel_haenszel_item
from thucchat.engine.measurement.dif.results import (
    LEVEL,
    DifAnalysis,
    ItemDif,
    false_discovery,
    untested,
)
from thucchat.engine.measurement.dif.score_test import score_test_items

METHODS = ("mh", "logistic", "lrt", "score")
KINDS = ("both", "uniform", "nonuniform")
ROUNDS = 10
NO_STEPS = "logistic cần câu đúng/sai; mh, lrt và score dùng được cả câu có nhiều mức điểm."

OneItem = Callable[[int, NDArray[np.bool_]], ItemDif]


@dataclass(frozen=True, slots=True)
class Choice:
    """How to look for DIF."""

    method: str = "mh"  # one of METHODS
    corrected: bool = True  # continuity correction of Mantel-Haenszel
    kind: str = "both"  # of logistic regression, one of KINDS
    model: str = "rasch"  # of the likelihood-ratio and score tests, a key of MODELS
    purify: bool = False  # items found are left out of the matching score, until the same are found twice
    level: float = LEVEL  # of each round's test when purifying, and of the false-discovery rate


def analyse_dif(data: GroupedResponses, choice: Choice) -> DifAnalysis:
    """Test every item.

    Raises:
        InvalidInput: `dif.method`, `dif.level`, `dif.items`.
        NoResult: `dif.group`, `dif.few`; `dif.steps` when logistic meets no item that is right or wrong;
            `dif.none` when no item can be tested; what a calibration cannot carry.
    """
    if choice.method not in METHODS or choice.kind not in KINDS or choice.model not in MODELS:
        raise InvalidInput(
            "dif.method", f"Không có phương pháp “{choice.method}”; chọn: {', '.join(METHODS)}."
        )
    if not 0 < choice.level < 1:
        raise InvalidInput("dif.level", "Mức ý nghĩa phải lớn hơn 0 và nhỏ hơn 1.")
    cautions = check_groups(data)
    if choice.method == "logistic" and not data.two_category.any():
        raise NoResult("dif.steps", f"Không có câu nào chấm 0 hoặc 1. {NO_STEPS}")
    if choice.method in {"mh", "logistic"}:
        results, rounds, settled = _matched(data, choice)
    else:
        results, rounds, settled = _modelled(data, choice)
    if not any(np.isfinite(result.p) for result in results):
        raise NoResult(
            "dif.none",
            "Không câu nào so được: thí sinh làm các bộ câu quá khác nhau, hoặc câu không hợp phương pháp. "
            "Hãy dùng lrt hoặc score.",
        )
    return DifAnalysis(
        method=choice.method,
        items=tuple(false_discovery(results, choice.level)),
        reference=int((~data.focal).sum()),
        focal=int(data.focal.sum()),
        rounds=rounds,
        settled=settled,
        cautions=(*cautions, *_cautions(data, results, choice, settled=settled)),
    )


def _matched(data: GroupedResponses, choice: Choice) -> tuple[list[ItemDif], int, bool]:
    def one(item: int, anchors: NDArray[np.bool_]) -> ItemDif:
        if choice.method == "mh":
            return mantel_haenszel_item(data, item, anchors, corrected=choice.corrected)
        return logistic_item(data, item, anchors, kind=choice.kind)

    return _purified(one, len(data.items), choice)


def _purified(one: OneItem, count: int, choice: Choice) -> tuple[list[ItemDif], int, bool]:
    """Rounds of testing, each matched on the items that the round before did not find."""
    anchors = np.ones(count, dtype=bool)
    for rounds in range(1, ROUNDS + 2):
        results = [replace(one(item, anchors), anchor=bool(anchors[item])) for item in range(count)]
        found = np.array([result.p < choice.level for result in results])
        if not choice.purify or np.array_equal(~found, anchors):
            return results, rounds, True
        if found.all():
            return results, rounds, False
        if rounds <= ROUNDS:
            anchors = ~found
    return results, rounds, False


def _modelled(data: GroupedResponses, choice: Choice) -> tuple[list[ItemDif], int, bool]:
    """Rounds of calibration; items found before stay in, split by group, and do not carry the link."""
    usable = np.flatnonzero(varies_in_both(data))
    studied = data.of_items(usable)
    tested = _tested(compare(studied, choice.model), choice, range(len(usable)))
    rounds, settled, anchors = 1, True, np.ones(len(usable), dtype=bool)
    while choice.purify:
        found = np.array([result.p < choice.level for result in tested])
        if np.array_equal(~found, anchors) or rounds > ROUNDS or (~found).sum() < 2:
            settled = bool(np.array_equal(~found, anchors))
            break
        anchors = ~found
        tested = _retested(studied, choice, anchors)
        rounds += 1
    by_name = {
        result.item: replace(result, anchor=bool(anchor))
        for result, anchor in zip(tested, anchors, strict=True)
    }
    return [by_name.get(name, untested(name, 1)) for name in data.items], rounds, settled


def _retested(data: GroupedResponses, choice: Choice, anchors: NDArray[np.bool_]) -> list[ItemDif]:
    """Every item against the anchors alone: the paper of the anchors, then that paper and one item more."""
    kept = np.flatnonzero(anchors)
    common = compare(data.of_items(kept), choice.model)
    again = dict(zip(kept.tolist(), _tested(common, choice, range(len(kept))), strict=True))
    for item in np.flatnonzero(~anchors).tolist():
        wider = compare(data.of_items(np.append(kept, item)), choice.model, near=common.base)
        (again[item],) = _tested(wider, choice, [len(kept)])
    return [again[item] for item in range(len(anchors))]


def _tested(comparison: Comparison, choice: Choice, items: Sequence[int]) -> list[ItemDif]:
    if choice.method == "score":
        return score_test_items(comparison, items)
    return [likelihood_ratio_item(comparison, item) for item in items]


def _cautions(data: GroupedResponses, results: list[ItemDif], choice: Choice, *, settled: bool) -> list[str]:
    cautions = []
    logistic = choice.method == "logistic"
    steps = [data.items[item] for item in np.flatnonzero(~data.two_category)] if logistic else []
    if steps:
        cautions.append(f"Không kiểm định câu có nhiều mức điểm: {', '.join(steps)}. {NO_STEPS}")
    unknown = [result.item for result in results if not np.isfinite(result.p) and result.item not in steps]
    if unknown:
        cautions.append(
            f"Không kiểm định được: {', '.join(unknown)} (điểm không đổi, hoặc không hợp phương pháp)."
        )
    if choice.purify and not settled:
        cautions.append("Việc lọc câu neo không dừng ở một tập câu; kết quả là của vòng cuối.")
    incomplete = int(np.isnan(data.scores).any(axis=1).sum())
    if incomplete and choice.method == "logistic":
        cautions.append(f"{incomplete} thí sinh không được giao đủ câu nên không dùng được trong hồi quy.")
    if incomplete and choice.method == "mh":
        cautions.append(f"{incomplete} thí sinh không được giao đủ câu, chỉ so với người làm cùng bộ câu.")
    return cautions
