"""A proposed paper as it is sealed: the Word file, and what its author settled about it.

Settled are the keys that the file leaves open or wrong, and each question's line and levels in the matrix.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from thucchat.engine.custody.canonical import canonical
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.blueprint import Blueprint, Level
from thucchat.engine.papers.blueprint_checks import STATEMENTS, TaggedItem
from thucchat.engine.papers.model import Flag, Paper, Question
from thucchat.engine.papers.reading.answers import AnswerList
from thucchat.engine.papers.reading.reader import read_paper

FORMAT = "thucchat-proposed-1"
SETTLED = "key."  # doubts about a key are over once the author has stated it


@dataclass(frozen=True, slots=True)
class Tag:
    """Where a question belongs in the matrix."""

    line: int  # of the blueprint, from 0
    levels: tuple[Level, ...]  # one; of a true/false question that of each statement


@dataclass(frozen=True, slots=True)
class Proposed:
    """Everything a proposal holds."""

    file: bytes  # .docx
    keys: Mapping[int, str] = field(default_factory=dict)  # place of the question, from 1 → stated key
    tags: Mapping[int, Tag] = field(default_factory=dict)  # place of the question, from 1

    def paper(self) -> Paper:
        """The paper as read, with the stated keys. Raises what `read_paper` does."""
        paper = read_paper(self.file)
        questions = tuple(
            _settled(question, self.keys[place]) if place in self.keys else question
            for place, question in enumerate(paper.questions, 1)
        )
        return replace(paper, questions=questions)


def _settled(question: Question, key: str) -> Question:
    flags: tuple[Flag, ...] = tuple(flag for flag in question.flags if not flag.code.startswith(SETTLED))
    return replace(question, key=key, flags=flags)


def answers_of(paper: Paper) -> AnswerList:
    """The keys of a paper as a separate list, which goes before what its file says."""
    answers = AnswerList()
    for question in paper.questions:
        if question.part and answers.names[-1] != question.part:
            answers.open_part(question.part)
        if question.key:
            answers.add(question.number, question.key, restarts=False)
    return answers


def tagged(paper: Paper, tags: Mapping[int, Tag], blueprint: Blueprint) -> tuple[TaggedItem, ...]:
    """The questions that have a place in the matrix, named by the number they are printed with."""
    found = []
    for place, question in enumerate(paper.questions, 1):
        tag = tags.get(place)
        if tag is not None and tag.line < len(blueprint.lines):
            line = blueprint.lines[tag.line]
            item = TaggedItem(str(question.number), line.topic, line.content, question.type, tag.levels)
            found.append(item)
    return tuple(found)


def checked_key(question: Question, key: str) -> str:
    """A key stated by hand, in the form the paper holds it.

    Raises:
        InvalidInput: `key.outside`, `key.statements`, `key.blank`.
    """
    text = " ".join(key.split())
    if not text:
        raise InvalidInput("key.blank", f"Câu {question.number} chưa có đáp án.")
    if question.type == "choice" and text.upper() not in question.options:
        shown = ", ".join(question.options)
        message = f"Câu {question.number}: “{text}” không phải là một trong các phương án {shown}."
        raise InvalidInput("key.outside", message)
    if question.type == "true_false":
        letters = text.upper().replace("D", "Đ").replace(" ", "")
        if len(letters) != len(question.options) or set(letters) - set("ĐS"):
            message = f"Câu {question.number}: “{text}” phải gồm {len(question.options)} chữ Đ hoặc S."
            raise InvalidInput("key.statements", message)
        return letters
    return text.upper() if question.type == "choice" else text


def levels_needed(question: Question) -> int:
    """How many levels a question carries."""
    return STATEMENTS if question.type == "true_false" else 1


def to_bytes(proposed: Proposed) -> bytes:
    """The proposal as one text, the same for the same proposal."""
    return canonical(
        {
            "format": FORMAT,
            "file": b64encode(proposed.file).decode(),
            "keys": {str(place): key for place, key in proposed.keys.items()},
            "tags": {str(place): [tag.line, list(tag.levels)] for place, tag in proposed.tags.items()},
        }
    )


def from_bytes(content: bytes) -> Proposed:
    """The proposal that `to_bytes` wrote. Raises InvalidInput: `proposed.file`."""
    try:
        return _from_plain(json.loads(content))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput("proposed.file", "Gói đề đề xuất không nguyên vẹn.") from error


def _from_plain(plain: Any) -> Proposed:
    if plain["format"] != FORMAT:
        raise InvalidInput("proposed.file", f"Gói đề đề xuất không ghi dạng {FORMAT}.")
    tags = {
        int(place): Tag(int(line), tuple(map(Level, levels)))
        for place, (line, levels) in plain["tags"].items()
    }
    keys = {int(place): str(key) for place, key in plain["keys"].items()}
    return Proposed(b64decode(plain["file"]), keys, tags)
