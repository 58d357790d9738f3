"""Questions that repeat items of the bank.

Building an index takes a tenth of a millisecond an item, searching it far less, so each process keeps the
index of the subjects asked about last. Text of an item never changes, so an index grows old only by items
that came later: those are searched apart. What a person may not see is filtered out of every answer.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from thucchat.engine.papers.duplicates import Duplicate, ItemText, TextIndex, build_index, find_duplicates
from thucchat.engine.papers.model import Question
from thucchat.web.bank.models import Item

MOST_NEW = 1_000  # items searched apart before the index is built again
MOST_KEPT = 4  # subjects
PREFIX = "CH"


@dataclass(frozen=True, slots=True)
class _Known:
    """An index and the items in it."""

    keys: frozenset[int]
    index: TextIndex


KNOWN: OrderedDict[int, _Known] = OrderedDict()  # by subject


def question_texts(questions: Iterable[Question], name: str) -> list[ItemText]:
    """Questions of one paper, named by their places in it."""
    return [
        ItemText(f"{name}/{place}", question.stem, tuple(question.options.values()))
        for place, question in enumerate(questions, 1)
    ]


def repeats(asked: Sequence[ItemText], others: Sequence[ItemText]) -> tuple[Duplicate, ...]:
    """Pairs of a question asked about and one of the others; nothing repeats an empty list."""
    return tuple(find_duplicates(build_index(others), asked)) if others and asked else ()


def repeats_in_bank(asked: Sequence[ItemText], subject_id: int) -> tuple[Duplicate, ...]:
    """Pairs of a question and an item of the subject that the person may see, most alike first."""
    rows = Item.objects.filter(subject_id=subject_id)
    seen = frozenset(rows.values_list("pk", flat=True))
    known = KNOWN.get(subject_id)
    if known is None or len(seen - known.keys) > MOST_NEW:
        known = _learnt(subject_id, seen)
    later = seen - known.keys if known else seen
    texts = _texts(rows.filter(pk__in=later)) if later else []
    found = [*(find_duplicates(known.index, asked) if known else ()), *repeats(asked, texts)]
    visible = [pair for pair in found if int(pair.found.removeprefix(PREFIX)) in seen]
    return tuple(sorted(visible, key=lambda pair: (pair.asked, -pair.similarity)))


def _learnt(subject_id: int, seen: frozenset[int]) -> _Known | None:
    if len(seen) <= MOST_NEW:
        return None
    texts = _texts(Item.objects.filter(pk__in=seen))
    KNOWN[subject_id] = _Known(
        frozenset(int(one.id.removeprefix(PREFIX)) for one in texts), build_index(texts)
    )
    KNOWN.move_to_end(subject_id)
    while len(KNOWN) > MOST_KEPT:
        KNOWN.popitem(last=False)
    return KNOWN[subject_id]


def _texts(rows: "QuerySet[Item]") -> list[ItemText]:
    values = rows.values_list("pk", "stem", "options")
    return [
        ItemText(f"{PREFIX}{pk}", stem, tuple(text for _, text in options)) for pk, stem, options in values
    ]
