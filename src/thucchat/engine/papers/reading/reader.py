"""A Word paper read: questions with options and keys, every doubt flagged with its page and text."""

import re
from dataclasses import dataclass

from thucchat.engine.papers.model import Paper, Question
from thucchat.engine.papers.reading.answers import AnswerList, read_answers
from thucchat.engine.papers.reading.checks import flags_of_file, flags_of_numbers, flags_of_question
from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.key_files import answer_blocks
from thucchat.engine.papers.reading.keys import keys_of
from thucchat.engine.papers.reading.laid import Laid, LaidPaper
from thucchat.engine.papers.reading.layout import lay_out
from thucchat.engine.papers.reading.names import Element
from thucchat.engine.papers.reading.package import Package
from thucchat.engine.papers.reading.render import rendered
from thucchat.engine.papers.reading.sources import Source, open_source

CODE = re.compile(r"Mã\s*đề(?:\s*thi)?\s*[:.]?\s*(\d{2,4})", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """A paper with the tree it was read from, for those who write variants of it."""

    source: Source
    laid: LaidPaper
    paper: Paper


def read_paper(content: bytes, key: AnswerList | None = None) -> Paper:
    """Read a .docx.

    `key` holds answers from a separate file; they take precedence over those in the paper.
    Raises:
        InvalidInput: what `open_source` refuses, and `paper.no_questions`.
    """
    return read_source(open_source(content), key).paper


def read_source(source: Source, key: AnswerList | None = None) -> Reading:
    """Read an opened file, keeping where everything stands."""
    flow = source.flow
    laid = lay_out(flow)
    written = _answers_inside(source, laid)
    keys = keys_of(flow, laid, written, key)
    for question, doubts in zip(laid.questions, flags_of_numbers(flow, laid.questions), strict=True):
        question.flags.extend(doubts)
    questions = [
        _question(source, question, chosen) for question, chosen in zip(laid.questions, keys, strict=True)
    ]
    flags = flags_of_file(source, laid)
    paper = Paper(
        tuple(questions), tuple(flags), _heading(flow, laid), _count(flow, "equation"), _count(flow, "ole"),
        tuple(flow.fonts),
    )  # fmt: skip
    return Reading(source, laid, paper)


def paper_code(flow: Flow) -> str | None:
    """The code printed on the paper itself."""
    found = CODE.search(flow.text)
    return found[1] if found else None


def _answers_inside(source: Source, laid: LaidPaper) -> AnswerList:
    start = laid.outline.answers
    if start is None:
        return AnswerList()
    return read_answers(answer_blocks(source.flow, start), paper_code(source.flow))


def _question(source: Source, laid: Laid, key: str | None) -> Question:
    flow = source.flow
    return Question(
        number=laid.number,
        stem=_stem(flow, laid),
        options={option.letter: rendered(flow, option.start, option.end) for option in laid.options},
        key=key,
        type=laid.kind,
        part=laid.section.name if laid.section else None,
        flags=tuple(flags_of_question(flow, laid)),
        context=rendered(flow, laid.context.start, laid.context.end) if laid.context else None,
        group=laid.group,
        points=laid.points,
        page=flow.page_of(laid.start),
        solution=_solution(flow, laid),
        images=_images(source.package, flow, laid),
    )


def _stem(flow: Flow, laid: Laid) -> str:
    own = rendered(flow, *laid.stem)
    lead = rendered(flow, *laid.lead) if laid.lead else ""
    return "\n".join(filter(None, (lead, own)))


def _solution(flow: Flow, laid: Laid) -> str | None:
    if laid.bank_row is not None:
        return laid.bank_row.solution or None
    return rendered(flow, *laid.solution) or None if laid.solution else None


def _images(package: Package, flow: Flow, laid: Laid) -> tuple[str, ...]:
    nodes = [piece.node for piece in flow.between(laid.start, laid.end) if piece.kind == "picture"]
    names = [name for node in nodes if node is not None for name in _targets(package, node)]
    return tuple(dict.fromkeys(names))


def _targets(package: Package, node: Element) -> list[str]:
    ids = [value for element in node.iter() for value in element.attrib.values()]
    return [package.relations[each].target for each in ids if each in package.relations]


def _heading(flow: Flow, laid: LaidPaper) -> str:
    first = min((question.start for question in laid.questions), default=0)
    parts = [section.start for section in laid.outline.sections if section.start < first]
    return rendered(flow, 0, min([first, *parts]))


def _count(flow: Flow, kind: str) -> int:
    return sum(piece.kind == kind for piece in flow.pieces)
