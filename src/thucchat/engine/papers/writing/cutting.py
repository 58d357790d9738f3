"""Cuts in the document tree at positions of its flow, so that any stretch is a row of whole runs.

The flow's string and positions stay what they were; only its pieces are divided along.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from thucchat.engine.papers.reading.flow import Flow, Piece
from thucchat.engine.papers.reading.legacy_fonts import to_unicode
from thucchat.engine.papers.reading.names import PPR, RPR, SECT, XML_SPACE, Element, P, R, w


def cut_at(flow: Flow, positions: Iterable[int]) -> None:
    """Make every position a boundary between two runs (or between a run and another element)."""
    for position in sorted(set(positions)):
        piece = flow.piece_at(position) if position < len(flow.text) else None
        if piece is None or piece.run is None or piece.node is None:
            continue
        if position > piece.start:
            _divide_text(flow, piece, position)
        else:
            _divide_run(flow, piece)


def _divide_text(flow: Flow, piece: Piece, position: int) -> None:
    """Two runs out of one, inside a `w:t`."""
    offset = position - piece.start
    if piece.kind != "text" or piece.node is None or piece.node.tag != w("t"):
        return
    typed = piece.node.text or ""
    split = _typed_offset(typed, piece, offset)
    second = deepcopy(piece.node)
    piece.node.text, second.text = typed[:split], typed[split:]
    for node in (piece.node, second):
        node.set(XML_SPACE, "preserve")
    piece.node.addnext(second)
    after = replace(piece, start=position, text=piece.text[offset:], node=second)
    piece.text = piece.text[:offset]
    place = bisect_left(flow.starts, position)
    flow.pieces.insert(place, after)
    flow.starts.insert(place, position)
    _divide_run(flow, after)


def _typed_offset(typed: str, piece: Piece, offset: int) -> int:
    """Offset in the text as typed that belongs to an offset in the text as read."""
    if len(typed) == len(piece.text):
        return offset
    for place in range(len(typed) + 1):
        if len(unicodedata.normalize("NFC", to_unicode(typed[:place], piece.look.font))) >= offset:
            return place + _marks_after(typed, place)
    return len(typed)


def _marks_after(typed: str, place: int) -> int:
    count = 0
    while place + count < len(typed) and unicodedata.combining(typed[place + count]):
        count += 1
    return count


def _divide_run(flow: Flow, piece: Piece) -> None:
    """Two runs out of one, before the node of `piece`."""
    run, node = piece.run, piece.node
    if run is None or node is None or run.tag != R or node is run:
        return
    place = run.index(node)
    before = [child for child in run[:place] if child.tag != RPR]
    if not before:
        return
    second = run.makeelement(R, run.attrib)
    properties = run.find(RPR)
    if properties is not None:
        second.append(deepcopy(properties))
    moved = list(run[place:])
    second.extend(moved)
    run.addnext(second)
    _repoint(flow, piece, run, second)


def _repoint(flow: Flow, piece: Piece, old: Element, new: Element) -> None:
    place = bisect_left(flow.starts, piece.start)
    while place < len(flow.pieces) and flow.pieces[place].run is old:
        flow.pieces[place].run = new
        place += 1


def split_paragraph(flow: Flow, position: int) -> Element | None:
    """Begin a new paragraph at `position`, which must be a boundary of runs; returns the new paragraph."""
    piece = flow.piece_at(position)
    paragraph, run = piece.paragraph, piece.run
    if paragraph is None or run is None or run.getparent() is not paragraph:
        return None
    second = paragraph.makeelement(P)
    properties = paragraph.find(PPR)
    if properties is not None:
        second.append(_without_number(deepcopy(properties)))
        section = properties.find(SECT)
        if section is not None:
            properties.remove(section)
    moved = list(paragraph[paragraph.index(run) :])
    second.extend(moved)
    paragraph.addnext(second)
    place = bisect_left(flow.starts, piece.start)
    while place < len(flow.pieces) and flow.pieces[place].paragraph is paragraph:
        flow.pieces[place].paragraph = second
        place += 1
    return second


def _without_number(properties: Element) -> Element:
    numbered = properties.find(w("numPr"))
    if numbered is not None:
        properties.remove(numbered)
    return properties


def remove_stretch(flow: Flow, start: int, end: int) -> None:
    """Take away what is printed in [start, end), and paragraphs that are empty afterwards."""
    cut_at(flow, (start, end))
    touched: list[Element] = []
    for piece in flow.between(start, end):
        if piece.paragraph is not None and not any(piece.paragraph is each for each in touched):
            touched.append(piece.paragraph)
        if piece.run is not None and piece.run.getparent() is not None:
            piece.run.getparent().remove(piece.run)
    for paragraph in touched:
        _remove_if_empty(paragraph)


def _remove_if_empty(paragraph: Element) -> None:
    parent = paragraph.getparent()
    holds_section = paragraph.find(f"{PPR}/{SECT}") is not None
    shows = any(
        child.tag != PPR and not child.tag.endswith(("bookmarkStart", "bookmarkEnd")) for child in paragraph
    )
    if parent is not None and not shows and not holds_section and not _is_last_of_cell(paragraph, parent):
        parent.remove(paragraph)


def _is_last_of_cell(paragraph: Element, parent: Element) -> bool:
    # A cell and a text box must keep at least one paragraph, and end with one.
    return parent.tag != w("body") and (parent.findall(P) == [paragraph] or parent[-1] is paragraph)
