"""Finds the questions of a paper: in its bank tables, or by the marks that open them."""

import re
from collections.abc import Iterator

from thucchat.engine.papers.reading.division import divide
from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.kinds import decide_kinds
from thucchat.engine.papers.reading.laid import TRAILING, Laid, LaidPaper
from thucchat.engine.papers.reading.options import find_options
from thucchat.engine.papers.reading.structure import NUMBERED, Context, Outline, Start, outline

POINTS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:điểm|đ\b|points?|marks?)", re.IGNORECASE)


def lay_out(flow: Flow) -> LaidPaper:
    """Find the questions of the paper and the parts of each."""
    if flow.bank_rows:
        return LaidPaper(list(_bank_questions(flow)), Outline(end=len(flow.text)))
    found = outline(flow)
    questions = _free_questions(flow, found)
    decide_kinds(flow, questions)
    for question in questions:
        divide(flow, question)
    return LaidPaper(questions, found)


def _bank_questions(flow: Flow) -> Iterator[Laid]:
    for place, (row, start, text_end, end) in enumerate(flow.bank_rows):
        opened = NUMBERED.search(flow.text, start, text_end)
        number = int(opened["number"]) if opened else place + 1
        begin = opened.end() if opened else start
        lead = (
            (start, opened.start()) if opened and flow.text[start : opened.start()].strip(TRAILING) else None
        )
        digits = opened.span("number") if opened else None
        question = Laid(number, start, text_end, (begin, text_end), lead, digits, bank_row=row)
        if row.key is None and len(find_options(flow.text, begin, text_end).marks) < 2:
            question.kind = "essay"
        divide(flow, question)
        question.end = end
        yield question


def _free_questions(flow: Flow, found: Outline) -> list[Laid]:
    starts = [start.start for start in found.starts]
    bounds = sorted({*starts, *found.fixed_starts, found.end, len(flow.text)})
    questions = []
    for start in found.starts:
        end = next(bound for bound in bounds if bound > start.start)
        question = Laid(start.number, start.start, end, (start.end, end), None, start.digits)
        question.section = next(
            (each for each in reversed(found.sections) if each.start <= start.start), None
        )
        points = POINTS.search(start.points)
        question.points = points[1] if points else None
        question.group, question.context = _context_of(found, question, start)
        questions.append(question)
    return questions


def _context_of(found: Outline, question: Laid, start: Start) -> tuple[int | None, Context | None]:
    before = [(place, each) for place, each in enumerate(found.contexts, 1) if each.start < start.start]
    if not before:
        return None, None
    group, context = before[-1]
    cut = question.section is not None and question.section.start > context.start
    if cut or (context.first is not None and not context.first <= start.number <= (context.last or 0)):
        return None, None
    return group, context
