"""A document tree as Word, in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I. Lengths in mm and pt."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from thucchat.engine.documents.pixels import png
from thucchat.engine.documents.tree import (
    Appendix,
    Block,
    Centred,
    Document,
    Figure,
    Heading,
    LegalBases,
    Letterhead,
    PageBreak,
    Paragraph,
    Signature,
    Table,
    cell_text,
)
from thucchat.engine.vietnamese import vi_long_date

FONT = "Times New Roman"
TEXT_WIDTH = 165  # mm, between the margins
MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 15}  # mm
CELL_MARGIN = "45"  # twentieths of a point, 0.8 mm
EMPTY_CELL = "Empty cell"  # the mark of an empty paragraph is as high as its style, not as its letters
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file in the package, so that equal documents are equal files


def to_docx(document: Document, fonts: Path | None = None) -> bytes:
    """The document as DOCX; `fonts` is a folder of TTF files for the letters inside charts."""
    word = docx.Document()
    _set_page(word)
    _set_styles(word)
    _write_head(word, document.head)
    for block in document.body[: len(document.body) - document.closing]:
        _write_block(word, block, fonts)
    before = len(word.paragraphs)
    for block in document.body[len(document.body) - document.closing :]:
        _write_block(word, block, fonts)
    _write_foot(word, document.recipients, document.signatures, closing=word.paragraphs[before:])
    for appendix in document.appendices:
        _write_appendix(word, appendix, fonts)
    day = datetime.combine(document.head.day, time(), tzinfo=UTC)
    word.core_properties.created = word.core_properties.modified = day
    word.core_properties.title = document.head.subject
    word.core_properties.author = document.head.agency
    memory = io.BytesIO()
    word.save(memory)
    return _undated(memory.getvalue())


def _set_page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, length in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(length))
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    run = number.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run._r.append(_field_part(kind, text))  # noqa: SLF001  # python-docx has no page-number field


def _field_part(kind: str | None, text: str | None) -> Any:
    part = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        part.set(qn("w:fldCharType"), kind)
    part.text = text
    return part


def _set_styles(word: Any) -> None:
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        style = word.styles[name]
        style.font.name, style.font.size = FONT, Pt(14)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
        style.paragraph_format.space_before = Pt(0 if name == "Normal" else 10)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.line_spacing = 1.1
        if name != "Normal":
            style.font.bold, style.font.italic = True, False
            style.font.color.rgb = RGBColor(0, 0, 0)
    empty = word.styles.add_style(EMPTY_CELL, WD_STYLE_TYPE.PARAGRAPH)
    empty.base_style, empty.font.size = word.styles["Normal"], Pt(10)


def _write_head(word: Any, head: Letterhead) -> None:
    left, right = _columns(word, (0.42, 0.58))
    lines = [(head.parent, 12, False), (head.agency, 12, True)]
    for text, size, bold in lines:
        if text:
            _line(left, text.upper(), size=size, bold=bold)
    if head.agency:
        _rule(left, indent=22)
    if head.number:
        _line(left, head.number, size=13)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(right, indent=19)
    dated = f"{head.place}, {vi_long_date(head.day)}" if head.place else vi_long_date(head.day).capitalize()
    _line(right, dated, size=13, italic=True)
    word.add_paragraph().paragraph_format.space_after = Pt(0)
    _line(word, head.kind.upper(), size=14, bold=True)
    _line(word, head.subject, size=14, bold=True)
    _rule(word, indent=58)


def _write_block(word: Any, block: Block, fonts: Path | None) -> None:
    match block:
        case LegalBases():
            for line in block.lines:
                paragraph = word.add_paragraph()
                paragraph.alignment = ALIGN.JUSTIFY
                paragraph.paragraph_format.first_line_indent = Mm(10)
                paragraph.add_run(line).font.italic = True
        case Heading(text, level):
            word.add_heading(text, level)
        case Centred(text):
            _line(word, text, size=14, bold=True).paragraph_format.keep_with_next = True
        case Paragraph(text, small):
            paragraph = word.add_paragraph()
            paragraph.alignment = ALIGN.LEFT if small else ALIGN.JUSTIFY
            paragraph.add_run(text).font.size = Pt(11 if small else 14)
            paragraph.paragraph_format.first_line_indent = None if small else Mm(10)
        case Table():
            _write_table(word, block)
        case Figure(chart, caption):
            width = min(TEXT_WIDTH, chart.width * 0.25)
            paragraph = word.add_paragraph()
            paragraph.alignment = ALIGN.CENTER
            paragraph.paragraph_format.keep_with_next = True
            picture = paragraph.add_run().add_picture(io.BytesIO(png(chart, fonts)), width=Mm(width))
            picture._inline.docPr.set("descr", chart.alt)  # noqa: SLF001  # no public way to set it
            _line(word, caption, size=12, italic=True)
        case PageBreak():
            word.add_page_break()


def _write_table(word: Any, table: Table) -> None:
    title = _line(word, table.title, size=12, bold=True)
    title.paragraph_format.space_before = Pt(8)
    title.paragraph_format.keep_with_next = True
    grid = word.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.share for column in table.columns)
    texts = [
        [cell_text(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    for place, column in enumerate(table.columns):
        width = Mm(TEXT_WIDTH * column.share / whole)
        grid.columns[place].width = width
        align = ALIGN.LEFT if column.digits is None else ALIGN.RIGHT
        cells = grid.columns[place].cells
        _fill(cells[0], column.heading, width, align=ALIGN.CENTER, bold=True)
        for cell, row in zip(cells[1:], texts, strict=True):
            _fill(cell, row[place], width, align=align)
    _finish_rows(grid)
    if table.note:
        note = _line(word, table.note, size=11, italic=True)
        note.alignment = ALIGN.LEFT
        note.paragraph_format.space_before = Pt(3)


def _fill(cell: Any, text: str, width: Any, *, align: Any, bold: bool = False) -> None:
    cell.width = width
    paragraph = cell.paragraphs[0]
    if not text:
        paragraph.style = EMPTY_CELL
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(9 if bold else 10), bold


def _finish_rows(grid: Any) -> None:
    # python-docx offers neither narrow cell margins, unsplit rows nor repeated headings.
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), CELL_MARGIN)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001  # see above
    for row in grid.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  # see above
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # see above


def _write_foot(
    word: Any, recipients: Sequence[str], signatures: Sequence[Signature], *, closing: Sequence[Any]
) -> None:
    """One signature stands beside the recipients, several share the line above them."""
    if not recipients and not signatures:
        return
    # A signature never stands alone on a page: what closes the text goes with it.
    last = list(closing) or [*word.paragraphs[-1:], word.add_paragraph()]
    for paragraph in last:
        paragraph.paragraph_format.keep_with_next = True
    last[-1].paragraph_format.space_after = Pt(18 if closing else 0)
    places = _columns(word, (1 / max(2, len(signatures)),) * max(2, len(signatures)))
    for cell, signature in zip(places[-len(signatures) :] if signatures else (), signatures, strict=True):
        _sign(cell, signature)
    _write_recipients(word if len(signatures) > 1 else places[0], recipients)


def _sign(cell: Any, signature: Signature) -> None:
    for office in signature.office:
        _line(cell, office.upper(), size=14, bold=True)
    _line(cell, "", size=14).paragraph_format.space_after = Pt(62)
    _line(cell, signature.name, size=14, bold=True)


def _write_recipients(place: Any, recipients: Sequence[str]) -> None:
    if recipients:
        heading = _line(place, "Nơi nhận:", size=12, bold=True, italic=True)
        heading.alignment, heading.paragraph_format.space_after = ALIGN.LEFT, Pt(0)
        heading.paragraph_format.space_before = Pt(0 if isinstance(place, _Cell) else 8)
    for recipient in recipients:
        line = _line(place, f"- {recipient}", size=11)
        line.alignment, line.paragraph_format.space_after = ALIGN.LEFT, Pt(0)


def _write_appendix(word: Any, appendix: Appendix, fonts: Path | None) -> None:
    label = _line(word, appendix.label, size=14, bold=True)
    label.paragraph_format.page_break_before = True
    _line(word, appendix.title.upper(), size=14, bold=True)
    _line(word, f"({appendix.attached})", size=14, italic=True)
    for block in appendix.body:
        _write_block(word, block, fonts)


def _columns(word: Any, shares: Sequence[float]) -> list[Any]:
    """A borderless row; widths on cells and grid alike, or other programs wrap the lines."""
    grid = word.add_table(rows=1, cols=len(shares))
    grid.autofit = False
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  see above
    for place, share in enumerate(shares):
        grid.columns[place].width = grid.cell(0, place).width = Mm(TEXT_WIDTH * share)
    return [grid.cell(0, place) for place in range(len(shares))]


def _line(place: Any, text: str, *, size: int, bold: bool = False, italic: bool = False) -> Any:
    paragraph = _next_paragraph(place)
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.space_after = Pt(0 if isinstance(place, _Cell) else 4)
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    return paragraph


def _next_paragraph(place: Any) -> Any:
    # A cell is born with an empty paragraph, to be used before others are added.
    if isinstance(place, _Cell) and len(place.paragraphs) == 1 and not place.paragraphs[0].runs:
        return place.paragraphs[0]
    return place.add_paragraph()


def _rule(place: Any, *, indent: int) -> None:
    paragraph = _line(place, "", size=4)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent)
    paragraph.paragraph_format.space_after = Pt(3)
    border = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        border.set(qn(f"w:{name}"), value)
    borders = OxmlElement("w:pBdr")
    borders.append(border)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  # python-docx has no paragraph borders
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _undated(package: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(memory, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return memory.getvalue()
