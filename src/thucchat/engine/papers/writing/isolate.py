"""Takes a paper that was read apart into stretches, units and items, each with blocks of its own."""

from itertools import groupby

from thucchat.engine.errors import NoResult
from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.laid import Laid
from thucchat.engine.papers.reading.names import PPR, SECT, TBL, TEXT_BOX, TR, Element, P, w
from thucchat.engine.papers.reading.reader import Reading
from thucchat.engine.papers.writing.bank_blocks import open_bank, same_lead, write_number
from thucchat.engine.papers.writing.canonical import Canonical, Item, Stretch, Unit
from thucchat.engine.papers.writing.cleaning import clean
from thucchat.engine.papers.writing.cutting import cut_at, split_paragraph
from thucchat.engine.papers.writing.numbers import code_nodes, number_nodes, printed_numbers, references
from thucchat.engine.papers.writing.slots import slots_of, why_fixed


def canonical_of(reading: Reading) -> Canonical:
    """The paper ready for shuffling. Changes the tree that `reading` holds.

    Raises:
        NoResult: `variants.no_questions`, `variants.layout` where two questions cannot be set apart.
    """
    questions = reading.laid.questions
    if not questions:
        raise NoResult("variants.no_questions", "Không thấy câu hỏi nào nên không trộn được đề.")
    clean(reading)
    _cut_everywhere(reading)
    if reading.source.flow.bank_rows:
        return _of_bank(reading)
    return _assemble(reading, _isolate(reading))


def _of_bank(reading: Reading) -> Canonical:
    questions = reading.laid.questions
    canonical = Canonical([], [], code_nodes(reading), printed_numbers(questions))
    opened = open_bank(reading)
    owned = {id(block) for lead, own in opened for block in (*lead, *own)}
    others = [block for block in reading.source.body if id(block) not in owned]
    units: list[Unit] = []
    for place, (lead, own) in enumerate(opened):
        digits = [write_number(own)] if own and questions[place].digits is None else None
        item = _item(reading, place, own)
        item.digits = digits or item.digits
        if place and units[-1].lead and same_lead(reading, questions[place - 1], questions[place]):
            units[-1].items.append(item)
        else:
            units.append(Unit([item], lead))
    # A question without lead, printed behind a passage, would seem to belong to it: the two do not mix.
    canonical.stretches += [Stretch([], list(run)) for _, run in groupby(units, lambda unit: bool(unit.lead))]
    firsts = {id(unit.items[0].question): unit for unit in units}
    for laid, question in zip(questions, reading.paper.questions, strict=True):
        if id(question) in firsts and laid.lead:
            unit = firsts[id(question)]
            unit.references, unit.ordered = references(reading.source.flow, laid.lead, unit)
    canonical.tail += [block for block in others if block.tag == SECT]
    return canonical


def _cut_everywhere(reading: Reading) -> None:
    places: list[int] = []
    for question in reading.laid.questions:
        places += [question.start, *question.stem, *(question.digits or ())]
        for option in question.options:
            places += [*option.mark, option.start, option.end]
    places += reading.laid.outline.fixed_starts
    cut_at(reading.source.flow, places)


def _isolate(reading: Reading) -> dict[int, list[Element]]:
    """Give every beginning a block of its own; returns the blocks from each beginning to the next."""
    flow, body, outline = reading.source.flow, reading.source.body, reading.laid.outline
    places = [question.start for question in reading.laid.questions]
    places += outline.fixed_starts
    places = sorted({*places, outline.end} - {len(flow.text)})
    firsts = {place: block for place in places if (block := _block_at(flow, body, place)) is not None}
    for place in places:
        if place not in firsts and place != outline.end:
            raise NoResult(
                "variants.layout",
                "Không tách được các câu nằm chung một ô hoặc khung; hãy đặt mỗi câu thành đoạn riêng.",
            )
    order = sorted(firsts, key=lambda place: (body.index(firsts[place]), place))
    blocks = list(body)
    bounds = [body.index(firsts[place]) for place in order] + [len(blocks)]
    return {place: blocks[bounds[turn] : bounds[turn + 1]] for turn, place in enumerate(order)}


def _block_at(flow: Flow, body: Element, place: int) -> Element | None:
    """The block of the body that begins with the character at `place`, made by splitting where needed."""
    paragraph = flow.piece_at(place).paragraph
    block = _top(paragraph, body)
    if paragraph is None or block is None:
        return None
    for _ in range(8):  # every turn goes one container up: a cell in a table in a cell …
        if not _text_before(flow, block, place):
            return block
        if block is paragraph:
            return split_paragraph(flow, place)
        block = _split_container(flow, body, block, place)
        if block is None:
            return None
    return None


def _top(element: Element | None, body: Element) -> Element | None:
    while element is not None and element.getparent() is not body:
        element = element.getparent()
    return element


def _text_before(flow: Flow, block: Element, place: int) -> bool:
    """Whether the block shows anything before `place`."""
    index = flow.pieces.index(flow.piece_at(place)) - 1
    while index >= 0:
        piece = flow.pieces[index]
        inside = piece.paragraph is not None and (
            piece.paragraph is block or block in piece.paragraph.iterancestors()
        )
        if not inside:
            return False
        if piece.text.strip() and piece.kind not in {"end", "cell"} and _still_there(piece.run):
            return True
        index -= 1
    return False


def _still_there(run: Element | None) -> bool:
    return run is None or run.getparent() is not None


def _split_container(flow: Flow, body: Element, block: Element, place: int) -> Element | None:
    """Split a table before the row that begins at `place`, or lay open the table or box around it."""
    paragraph = flow.piece_at(place).paragraph
    if block.tag == TBL:
        row = _row_of(paragraph, block)
        if row is not None and not _text_before(flow, row, place):
            return _split_table(block, row)
        return _lay_open(body, block, paragraph)
    return _lay_open_box(body, block, paragraph)


def _row_of(paragraph: Element | None, table: Element) -> Element | None:
    rows = (
        []
        if paragraph is None
        else [each for each in paragraph.iterancestors(TR) if each.getparent() is table]
    )
    return rows[0] if rows else None


def _split_table(table: Element, row: Element) -> Element:
    second = table.makeelement(TBL)
    for child in table:
        if child.tag in {w("tblPr"), w("tblGrid")}:
            second.append(_copy(child))
    second.extend(list(table[table.index(row) :]))
    table.addnext(second)
    return second


def _copy(element: Element) -> Element:
    return element.__deepcopy__({})


def _lay_open(body: Element, table: Element, paragraph: Element | None) -> Element | None:
    """Put what the cells hold into the body, one after the other, in place of the table."""
    inside = [child for cell in table.iter(w("tc")) if _nearest(cell) is table for child in cell]
    inside = [child for child in inside if child.tag in {P, TBL}]
    position = body.index(table)
    body.remove(table)
    for child in reversed(inside):
        body.insert(position, child)
    return _top(paragraph, body)


def _nearest(cell: Element) -> Element:
    return next(cell.iterancestors(TBL))


def _lay_open_box(body: Element, block: Element, paragraph: Element | None) -> Element | None:
    """Put what a text box holds behind the paragraph it hangs on."""
    box = next(paragraph.iterancestors(TEXT_BOX), None) if paragraph is not None else None
    if box is None:
        return None
    position = body.index(block) + 1
    for child in reversed([each for each in box if each.tag in {P, TBL}]):
        body.insert(position, child)
    holder = next(each for each in box.iterancestors(w("r")))
    holder.getparent().remove(holder)
    return _top(paragraph, body)


def _assemble(reading: Reading, blocks: dict[int, list[Element]]) -> Canonical:
    canonical = Canonical([], [], code_nodes(reading), printed_numbers(reading.laid.questions))
    owned = {id(block) for group in blocks.values() for block in group}
    head = [block for block in reading.source.body if id(block) not in owned]
    ending = [block for block in head if block.tag == SECT]
    _fill(reading, canonical, blocks, [block for block in head if block.tag != SECT])
    canonical.tail += ending
    return canonical


def _fill(
    reading: Reading, canonical: Canonical, blocks: dict[int, list[Element]], head: list[Element]
) -> None:
    outline = reading.laid.outline
    by_start = {question.start: place for place, question in enumerate(reading.laid.questions)}
    contexts = {context.start: turn for turn, context in enumerate(outline.contexts, 1)}
    waiting, unit, group = head, None, None
    for place in sorted(blocks):
        own, fixed = _without_sections(blocks[place])
        if place in contexts:
            unit, group = Unit([], own), contexts[place]
        elif place in by_start:
            turn = by_start[place]
            item = _item(reading, turn, own)
            if unit is None or reading.laid.questions[turn].group != group:
                unit, group = Unit([]), reading.laid.questions[turn].group
            if not unit.items:
                waiting = _open_stretch(canonical, waiting)
                canonical.stretches[-1].units.append(unit)
            unit.items.append(item)
            unit = unit if group is not None else None
        elif place == outline.end:
            canonical.tail += own
        else:
            waiting, unit, group = waiting + own, None, None
        waiting = waiting + fixed
    canonical.tail = [*waiting, *canonical.tail]
    turns = {id(item): place for place, item in enumerate(canonical.items)}
    for made in [unit for stretch in canonical.stretches for unit in stretch.units if unit.lead]:
        context = reading.laid.questions[turns[id(made.items[0])]].context
        span = (context.start, context.end) if context else (0, 0)
        made.references, made.ordered = references(reading.source.flow, span, made)


def _open_stretch(canonical: Canonical, waiting: list[Element]) -> list[Element]:
    """Blocks that stay in place close the stretch before them."""
    if waiting or not canonical.stretches:
        canonical.stretches.append(Stretch(waiting, []))
    return []


def _without_sections(blocks: list[Element]) -> tuple[list[Element], list[Element]]:
    """The blocks, and apart from them what ends a page section: that stays where it is."""
    fixed = []
    for block in blocks:
        section = block.find(f"{PPR}/{SECT}") if block.tag == P else None
        if section is not None:
            holder = block.makeelement(P)
            properties = block.makeelement(PPR)
            properties.append(section)
            holder.append(properties)
            fixed.append(holder)
    own = [block for block in blocks if block.tag != SECT]
    return own, fixed + [block for block in blocks if block.tag == SECT]


def _item(reading: Reading, place: int, blocks: list[Element]) -> Item:
    laid: Laid = reading.laid.questions[place]
    question = reading.paper.questions[place]
    slots = slots_of(reading.source.flow, laid)
    first = next((block for block in blocks if block.tag == P), None)
    numbered = (
        first.find(f"{PPR}/{w('numPr')}") if first is not None and not number_nodes(reading, laid) else None
    )
    return Item(question, blocks, number_nodes(reading, laid), numbered, slots, why_fixed(question, slots))
