"""Where a paper prints what changes with the variant: numbers of questions, in shared stems too, the code."""

import itertools
import re
from collections.abc import Sequence

from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.laid import Laid
from thucchat.engine.papers.reading.names import XML_SPACE, Element, T
from thucchat.engine.papers.reading.reader import Reading
from thucchat.engine.papers.reading.structure import NUMBERS
from thucchat.engine.papers.writing.canonical import Reference, Unit
from thucchat.engine.papers.writing.cutting import cut_at

CODE_PLACE = re.compile(r"(?:Mã\s*đề(?:\s*thi)?|Đề\s*số)\s*[:.]?\s*(\d{1,4}|[.…_]{2,})", re.IGNORECASE)
FIRST, LAST = -1, -2  # a reference to the lowest and the highest number of the unit
BLANK_NUMBER = re.compile(r"[(\[]\s*(\d{1,3})\s*[)\]]")


def number_nodes(reading: Reading, laid: Laid) -> list[Element]:
    """The `w:t` elements that hold just the number of a question."""
    return text_nodes(reading.source.flow, *laid.digits) if laid.digits else []


def text_nodes(flow: Flow, start: int, end: int) -> list[Element]:
    """The `w:t` elements of a stretch whose ends are boundaries of runs."""
    pieces = flow.between(start, end)
    return [
        piece.node
        for piece in pieces
        if piece.kind == "text" and piece.node is not None and piece.node.tag == T
    ]


def set_text(nodes: Sequence[Element], text: str) -> None:
    """Write `text` into the first of the nodes and empty the others."""
    for place, node in enumerate(nodes):
        node.text = text if place == 0 else ""
        node.set(XML_SPACE, "preserve")


def printed_numbers(questions: Sequence[Laid]) -> list[int]:
    """The number of each position: as printed where that counts on without a slip, else from 1 a part."""
    numbers, count = [], 0
    before: Laid | None = None
    for question in questions:
        starts_again = before is not None and question.section is not before.section and question.number == 1
        count = 1 if starts_again else count + 1
        if before is None and question.number > 1 and _counts_on(questions):
            count = question.number
        numbers.append(count)
        before = question
    return numbers


def _counts_on(questions: Sequence[Laid]) -> bool:
    return all(after.number == question.number + 1 for question, after in itertools.pairwise(questions))


def code_nodes(reading: Reading) -> list[Element]:
    """Where the body prints the paper's code; empty where it does not."""
    flow = reading.source.flow
    match = CODE_PLACE.search(flow.text)
    if match is None:
        return []
    cut_at(flow, match.span(1))
    return text_nodes(flow, *match.span(1))


def references(flow: Flow, span: tuple[int, int], unit: Unit) -> tuple[list[Reference], bool]:
    """Numbers in a shared stem that name its questions, and whether it counts them one by one."""
    numbers = {item.question.number for item in unit.items}
    spans = [(match.span(1), int(match[1])) for match in BLANK_NUMBER.finditer(flow.text, *span)]
    counted = [(place, number) for place, number in spans if number in numbers]
    ranged = NUMBERS.search(flow.text, *span)
    if ranged and {int(ranged[1]), int(ranged[2])} <= numbers:
        counted += [(ranged.span(1), FIRST), (ranged.span(2), LAST)]
    cut_at(flow, [place for ends, _ in counted for place in ends])
    found = [Reference(node, number) for ends, number in counted for node in text_nodes(flow, *ends)[:1]]
    return found, sum(reference.number > 0 for reference in found) >= 2
