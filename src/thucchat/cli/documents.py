"""Options and files of commands that write documents: PDF, Word, Excel in the administrative layout."""

import argparse
import datetime
from dataclasses import replace
from pathlib import Path

from thucchat.cli.parser import Parser
from thucchat.engine.documents.tree import Document, Letterhead, Table


def add_document_options(parser: Parser) -> None:
    """Where to write documents, and what their first lines say."""
    for kind in ("pdf", "docx", "xlsx"):
        parser.add_argument(f"--{kind}", type=Path, metavar="TỆP", help=f"ghi báo cáo dạng {kind.upper()}")
    parser.add_argument("--fonts", type=Path, metavar="THƯ_MỤC", help="thư mục phông chữ cho PDF và biểu đồ")
    parser.add_argument("--title", help="tiêu đề báo cáo")
    parser.add_argument("--parent", default="", help="cơ quan chủ quản, in trên báo cáo")
    parser.add_argument("--agency", default="", help="cơ quan ban hành, in trên báo cáo")
    parser.add_argument("--place", default="", help="địa danh, in trên báo cáo")
    parser.add_argument("--date", type=datetime.date.fromisoformat, help="ngày báo cáo, dạng 2025-08-30")


def wants_documents(options: argparse.Namespace) -> bool:
    """Whether any document was asked for."""
    return bool(options.pdf or options.docx or options.xlsx)


def letterhead(options: argparse.Namespace, title: str) -> Letterhead:
    """First lines of a report, dated today unless a date is given."""
    today = datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    return Letterhead(
        parent=options.parent,
        agency=options.agency,
        number="",
        place=options.place,
        day=options.date or today,
        kind="BÁO CÁO",
        subject=title,
    )


def write_documents(document: Document, options: argparse.Namespace, sheets: tuple[Table, ...] = ()) -> None:
    """Write the asked-for files, each whole or not at all; a workbook also holds `sheets`."""
    if options.pdf:
        from thucchat.engine.documents.pdf import to_pdf

        _write(options.pdf, to_pdf(document, [options.fonts] if options.fonts else []))
    if options.docx:
        from thucchat.engine.documents.docx import to_docx

        _write(options.docx, to_docx(document, options.fonts))
    if options.xlsx:
        from thucchat.engine.documents.xlsx import to_xlsx

        _write(options.xlsx, to_xlsx(replace(document, body=(*document.body, *sheets))))


def _write(out: Path, content: bytes) -> None:
    draft = out.with_name(out.name + ".part")
    draft.write_bytes(content)
    draft.replace(out)
