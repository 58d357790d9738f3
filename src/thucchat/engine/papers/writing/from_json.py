"""A paper from the JSON that `thucchat paper read --json` prints, or that another program wrote alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.model import Kind, Paper, Question

KINDS: dict[str, Kind] = {
    "choice": "choice",
    "true_false": "true_false",
    "short_answer": "short_answer",
    "essay": "essay",
}


@dataclass(frozen=True, slots=True)
class ChosenItem:
    """One question of a Word file."""

    file: str  # path beside the JSON
    question: int  # position in that file, from 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """A paper as a list of items of Word files."""

    heading: str
    items: tuple[ChosenItem, ...]


def items_from_json(text: str) -> Chosen | None:
    """The items a paper is to be put together from; none when the JSON holds questions instead.

    Raises:
        InvalidInput: `paper.json`, `paper.items` when an item names no file and question.
    """
    found = _loaded(text)
    if not isinstance(found, dict) or "items" not in found:
        return None
    items = found["items"]
    if not isinstance(items, list) or not items or not all(map(_names_item, items)):
        raise InvalidInput(
            "paper.items", "Mỗi mục trong “items” cần “file” (tệp Word) và “question” (thứ tự câu)."
        )
    chosen = tuple(ChosenItem(each["file"], each["question"]) for each in items)
    return Chosen(str(found.get("heading") or ""), chosen)


def _names_item(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and isinstance(found.get("file"), str)
        and isinstance(found.get("question"), int)
    )


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidInput("paper.json", f"Tệp không phải là JSON: {error}.") from error


def paper_from_json(text: str) -> Paper:
    """The paper; keys that are not known are left aside.

    Raises:
        InvalidInput: `paper.json` when the text is no JSON, `paper.questions` when a part is missing.
    """
    found = _loaded(text)
    questions = found.get("questions") if isinstance(found, dict) else None
    if not isinstance(questions, list) or not questions:
        raise InvalidInput("paper.questions", "JSON cần khoá “questions” là danh sách câu hỏi.")
    made = tuple(_question(place, each) for place, each in enumerate(questions, 1))
    return Paper(made, heading=str(found.get("heading") or ""))


def _question(place: int, found: object) -> Question:
    if not isinstance(found, dict):
        raise InvalidInput("paper.questions", f"Câu thứ {place} trong JSON không phải là một đối tượng.")
    options = found.get("options") or {}
    if not isinstance(options, dict) or not isinstance(found.get("stem", ""), str):
        raise InvalidInput(
            "paper.questions", f"Câu thứ {place}: “stem” cần là chữ, “options” cần là đối tượng."
        )
    return Question(
        number=_number(place, found),
        stem=found.get("stem", ""),
        options={str(letter): str(text) for letter, text in options.items()},
        key=_text(found, "key"),
        type=_kind(place, found, options),
        part=_text(found, "part"),
        context=_text(found, "context"),
        group=found.get("group") if isinstance(found.get("group"), int) else None,
        points=_text(found, "points"),
        solution=_text(found, "solution"),
    )


def _number(place: int, found: Mapping[str, Any]) -> int:
    number = found.get("number", place)
    if not isinstance(number, int) or number < 0:
        raise InvalidInput("paper.questions", f"Câu thứ {place}: số câu “{number}” cần là số nguyên.")
    return number


def _kind(place: int, found: Mapping[str, Any], options: Mapping[str, Any]) -> Kind:
    named = found.get("type", "choice" if options else "essay")
    if named not in KINDS:
        raise InvalidInput(
            "paper.questions", f"Câu thứ {place}: loại “{named}” phải là một trong {', '.join(KINDS)}."
        )
    return KINDS[named]


def _text(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    return None if value is None or value == "" else str(value)
