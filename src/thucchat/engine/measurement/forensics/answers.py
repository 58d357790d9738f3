"""Answers as option numbers, the form in which likenesses are counted. Missing is never a likeness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.scoring import Essay, Rule

MOST_OPTIONS = 8  # of one item; rarer answers share a last option that never counts as alike
MISSING = -1


@dataclass(frozen=True, slots=True)
class Answers:
    """What everybody answered."""

    items: tuple[str, ...]
    codes: NDArray[np.int8]  # (persons, items) option, or MISSING
    exists: NDArray[np.bool_]  # (items, options)
    right: NDArray[np.bool_]  # (items, options) earns all points
    alike: NDArray[np.bool_]  # (items, options) two persons who chose it answered alike

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """(persons, items) answered, and rightly."""
        return np.asarray(self.right[np.arange(len(self.items)), self.codes] & (self.codes != MISSING))


def answers_of(texts: Mapping[str, Sequence[str]], rules: Mapping[str, Rule]) -> Answers:
    """Options of every item that `rules` name, essays left out; "" is missing.

    Raises:
        InvalidInput: `items.few` when fewer than five items remain.
    """
    items = tuple(name for name, rule in rules.items() if not isinstance(rule, Essay))
    if len(items) < 5:
        raise InvalidInput("items.few", f"Cần ít nhất 5 câu có đáp án để so bài làm, chỉ có {len(items)}.")
    coded = [_coded(texts[name], rules[name]) for name in items]
    width = max(2, *(len(right) for _, right, _ in coded))
    exists, correct, alike = (np.zeros((len(items), width), bool) for _ in range(3))
    for place, (_, right, same) in enumerate(coded):
        exists[place, : len(right)] = True
        correct[place, : len(right)], alike[place, : len(same)] = right, same
    codes = np.column_stack([column for column, _, _ in coded])
    return Answers(items, codes, exists, correct, alike)


def _coded(given: Sequence[str], rule: Rule) -> tuple[NDArray[np.int8], list[bool], list[bool]]:
    """Option of each person, then per option whether it is right and whether it counts as alike."""
    column = np.char.upper(np.char.strip(np.asarray(given, dtype=np.str_)))
    options, place, counts = np.unique(column, return_inverse=True, return_counts=True)
    order = [number for number in np.argsort(-counts, kind="stable") if options[number]]
    kept = order if len(order) <= MOST_OPTIONS else order[: MOST_OPTIONS - 1]
    lookup = np.full(len(options), MISSING, np.int8)
    lookup[order] = len(kept)
    lookup[kept] = np.arange(len(kept))
    right = [rule.score(str(options[number])) >= rule.highest for number in kept]
    rest = len(order) > len(kept)
    return lookup[place], [*right, *[False] * rest], [*[True] * len(kept), *[False] * rest]
