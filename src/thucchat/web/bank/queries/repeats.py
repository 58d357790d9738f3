"""Items of the bank as the search for duplicates wants them."""

from collections.abc import Iterable, Sequence

from thucchat.engine.papers.duplicates import Duplicate, ItemText, build_index, find_duplicates
from thucchat.engine.papers.model import Question
from thucchat.web.bank.models import Item


def item_texts(subject_id: int) -> list[ItemText]:
    """Every item of a subject that the person may see, in one query."""
    rows = Item.objects.filter(subject_id=subject_id).values_list("pk", "stem", "options")
    return [ItemText(f"CH{pk}", stem, tuple(text for _, text in options)) for pk, stem, options in rows]


def question_texts(questions: Iterable[Question], name: str) -> list[ItemText]:
    """Questions of one paper; essays of a few words are no repetition of each other, so all count alike."""
    return [
        ItemText(f"{name}/{place}", question.stem, tuple(question.options.values()))
        for place, question in enumerate(questions, 1)
    ]


def repeats(asked: Sequence[ItemText], bank: Sequence[ItemText]) -> tuple[Duplicate, ...]:
    """Pairs of a question asked about and one of the bank; an empty bank repeats nothing."""
    return tuple(find_duplicates(build_index(bank), asked)) if bank and asked else ()
