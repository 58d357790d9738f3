"""A document tree as PDF, set by Typst. Texts travel as JSON, so nothing in them can be markup."""

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from thucchat.engine.documents.tree import (
    Block,
    Centred,
    Document,
    Figure,
    Heading,
    LegalBases,
    PageBreak,
    Paragraph,
    Table,
    cell_text,
)
from thucchat.engine.vietnamese import vi_long_date

# Tinos has the widths of Times New Roman; Libertinus comes with Typst and is there without any folder.
FONTS = ("Tinos", "Libertinus Serif")
TEMPLATE = "administrative.typ"


def to_pdf(document: Document, fonts: Sequence[Path] = ()) -> bytes:
    """The document as PDF; `fonts` are folders of TTF files. Fonts of the machine are never used.

    Equal documents and folders give equal bytes.
    """
    template = files(__package__).joinpath(TEMPLATE).read_bytes()
    return bytes(
        typst.compile(
            template,
            font_paths=typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=True,
                font_paths=[str(one) for one in fonts],
            ),
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(_plain(document), ensure_ascii=False)},
        )
    )


def _plain(document: Document) -> dict[str, Any]:
    head = document.head
    place = f"{head.place}, " if head.place else ""
    return {
        "fonts": list(FONTS),
        "head": {
            "parent": head.parent,
            "agency": head.agency,
            "number": head.number,
            "dated": f"{place}{vi_long_date(head.day)}" if place else vi_long_date(head.day).capitalize(),
            "created": {"year": head.day.year, "month": head.day.month, "day": head.day.day},
            "kind": head.kind,
            "subject": head.subject,
        },
        "blocks": [_block(block) for block in document.body],
        "closing": document.closing,
        "recipients": list(document.recipients),
        "signatures": [{"office": list(one.office), "name": one.name} for one in document.signatures],
        "appendices": [
            {
                "label": one.label,
                "title": one.title,
                "attached": one.attached,
                "blocks": [_block(block) for block in one.body],
            }
            for one in document.appendices
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case LegalBases():
            return {"kind": "bases", "lines": list(block.lines)}
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Centred(text):
            return {"kind": "centred", "text": text}
        case Paragraph(text, small):
            return {"kind": "paragraph", "text": text, "small": small}
        case Table():
            return _table(block)
        case Figure(chart, caption):
            drawing = {"svg": chart.svg, "alt": chart.alt, "width": chart.width}
            return {"kind": "figure", "caption": caption, **drawing}
        case PageBreak():
            return {"kind": "break"}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": table.title,
        "note": table.note,
        "columns": [
            {"heading": column.heading, "share": column.share, "number": column.digits is not None}
            for column in table.columns
        ],
        "rows": [
            [cell_text(cell, column) for cell, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
    }
