"""A Word paper as Typst source: paragraphs, tabs, tables, pictures and equations, in the order of the page.

Text travels as string literals, so nothing in it can be markup. Lengths are in points.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from thucchat.engine.papers.equations import latex
from thucchat.engine.papers.model import OBJECT_TEXT
from thucchat.engine.papers.reading.flow import SIGNS, symbol
from thucchat.engine.papers.reading.legacy_fonts import to_unicode
from thucchat.engine.papers.reading.looks import Look, Styles
from thucchat.engine.papers.reading.names import (
    OFFICE,
    OMATH,
    OMATH_PARA,
    PPR,
    RELATION,
    RPR,
    TBL,
    TC,
    TEXT_BOX,
    TR,
    VAL,
    VML,
    Element,
    P,
    R,
    local,
    w,
    whole,
)  # fmt: skip
from thucchat.engine.papers.reading.numbering import Numbering
from thucchat.engine.papers.reading.reader import paper_code
from thucchat.engine.papers.reading.sources import Source, related_part

EMU = 12700  # per point
DRAWABLE = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
TYPED_FORMULA = re.compile(r"\$([^$\n]{1,400})\$")
ALIGNMENTS = {"center": "center", "right": "right", "end": "right"}
STYLE_SIZE = re.compile(r"(width|height):([\d.]+)pt")
MOST_COLUMNS = 63  # of a table in Word
TEXT_WIDTH = 480  # of an A4 page with the usual margins
BREAK = "#linebreak();"
OBJECTS = {"drawing", "pict", "object", "AlternateContent"}


@dataclass(slots=True)
class TypstPaper:
    """Source with `@@n@@` where formula n goes, and the pictures it names."""

    source: str
    formulas: list[str]  # LaTeX, in the order of their numbers
    pictures: dict[str, bytes] = field(default_factory=dict)  # file name → content
    opaque: int = 0  # objects that Typst cannot draw


class _Writer:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._styles = Styles(related_part(source.package, "styles"))
        self._numbering = Numbering(related_part(source.package, "numbering"), self._styles)
        self._formulas: dict[str, int] = {}
        self._pictures: dict[str, bytes] = {}
        self._opaque = 0

    def write(self) -> TypstPaper:
        blocks = [self._block(block) for block in self._source.body]
        source = _preamble(paper_code(self._source.flow)) + "\n".join(filter(None, blocks))
        return TypstPaper(source, list(self._formulas), self._pictures, self._opaque)

    def _block(self, block: Element) -> str:
        if block.tag == P:
            return self._paragraph(block)
        return self._table(block) if block.tag == TBL else ""

    def _paragraph(self, paragraph: Element) -> str:
        base = self._styles.of_paragraph(paragraph)
        boxes: list[Element] = []
        label = self._numbering.label(paragraph)
        parts = [_styled(label + " ", self._label_look(paragraph, base))] if label.strip() else []
        parts += [part for child in paragraph for part in self._inline(child, base, boxes)]
        inside = "".join(self._block(block) for box in boxes for block in box)
        return f"#block[{_columns(parts, _alignment(paragraph))}]{inside}" if parts or not boxes else inside

    def _label_look(self, paragraph: Element, base: Look) -> Look:
        return self._styles.of_properties(paragraph.find(f"{PPR}/{RPR}"), base)

    def _inline(self, child: Element, base: Look, boxes: list[Element]) -> Iterator[str]:
        if child.tag == R:
            yield from self._run(child, base, boxes)
        elif child.tag in {OMATH, OMATH_PARA}:
            yield self._formula(latex(child))
        elif child.tag == w("fldSimple"):
            for inner in child:
                yield from self._inline(inner, base, boxes)

    def _run(self, run: Element, base: Look, boxes: list[Element]) -> Iterator[str]:
        look = self._styles.of_properties(run.find(RPR), base)
        if look.hidden:
            return
        for node in run:
            name = local(node)
            if name == "t":
                yield from self._text(to_unicode(node.text or "", look.font), look)
            elif name == "sym":
                yield _styled(symbol(node), look)
            elif name in SIGNS:
                yield {"\t": "\t", "\n": BREAK}.get(SIGNS[name], f"#{_literal(SIGNS[name])}")
            elif name in OBJECTS:
                found = list(node.iter(TEXT_BOX))
                boxes.extend(found)
                if not found:
                    yield self._object(node)

    def _text(self, text: str, look: Look) -> Iterator[str]:
        place = 0
        for match in TYPED_FORMULA.finditer(text):
            yield _styled(text[place : match.start()], look)
            yield self._formula(match[1])
            place = match.end()
        yield _styled(text[place:], look)

    def _formula(self, text: str) -> str:
        return f"@@{self._formulas.setdefault(text, len(self._formulas))}@@" if text.strip() else ""

    def _object(self, node: Element) -> str:
        ids = [
            value
            for each in node.iter()
            for name, value in each.attrib.items()
            if name.startswith(f"{{{RELATION}}}")
        ]
        is_ole = next(node.iter(f"{{{OFFICE}}}OLEObject"), None) is not None
        for relation in (self._source.package.relations.get(each) for each in ids):
            if (
                relation
                and relation.kind == "image"
                and relation.target.lower().endswith(DRAWABLE)
                and not relation.outside
            ):
                name = relation.target.replace("/", "-")
                self._pictures[name] = self._source.package.parts.get(relation.target, b"")
                width, height = _size(node)
                return f'#box(image("{name}", width: {width:.1f}pt, height: {height:.1f}pt))'
        self._opaque += 1
        return f"#box(stroke: 0.5pt, inset: 2pt)[#{_literal(OBJECT_TEXT if is_ole else '[hình]')}]"

    def _table(self, table: Element) -> str:
        rows = [row.findall(TC) for row in table.findall(TR)]
        widths = [float(max(whole(column.get(w("w")), 1), 1)) for column in table.iter(w("gridCol"))]
        columns = max([len(widths), *(sum(map(_span, row)) for row in rows)], default=0)
        if not columns:
            return ""
        shares = widths if len(widths) == columns else [1.0] * columns
        cells = [f"table.cell(colspan: {_span(cell)})[{self._cell(cell)}]" for row in rows for cell in row]
        sizes = ", ".join(f"{share:g}fr" for share in shares)
        return f"#table(columns: ({sizes},), stroke: {_stroke(table)}, inset: 3pt, {', '.join(cells)})"

    def _cell(self, cell: Element) -> str:
        return "".join(self._block(block) for block in cell)


def typst_paper(source: Source) -> TypstPaper:
    """The paper as Typst source."""
    return _Writer(source).write()


def filled(paper: TypstPaper, formulas: Mapping[str, str | None]) -> str:
    """The source with its formulas, those that have no Typst as the LaTeX itself."""
    written = [formulas.get(formula) or f"#{_literal(formula)};" for formula in paper.formulas]
    return re.sub(r"@@(\d+)@@", lambda place: written[int(place[1])], paper.source)


def _literal(text: str) -> str:
    # JSON escapes are Typst's too, but for \u.
    return json.dumps(text.replace("@@", "@\u200b@"), ensure_ascii=False)


def _styled(text: str, look: Look) -> str:
    if not text:
        return ""
    made = _literal(text)
    for wanted, function in (
        (look.level == "superscript", "super"), (look.level == "subscript", "sub"),
        (look.underline, "underline"),
        (look.strike, "strike"), (look.italic, "emph"), (look.bold, "strong"),
    ):  # fmt: skip
        made = f"{function}({made})" if wanted else made
    return f"#{made};"


def _columns(parts: list[str], alignment: str) -> str:
    """The lines of a paragraph. Tabs make columns of equal width; Word's own tab stops are not followed."""
    lines = [_line(line.split("\t")) for line in "".join(parts).split(BREAK)]
    text = "".join(line if line.startswith("#grid") else f"{line}{BREAK}" for line in lines).removesuffix(
        BREAK
    )
    return f"#align({alignment})[{text}]" if alignment else text


def _line(cells: list[str]) -> str:
    shown = [cell for cell in cells if cell.strip()]
    if len(shown) < 2:
        return "".join(cells)
    return f"#grid(columns: ({'1fr, ' * len(shown)}), {', '.join(f'[{cell}]' for cell in shown)})"


def _alignment(paragraph: Element) -> str:
    found = paragraph.find(f"{PPR}/{w('jc')}")
    return ALIGNMENTS.get(found.get(VAL, ""), "") if found is not None else ""


def _span(cell: Element) -> int:
    found = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    return min(max(whole(found.get(VAL), 1), 1), MOST_COLUMNS) if found is not None else 1


def _stroke(table: Element) -> str:
    borders = table.find(f"{w('tblPr')}/{w('tblBorders')}")
    style = table.find(f"{w('tblPr')}/{w('tblStyle')}")
    drawn = borders is not None and any(side.get(VAL) not in {"none", "nil"} for side in borders)
    return "0.5pt" if drawn or (style is not None and "Grid" in style.get(VAL, "")) else "none"


def _size(node: Element) -> tuple[float, float]:
    extent = next((each for each in node.iter() if local(each) == "extent"), None)
    if extent is not None:
        width, height = whole(extent.get("cx"), 0) / EMU, whole(extent.get("cy"), 0) / EMU
    else:
        shape = next(node.iter(f"{{{VML}}}shape"), None)
        given = dict(STYLE_SIZE.findall(shape.get("style", ""))) if shape is not None else {}
        width, height = float(given.get("width", 60)), float(given.get("height", 30))
    shrink = min(1.0, TEXT_WIDTH / max(width, 1))
    return max(width * shrink, 1), max(height * shrink, 1)


def _preamble(code: str | None) -> str:
    mark = f" – Mã đề {code}" if code else ""
    return (
        '#set page(paper: "a4", margin: 2cm, footer: context align(right, text(size: 9pt, '
        f'"Trang " + counter(page).display("1/1", both: true) + {_literal(mark)})))\n'
        '#set text(font: ("Tinos", "Libertinus Serif"), size: 12pt, lang: "vi")\n'
        "#set par(justify: false, leading: 0.6em)\n#set block(spacing: 0.85em)\n"
    )
