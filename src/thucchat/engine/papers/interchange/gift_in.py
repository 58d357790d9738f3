"""A question bank in Moodle's GIFT text as a paper. Faulty questions are named, the rest is read.

Categories become parts, texts without braces what the questions after them share. Titles are left aside.
"""

import codecs
import re
from collections.abc import Iterator

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.doubts import flag
from thucchat.engine.papers.interchange.draft import BLANK, Draft
from thucchat.engine.papers.interchange.formulas_in import settle_formulas
from thucchat.engine.papers.interchange.gift_syntax import (
    FORMAT,
    GiftFault,
    GiftQuestion,
    blocks,
    restored,
    taken_apart,
)
from thucchat.engine.papers.interchange.markup import auto_root, html_root, plain_root
from thucchat.engine.papers.interchange.moodle_in import category_part
from thucchat.engine.papers.interchange.quiz_shapes import (
    NUMBER,
    WHOLE,
    Answer,
    Contexts,
    decimal_text,
    fill_choice,
    fill_matching,
    fill_short,
    fill_truth,
)
from thucchat.engine.papers.model import Flag, Paper, Question

TRUTH = re.compile(r"(T|TRUE|F|FALSE)\s*(#.*)?", re.IGNORECASE | re.DOTALL)
SIGNED = re.compile(r"([=~])([^=~]*)")
SHARE = re.compile(r"\s*%\s*(-?\d{1,3}(?:[.,]\d+)?)\s*%")
ROOTS = {"html": html_root, "plain": plain_root, "markdown": plain_root, "moodle": auto_root}


def paper_from_gift(content: bytes, name: str = "tệp GIFT") -> Paper:
    """The paper; `name` is what messages call the file. Faults are flags of the paper, with line and text.

    Raises:
        InvalidInput: `gift.encoding` when the file is neither UTF-8 nor UTF-16, `gift.empty`.
    """
    contexts, faults = Contexts(), list[Flag]()
    questions = tuple(_questions(_decoded(content, name), contexts, faults))
    if not questions:
        told = f" {faults[0].message}" if faults else ""
        raise InvalidInput("gift.empty", f"“{name}” không có câu hỏi GIFT nào đọc được.{told}")
    return Paper(questions, (*faults, *contexts.flags))


def _decoded(content: bytes, name: str) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidInput(
            "gift.encoding", f"“{name}” sai bảng mã ở dòng {line}; hãy lưu lại bằng UTF-8."
        ) from error


def _questions(text: str, contexts: Contexts, faults: list[Flag]) -> Iterator[Question]:
    part: str | None = None
    number = 0
    for block in blocks(text):
        if block.category is not None:
            contexts.end()
            part = category_part(block.category)
            continue
        draft = Draft(number + 1, f"dòng {block.line}", part=part)
        try:
            is_question = _fill(draft, taken_apart(block.text))
        except GiftFault as fault:
            message = f"Dòng {block.line}: {fault}; câu này bị bỏ qua."
            faults.append(flag("gift.fault", message, restored(block.text)))
            continue
        if is_question:
            number += 1
            yield contexts.put_on(draft.question())
        else:
            contexts.describe(draft.stem)
    contexts.end()


def _fill(draft: Draft, found: GiftQuestion) -> bool:
    """Fill the draft; whether it is a question and not a description."""
    gap = f" {BLANK} " if found.after.strip() else ""
    draft.stem = _shown(draft, found.before + gap + found.after, found.form)
    if found.answer is None:
        return False
    answer, _, general = found.answer.partition("####")
    _fill_answer(draft, answer.strip(), found.form)
    draft.solve(_shown(draft, general, found.form))
    return True


def _shown(draft: Draft, text: str, form: str) -> str:
    own = FORMAT.match(text)
    root = ROOTS[own[1].lower() if own else form](restored(FORMAT.sub("", text, count=1)))
    settle_formulas([root])
    return draft.text(root)


def _fill_answer(draft: Draft, answer: str, form: str) -> None:
    truth = TRUTH.fullmatch(answer)
    if not answer:
        return  # an essay
    if answer.startswith("#"):
        _fill_number(draft, answer[1:].strip())
    elif truth:
        fill_truth(draft, is_true=truth[1].upper().startswith("T"))
        for feedback in (truth[2] or "").split("#"):
            draft.solve(_shown(draft, feedback, form))
    elif "->" in answer and answer.startswith("=") and "~" not in answer:
        fill_matching(draft, [_pair(draft, text, form) for _, text in _signed(answer)])
    else:
        answers = [_answer(draft, each, form) for each in _signed(answer)]
        if "~" in answer:
            fill_choice(draft, answers, several="=" not in answer)
        else:
            fill_short(draft, answers)


def _signed(text: str) -> list[tuple[str, str]]:
    """Each answer with the sign before it."""
    first = SIGNED.search(text)
    if first is None or text[: first.start()].strip():
        raise GiftFault(f"phần trả lời “{restored(text)[:60]}” phải mở đầu bằng = hoặc ~")
    return [(match[1], match[2]) for match in SIGNED.finditer(text)]


def _answer(draft: Draft, signed: tuple[str, str], form: str) -> Answer:
    share, words = _share(*signed)
    said, _, feedback = words.partition("#")
    return Answer(_shown(draft, said, form), share, _shown(draft, feedback, form))


def _share(sign: str, text: str) -> tuple[float, str]:
    given = SHARE.match(text)
    if given:
        return float(given[1].replace(",", ".")), text[given.end() :]
    return (WHOLE if sign == "=" else 0.0), text


def _pair(draft: Draft, text: str, form: str) -> tuple[str, str]:
    one, arrow, other = text.partition("->")
    if not arrow:
        raise GiftFault(f"cặp ghép “{restored(text)[:60]}” thiếu dấu ->")
    return _shown(draft, one, form), _shown(draft, other, form)


def _fill_number(draft: Draft, text: str) -> None:
    parts = _signed(text) if text.startswith(("=", "~")) else [("=", text)]
    answers = []
    for sign, each in parts:
        share, words = _share(sign, each)
        value, _, feedback = words.partition("#")
        if value.strip() or not feedback:  # a bare feedback belongs to every other answer
            answers.append(Answer(_number(draft, value), share, restored(feedback)))
        else:
            draft.solve(restored(feedback))
    fill_short(draft, answers)


def _number(draft: Draft, text: str) -> str:
    """The number as printed; empty for an interval, which is told in the explanation."""
    value, colon, tolerance = restored(text).partition(":")
    ends = value.split("..")
    if (
        not all(NUMBER.fullmatch(each.strip()) for each in [*ends, *([tolerance] if colon else [])])
        or len(ends) > 2
    ):
        raise GiftFault(f"“{restored(text)[:60]}” không phải là số, số:sai số hay số..số")
    if len(ends) == 2:
        low, high = map(decimal_text, ends)
        draft.doubt("key.range", f"nhận mọi đáp số từ {low} đến {high} nên không có một đáp án", value)
        draft.solve(f"Đáp án trong tệp: từ {low} đến {high}")
        return ""
    if tolerance.strip("0., "):
        draft.doubt(
            "key.tolerance", f"nhận đáp số lệch tới {decimal_text(tolerance)}, không được giữ", tolerance
        )
    return decimal_text(value)
