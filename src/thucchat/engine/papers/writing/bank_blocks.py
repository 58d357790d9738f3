"""Questions of a bank table laid open: pictures between stem and options, a shared lead printed once."""

from lxml import etree

from thucchat.engine.papers.reading.laid import TRAILING, Laid
from thucchat.engine.papers.reading.names import PPR, TBL, XML_SPACE, Element, P, R, T, local
from thucchat.engine.papers.reading.reader import Reading
from thucchat.engine.papers.reading.render import rendered
from thucchat.engine.papers.writing.cutting import cut_at, split_paragraph

SHOWN = {"t", "drawing", "pict", "object", "oMath", "sym"}
Blocks = tuple[list[Element], list[Element]]  # of the lead, of the question


def open_bank(reading: Reading) -> list[Blocks]:
    """The blocks of each question, put into the body in place of the tables."""
    found = [_blocks(reading, question) for question in reading.laid.questions]
    body = reading.source.body
    for table in reading.source.banks:
        body.remove(table)
    for lead, own in reversed(found):
        body[:0] = lead + own
    return found


def same_lead(reading: Reading, one: Laid, other: Laid) -> bool:
    """Whether two questions begin with the same words before their number."""
    if one.lead is None or other.lead is None:
        return False
    flow = reading.source.flow
    return rendered(flow, *one.lead) == rendered(flow, *other.lead)


def write_number(blocks: list[Element]) -> Element:
    """Open the question with `Câu` and a number, where the table printed none; returns the number's `w:t`."""
    first = blocks[0]
    if first.tag != P:
        first = first.makeelement(P)
        blocks[0].addprevious(first)
        blocks.insert(0, first)
    parts = []
    for text in ("Câu ", "0", ". "):
        run = first.makeelement(R)
        parts.append(etree.SubElement(run, T))
        parts[-1].text = text
        parts[-1].set(XML_SPACE, "preserve")
    place = 0 if first.find(PPR) is None else 1
    first[place:place] = [part.getparent() for part in parts]
    return parts[1]


def _blocks(reading: Reading, question: Laid) -> Blocks:
    row = question.bank_row
    if row is None:
        return [], []
    first_own = _split_after_lead(reading, question)
    first_option = _split_before_options(reading, question)
    text, *pictures = [[each for each in cell if each.tag in {P, TBL}] for cell in row.cells]
    lead = text[: text.index(first_own)] if first_own is not None and first_own in text else []
    own = [block for block in text[len(lead) :] if _shows(block)]
    shown = [block for cell in pictures for block in cell if _shows(block)]
    place = own.index(first_option) if first_option is not None and first_option in own else len(own)
    return [block for block in lead if _shows(block)], own[:place] + shown + own[place:]


def _split_after_lead(reading: Reading, question: Laid) -> Element | None:
    if question.lead is None:
        return None
    flow, place = reading.source.flow, question.lead[1]
    while flow.text[place] in TRAILING:
        place += 1
    return _paragraph_from(reading, place)


def _split_before_options(reading: Reading, question: Laid) -> Element | None:
    """The paragraph that begins with the first option, made where pictures have to stand before it."""
    if not question.options or question.bank_row is None or len(question.bank_row.cells) == 1:
        return None
    return _paragraph_from(reading, question.options[0].mark[0])


def _paragraph_from(reading: Reading, place: int) -> Element | None:
    flow = reading.source.flow
    cut_at(flow, (place,))
    before = flow.piece_at(place - 1)
    paragraph = flow.piece_at(place).paragraph
    if before.kind in {"end", "cell"} or before.paragraph is not paragraph:
        return paragraph
    if before.kind == "break" and before.run is not None and before.node is not None:
        before.run.remove(before.node)  # the new paragraph takes the place of the line break
    return split_paragraph(flow, place)


def _shows(block: Element) -> bool:
    return any(
        local(node) in SHOWN and (local(node) != "t" or (node.text or "").strip()) for node in block.iter()
    )
