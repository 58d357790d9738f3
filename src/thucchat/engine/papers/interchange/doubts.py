"""What is doubtful about a question that came from, or goes to, another program."""

from collections import Counter
from collections.abc import Iterator

from thucchat.engine.papers.model import Flag, Question
from thucchat.engine.papers.reading.checks import STATEMENTS

SHOWN = 80  # characters of a text in a flag


def flag(code: str, message: str, text: str = "") -> Flag:
    """A flag without a page: files of other programs have none."""
    line = " ".join(text.split())
    return Flag(code, message, None, line if len(line) <= SHOWN else line[: SHOWN - 1] + "…")


def letter(place: int) -> str:
    """Letter of an option by its place from 0: A … Z, AA, AB …"""
    first, last = divmod(place, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)


def is_key(question: Question, key: str) -> bool:
    """Whether `key` can answer the question: an option, or Đ or S for each statement; text always can."""
    if question.type == "choice":
        return key in question.options
    if question.type == "true_false":
        return len(key) == len(question.options) and set(key) <= set("ĐS")
    return True


def doubts(question: Question) -> tuple[Flag, ...]:
    """Doubts about options and key, in the words the reader of Word files uses."""
    return tuple(_option_doubts(question)) + tuple(_key_doubts(question))


def _option_doubts(question: Question) -> Iterator[Flag]:
    name, count = f"Câu {question.number}", len(question.options)
    if question.type == "true_false" and count != STATEMENTS:
        yield flag("option.count", f"{name} có {count} ý, cần {STATEMENTS} ý.", question.stem)
    for own, text in question.options.items():
        if not text:
            yield flag("option.empty", f"{name}: phương án {own} để trống.", question.stem)
    counts = Counter(text for text in question.options.values() if text and "[" not in text)
    for text in (text for text, times in counts.items() if times > 1):
        same = ", ".join(own for own, other in question.options.items() if other == text)
        yield flag("option.same", f"{name}: các phương án {same} giống hệt nhau.", text)


def _key_doubts(question: Question) -> Iterator[Flag]:
    if question.key is None and question.type != "essay":
        yield flag(
            "key.missing", f"Câu {question.number} chưa có đáp án; hãy thêm trước khi dùng.", question.stem
        )
