"""Plans of variants: which question stands where, and which option under which letter.

Questions move inside their stretch of the paper, with their shared stem. In every variant the letters of the
key are balanced; variants that may sit beside each other differ at as many positions as can be.
Requirement B5.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from thucchat.engine.errors import InvalidInput

TRIES = 60  # random orders tried per stretch; the one least like the variants before is taken
SWAPS = 40  # passes that exchange letters until no position repeats the neighbour's letter
MAX_VARIANTS = 96
MAX_RUN = 3  # the same letter at most this often in a row, where the paper allows it


@dataclass(frozen=True, slots=True)
class UnitShape:
    """What moves as one: canonical places of its questions."""

    questions: tuple[int, ...]
    ordered: bool = False  # questions inside keep their order


@dataclass(frozen=True, slots=True)
class PaperShape:
    """All that planning needs to know about a paper."""

    stretches: tuple[tuple[UnitShape, ...], ...]
    options: tuple[int, ...]  # per canonical question: how many options may be shuffled; 0: none
    keys: tuple[int | None, ...]  # per canonical question: place of the right option; none: not known


@dataclass(frozen=True, slots=True)
class Variant:
    """One permutation of the paper."""

    code: str
    questions: tuple[int, ...]  # position → canonical question
    options: tuple[tuple[int, ...], ...]  # per canonical question: printed place → canonical option


def plan_variants(paper: PaperShape, codes: Sequence[str], rng: np.random.Generator) -> list[Variant]:
    """One variant per code.

    Raises:
        InvalidInput: `variants.count`, `variants.codes` when two codes are the same.
    """
    if not 1 <= len(codes) <= MAX_VARIANTS:
        raise InvalidInput(
            "variants.count", f"Số mã đề phải từ 1 đến {MAX_VARIANTS}, không phải {len(codes)}."
        )
    repeated = [code for code, count in Counter(codes).items() if count > 1]
    if repeated:
        raise InvalidInput("variants.codes", f"Mã đề {', '.join(repeated)} bị lặp.")
    made: list[Variant] = []
    letters: list[dict[int, int]] = []
    for code in codes:
        order = _order(paper, [variant.questions for variant in made], rng)
        chosen = _key_letters(paper, order, letters[-1] if letters else {}, rng)
        letters.append(chosen)
        options = [
            _option_order(paper, question, chosen.get(place), rng) for place, question in enumerate(order)
        ]
        by_question = dict(zip(order, options, strict=True))
        made.append(Variant(code, order, tuple(by_question[question] for question in sorted(by_question))))
    return made


def _order(paper: PaperShape, before: Sequence[tuple[int, ...]], rng: np.random.Generator) -> tuple[int, ...]:
    order: list[int] = []
    for stretch in paper.stretches:
        candidates = (_shuffled(stretch, rng) for _ in range(TRIES))
        best, fewest = None, np.inf
        for candidate in candidates:
            repeats = _repeats(candidate, len(order), before)
            if repeats < fewest:
                best, fewest = candidate, repeats
            if fewest == 0:
                break
        order += best or []
    return tuple(order)


def _shuffled(stretch: tuple[UnitShape, ...], rng: np.random.Generator) -> list[int]:
    found: list[int] = []
    for unit in rng.permutation(len(stretch)):
        inside = stretch[unit].questions
        turn = range(len(inside)) if stretch[unit].ordered else rng.permutation(len(inside))
        found += [inside[place] for place in turn]
    return found


def _repeats(candidate: list[int], offset: int, before: Sequence[tuple[int, ...]]) -> float:
    """Positions that hold the same question as an earlier variant; the neighbour counts most."""
    total = 0.0
    for distance, other in enumerate(reversed(before), 1):
        same = sum(other[offset + place] == question for place, question in enumerate(candidate))
        total += same * (len(candidate) if distance == 1 else 1 / distance if same > 1 else 0)
    return total


def _key_letters(
    paper: PaperShape, order: tuple[int, ...], before: dict[int, int], rng: np.random.Generator
) -> dict[int, int]:
    """Position → place of the right option, for all questions with a known key."""
    fixed = {
        place: key
        for place, q in enumerate(order)
        if (key := paper.keys[q]) is not None and not paper.options[q]
    }
    free = [place for place, q in enumerate(order) if paper.keys[q] is not None and paper.options[q]]
    row = fixed | dict(zip(free, _balanced(paper, order, free, Counter(fixed.values()), rng), strict=True))
    limits = {place: paper.options[order[place]] for place in free}
    _part_from_neighbour(row, limits, before, rng)
    return row


def _balanced(
    paper: PaperShape, order: tuple[int, ...], free: list[int], taken: Counter[int], rng: np.random.Generator
) -> list[int]:
    """A letter for each free position, every letter as often as the others, in random order."""
    chosen = [0] * len(free)
    counts = Counter(taken)
    # Questions with few options choose first, or the last letters would pile up on the others.
    turns = sorted(rng.permutation(len(free)).tolist(), key=lambda turn: paper.options[order[free[turn]]])
    for turn in turns:
        size = paper.options[order[free[turn]]]
        fewest = min(counts[letter] for letter in range(size))
        letter = int(rng.choice([letter for letter in range(size) if counts[letter] == fewest]))
        chosen[turn] = letter
        counts[letter] += 1
    return chosen


def _part_from_neighbour(
    row: dict[int, int], limits: dict[int, int], before: dict[int, int], rng: np.random.Generator
) -> None:
    """Exchange letters, which keeps the balance, until few positions repeat the neighbour or run on."""
    free = list(limits)
    for _ in range(SWAPS):
        bad = [place for place in free if _cost(row, place, before)]
        if not bad:
            return
        for place in bad:
            for turn in rng.permutation(len(free)).tolist():
                if _exchange_if_better(row, (place, free[turn]), limits, before):
                    break


def _exchange_if_better(
    row: dict[int, int], pair: tuple[int, int], limits: dict[int, int], before: dict[int, int]
) -> bool:
    one, other = pair
    if row[one] == row[other] or row[other] >= limits[one] or row[one] >= limits[other]:
        return False
    old = _cost(row, one, before) + _cost(row, other, before)
    row[one], row[other] = row[other], row[one]
    if _cost(row, one, before) + _cost(row, other, before) < old:
        return True
    row[one], row[other] = row[other], row[one]
    return False


def _cost(row: dict[int, int], place: int, before: dict[int, int]) -> int:
    """Repeating the neighbour's letter is worse than standing in a run of one letter."""
    letter = row[place]
    left = right = 0
    while row.get(place - left - 1) == letter:
        left += 1
    while row.get(place + right + 1) == letter:
        right += 1
    return 4 * (before.get(place) == letter) + int(left + right + 1 > MAX_RUN)


def _option_order(
    paper: PaperShape, question: int, letter: int | None, rng: np.random.Generator
) -> tuple[int, ...]:
    """Printed place → canonical option, the right one at `letter`."""
    size, key = paper.options[question], paper.keys[question]
    if not size:
        return ()
    order: list[int] = rng.permutation(size).tolist()
    if key is not None and letter is not None:
        now = order.index(key)
        order[now], order[letter] = order[letter], order[now]
    return tuple(order)
