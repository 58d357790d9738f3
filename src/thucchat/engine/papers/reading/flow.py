"""The whole document as one string that remembers where each stretch of it stands in the tree.

Paragraphs and rows end with a line feed, cells of a row are set apart by `CELL`, a line break inside a
paragraph is a line feed too, a tab is a tab, and an equation, picture or other object is one `OBJECT`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from thucchat.engine.papers.equations import latex
from thucchat.engine.papers.reading.bank_table import BankRow
from thucchat.engine.papers.reading.legacy_fonts import legacy_kind, to_unicode
from thucchat.engine.papers.reading.looks import PLAIN_LOOK, Look, Styles
from thucchat.engine.papers.reading.names import (
    OFFICE,
    OMATH,
    OMATH_PARA,
    PPR,
    RPR,
    TBL,
    TC,
    TEXT_BOX,
    TR,
    Element,
    P,
    R,
    local,
    w,
)  # fmt: skip
from thucchat.engine.papers.reading.numbering import Numbering

CELL = "\x1f"  # between two cells of a row
OBJECT = "\ufffc"
HEX = re.compile(r"[0-9A-Fa-f]{1,4}")
SYMBOL_FONT = dict(
    zip(
        "abgdezhqiklmnxoprsVtufcywGDQLXPSFYWJj",
        "αβγδεζηθικλμνξοπρσςτυφχψωΓΔΘΛΞΠΣΦΨΩϑϕ",
        strict=True,
    )
) | {
    "\xa3": "≤", "\xb3": "≥", "\xb9": "≠", "\xb1": "±", "\xb4": "×", "\xb0": "°", "\xa5": "∞", "\xae": "→",
    "\xde": "⇒", "\xdb": "⇔", "\xce": "∈", "\xcf": "∉", "\xc8": "∪", "\xc7": "∩", "\xcc": "⊂", "\xc6": "∅",
    "\xd0": "∠", "\xb7": "·", "\xd7": "⋅", "\xab": "↔", "\xac": "←", "\xba": "≡", "\xbb": "≈", "\xd6": "√",
    "\x5e": "⊥", "\x22": "∀", "\x24": "∃", "\xb6": "∂", "\xd1": "∇", "\xa2": "′", "\xb2": "″", "\x2d": "−",
}  # fmt: skip
CHECKS = {"\xfe": "☑", "\xfd": "☒", "\xa8": "☐", "\xfc": "✓", "\xfb": "✗", "\x52": "☑", "\x6f": "☐"}


@dataclass(slots=True)
class Piece:
    """A stretch of the string that comes from one place of the tree."""

    start: int
    text: str  # what stands in the string
    kind: str  # text, break, tab, label, end, cell, equation, ole, picture, other
    look: Look
    paragraph: Element | None
    node: Element | None  # the w:t, w:br, m:oMath …; none for a label, an end or a cell
    run: Element | None = None  # the child of the paragraph that holds the node
    shown: str = ""  # LaTeX of an equation
    raw: str = ""  # text as typed, where a legacy font was turned into Unicode of another length


@dataclass(slots=True)
class Flow:
    """The string, its pieces in order, and where pages and body blocks begin."""

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)  # positions where a new page begins
    blocks: list[tuple[int, Element]] = field(default_factory=list)  # each block of the body, with its start
    bank_rows: list[tuple[BankRow, int, int, int]] = field(default_factory=list)  # start, end of text, end
    fonts: dict[str, int] = field(default_factory=dict)  # legacy font → where it is first met
    fields: list[int] = field(default_factory=list)  # where an EQ field stands
    paged: bool = False  # whether the file says where its pages break

    def piece_at(self, position: int) -> Piece:
        """The piece that holds the character at `position`."""
        return self.pieces[max(bisect_right(self.starts, position) - 1, 0)]

    def between(self, start: int, end: int) -> list[Piece]:
        """All pieces that share a character with [start, end)."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = bisect_right(self.starts, end - 1) if end > start else first
        return [piece for piece in self.pieces[first:last] if piece.start + len(piece.text) > start]

    def page_of(self, position: int) -> int | None:
        """Page on which the character stands, from 1; none if the file never says."""
        return bisect_right(self.pages, position) + 1 if self.paged else None


class FlowWriter:
    """Walks the body once and writes the flow."""

    def __init__(self, styles: Styles, numbering: Numbering, banks: Mapping[Element, list[BankRow]]) -> None:
        self._styles = styles
        self._numbering = numbering
        self._banks = banks  # of these tables only the question cells are read
        self._flow = Flow()
        self._parts: list[str] = []
        self._length = 0

    def write(self, body: Element) -> Flow:
        """The flow of all blocks in `body`."""
        for block in body:
            self._flow.blocks.append((self._length, block))
            self._block(block)
        self._flow.text = "".join(self._parts)
        self._flow.starts = [piece.start for piece in self._flow.pieces]
        return self._flow

    def _block(self, block: Element) -> None:
        if block.tag == P:
            self._paragraph(block)
        elif block.tag == TBL:
            self._table(block)

    def _table(self, table: Element) -> None:
        if table in self._banks:
            for bank_row in self._banks[table]:
                self._bank_row(bank_row)
            return
        for row in table.iter(TR):
            if next(row.iterancestors(TBL)) is table:
                self._row(row)

    def _bank_row(self, bank_row: BankRow) -> None:
        start = self._length
        self._cell(bank_row.cells[0])
        text_end = self._length
        for cell in bank_row.cells[1:]:
            self._cell(cell)
        self._flow.bank_rows.append((bank_row, start, text_end, self._length))

    def _row(self, row: Element) -> None:
        cells = row.findall(TC)
        for place, cell in enumerate(cells):
            self._cell(cell)
            if place < len(cells) - 1 and self._parts and self._parts[-1] == "\n":
                self._turn_last_end_into(CELL)

    def _turn_last_end_into(self, sign: str) -> None:
        self._parts[-1] = sign
        last = self._flow.pieces[-1]
        last.text, last.kind = sign, "cell"

    def _cell(self, cell: Element) -> None:
        for block in cell:
            self._block(block)

    def _paragraph(self, paragraph: Element) -> None:
        base = self._styles.of_paragraph(paragraph)
        label = self._numbering.label(paragraph)
        if label.strip():
            mark = self._styles.of_properties(paragraph.find(f"{PPR}/{RPR}"), base)
            self._add(Piece(self._length, label + " ", "label", mark, paragraph, None))
        boxes: list[Element] = []
        for child in paragraph:
            self._inline(child, base, boxes)
        self._add(Piece(self._length, "\n", "end", PLAIN_LOOK, paragraph, None))
        for box in boxes:
            self._cell(box)

    def _inline(self, child: Element, base: Look, boxes: list[Element]) -> None:
        if child.tag == R:
            self._run(child, base, boxes)
        elif child.tag in {OMATH, OMATH_PARA}:
            self._equation(child)
        elif child.tag == w("fldSimple"):
            for inner in child:
                self._inline(inner, base, boxes)

    def _equation(self, element: Element) -> None:
        paragraph = element.getparent()
        piece = Piece(
            self._length, OBJECT, "equation", PLAIN_LOOK, paragraph, element, element, latex(element)
        )
        self._add(piece)

    def _run(self, run: Element, base: Look, boxes: list[Element]) -> None:
        look = self._styles.of_properties(run.find(RPR), base)
        if look.hidden:
            return
        for node in run:
            self._node(node, run, look, boxes)

    def _node(self, node: Element, run: Element, look: Look, boxes: list[Element]) -> None:
        tag = local(node)
        if tag == "t":
            self._text(node, run, look)
        elif tag in SIGNS:
            self._break(node, run, look)
        elif tag == "lastRenderedPageBreak":
            self._new_page()
        elif tag == "sym":
            self._put(symbol(node), "text", look, node, run)
        elif tag == "instrText" and (node.text or "").strip().upper().startswith("EQ "):
            self._flow.fields.append(self._length)
            self._put(OBJECT, "other", look, node, run)
        elif tag in {"drawing", "pict", "object", "AlternateContent"}:
            self._object(node, run, look, boxes)

    def _break(self, node: Element, run: Element, look: Look) -> None:
        sign = SIGNS[local(node)]
        if local(node) == "br" and node.get(w("type")) == "page":
            self._new_page()
        kind = "tab" if sign == "\t" else "break" if sign == "\n" else "text"
        self._put(sign, kind, look, node, run)

    def _new_page(self) -> None:
        self._flow.paged = True
        self._flow.pages.append(self._length)

    def _text(self, node: Element, run: Element, look: Look) -> None:
        typed = node.text or ""
        if legacy_kind(look.font):
            self._flow.fonts.setdefault(look.font, self._length)
        read = unicodedata.normalize("NFC", to_unicode(typed, look.font))
        if look.font == "Symbol":
            read = "".join(_from_symbol_font(sign) for sign in typed)
        self._put(read, "text", look, node, run, raw="" if len(read) == len(typed) else typed)

    def _object(self, node: Element, run: Element, look: Look, boxes: list[Element]) -> None:
        found = list(node.iter(TEXT_BOX))
        if found:
            boxes.extend(
                box for box in found if not any(outer in found for outer in box.iterancestors(TEXT_BOX))
            )
            return
        programs = [ole.get("ProgID", "") for ole in node.iter(f"{{{OFFICE}}}OLEObject")]
        is_equation = any(name.startswith(("Equation", "MathType")) or not name for name in programs)
        self._put(OBJECT, "ole" if is_equation else "picture", look, node, run)

    def _put(self, text: str, kind: str, look: Look, node: Element, run: Element, raw: str = "") -> None:  # noqa: PLR0917  # one call per kind of node, all of it needed
        if text:
            self._add(Piece(self._length, text, kind, look, run.getparent(), node, run, raw=raw))

    def _add(self, piece: Piece) -> None:
        self._flow.pieces.append(piece)
        self._parts.append(piece.text)
        self._length += len(piece.text)


SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}


def symbol(node: Element) -> str:
    typed = node.get(w("char"), "")
    code = int(typed, 16) if HEX.fullmatch(typed) else ord("?")
    sign = chr(code - 0xF000 if 0xF000 <= code <= 0xF0FF else code)
    font = node.get(w("font"), "")
    if font.startswith("Wingdings"):
        return CHECKS.get(sign, "•")
    return SYMBOL_FONT.get(sign, sign) if font == "Symbol" else sign


def _from_symbol_font(sign: str) -> str:
    # Word stores letters of symbol fonts either plainly or moved into the private area.
    plain = chr(ord(sign) - 0xF000) if 0xF000 <= ord(sign) <= 0xF0FF else sign
    return SYMBOL_FONT.get(plain, plain)
