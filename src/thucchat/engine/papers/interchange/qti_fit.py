"""A question brought into the form QTI can carry, with a flag for everything that had to give way."""

import re
from collections.abc import Iterator
from dataclasses import replace

from thucchat.engine.papers.interchange.doubts import flag, is_key, letter
from thucchat.engine.papers.interchange.markup import plain_text
from thucchat.engine.papers.model import OBJECT_TEXT, Flag, Question

LETTER = re.compile(r"[A-Za-z]")
POINTS = re.compile(r"\d{1,4}([.,]\d{1,4})?")


def fitted(question: Question) -> tuple[Question, tuple[Flag, ...]]:
    """The question with tidy texts, letters that are identifiers, and a key that answers it."""
    tidy = replace(
        question,
        stem=plain_text(question.stem),
        options={own: plain_text(text) for own, text in question.options.items()},
        part=plain_text(question.part or "").replace("\n", " ") or None,
        context=plain_text(question.context or "") or None,
        solution=plain_text(question.solution or "") or None,
        key=plain_text(question.key or "") or None,
    )
    sound = _with_letters(_with_kind(tidy))
    flags = tuple(_flags(question, sound))
    key = sound.key if sound.key is not None and is_key(sound, sound.key) else None
    points = (sound.points or "").strip()
    return replace(sound, key=key, points=points if POINTS.fullmatch(points) else None), flags


def _with_kind(question: Question) -> Question:
    if question.type in {"choice", "true_false"}:
        return question if question.options else replace(question, type="essay")
    lines = [question.stem, *(f"{own}) {text}" for own, text in question.options.items())]
    return replace(question, stem="\n".join(filter(None, lines)), options={})


def _with_letters(question: Question) -> Question:
    if all(LETTER.fullmatch(own) for own in question.options):
        return question
    small = question.type == "true_false"
    named = [letter(place) for place in range(len(question.options))]
    new = {own: each.lower() if small else each for own, each in zip(question.options, named, strict=True)}
    key = new.get(question.key or "", question.key) if question.type == "choice" else question.key
    return replace(question, options={new[own]: text for own, text in question.options.items()}, key=key)


def _flags(before: Question, after: Question) -> Iterator[Flag]:
    name = f"Câu {before.number}"
    if before.type != after.type:
        yield flag(
            "option.none", f"{name} không có phương án nào nên được ghi thành câu tự luận.", before.stem
        )
    elif len(before.options) > len(after.options):
        yield flag("option.unused", f"{name}: các ý được ghi nối vào cuối đề bài.", before.stem)
    elif list(before.options) != list(after.options):
        message = (
            f"{name}: phương án {', '.join(before.options)} được ghi lại thành {', '.join(after.options)}."
        )
        yield flag("option.letters", message, before.stem)
    if after.key is not None and not is_key(after, after.key):
        yield flag(
            "key.outside", f"{name}: đáp án “{after.key}” không trả lời được câu nên bị bỏ.", before.stem
        )
    if after.points and not POINTS.fullmatch(after.points.strip()):
        yield flag("points.text", f"{name}: điểm “{after.points}” không phải là số nên bị bỏ.", before.stem)
    if OBJECT_TEXT in "".join((after.stem, after.context or "", *after.options.values())):
        yield flag(
            "equation.mathtype", f"{name} có công thức MathType không chuyển được sang QTI.", before.stem
        )
