"""True/false statements that carry their own answer: in brackets at the end, or as a cross in a column."""

import re

from thucchat.engine.papers.reading.flow import CELL, Flow
from thucchat.engine.papers.reading.laid import Laid, Option, trimmed

AT_END = re.compile(
    r"\s*[\[(]\s*(Đúng|Sai|ĐÚNG|SAI|đúng|sai|Đ|S|T|F)\s*[\])]\s*\.?$|\s+[-–→:]\s*(Đúng|Sai|ĐÚNG|SAI)\s*\.?$"
)
CROSS = re.compile(r"\s*[xX✓✔☑×vV]\s*")


def truth_of_statements(flow: Flow, question: Laid) -> str | None:
    """Đ or S per statement where every statement says so itself; what says so is cut from its text."""
    if not question.options:
        return None
    found = [_in_columns(flow, option) or _at_end(flow, option) for option in question.options]
    truths = [truth for truth in found if truth is not None]
    for option in question.options:
        _cut_empty_columns(flow, option)
    if len(truths) != len(found):
        return None
    for option, (_, end) in zip(question.options, truths, strict=True):
        option.start, option.end = trimmed(flow.text, option.start, min(end, option.end))
    return "".join(sign for sign, _ in truths)


def _in_columns(flow: Flow, option: Option) -> tuple[str, int] | None:
    """A cross in one of two cells behind the statement: the first is true."""
    cells = flow.text[option.start : _end_of_row(flow.text, option)].split(CELL)
    if len(cells) != 3:
        return None
    crossed = [CROSS.fullmatch(cell) is not None for cell in cells[1:]]
    if sum(crossed) != 1:
        return None
    return ("Đ" if crossed[0] else "S"), option.start + len(cells[0])


def _end_of_row(text: str, option: Option) -> int:
    end = text.find("\n", option.start)
    return len(text) if end < 0 else end


def _at_end(flow: Flow, option: Option) -> tuple[str, int] | None:
    match = AT_END.search(flow.text[option.start : option.end])
    if match is None:
        return None
    word = (match[1] or match[2]).lower()
    return ("Đ" if word[0] in "đt" else "S"), option.start + match.start()


def _cut_empty_columns(flow: Flow, option: Option) -> None:
    """Columns for the candidate's own crosses are no part of the statement."""
    text = flow.text[option.start : option.end]
    if CELL in text:
        first, _, rest = text.partition(CELL)
        if not rest.replace(CELL, "").strip() or CROSS.fullmatch(rest.replace(CELL, "").strip()):
            option.end = option.start + len(first)
