"""`--report` of `thucchat analyse responses`: items explained in a document for teachers and item writers."""

import argparse
import datetime
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from thucchat.cli.grids import read_grid
from thucchat.cli.headings import ITEM_NAMES
from thucchat.cli.parser import Parser
from thucchat.engine.documents.tree import Document, Letterhead
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.classical import ItemStatistics
from thucchat.engine.measurement.item_report import Outcome, ReportOrigin, item_report
from thucchat.engine.vietnamese import unaccented

WRITERS = (".pdf", ".docx", ".xlsx")
CODE_NAMES = {"outcome", "yccd", "ma yccd", "yeu cau", "ma yeu cau", "ma", "ma yeu cau can dat"}
TEXT_NAMES = {"text", "noi dung", "yeu cau can dat", "mo ta", "description"}


def add_report_options(parser: Parser) -> None:
    """Where to write the report, and which learning outcome each item belongs to."""
    parser.add_argument("--report", type=Path, metavar="TỆP", help="ghi nhận xét từng câu (PDF, DOCX, XLSX)")
    parser.add_argument(
        "--outcomes", type=Path, metavar="TỆP", help="bảng câu, mã yêu cầu cần đạt, nội dung, cho --report"
    )
    parser.add_argument("--fonts", type=Path, metavar="THƯ_MỤC", help="thư mục phông chữ cho --report")


def check_report_options(options: argparse.Namespace) -> None:
    """Refuse at once what could not be written at the end."""
    if options.report and options.report.suffix.lower() not in WRITERS:
        message = f"Tệp báo cáo “{options.report.name}” phải là PDF, DOCX hoặc XLSX."
        raise InvalidInput("report.type", message)


def write_item_report(
    options: argparse.Namespace, payload: dict[str, Any], items: Sequence[tuple[ItemStatistics, float]]
) -> None:
    """Explain `items` (each with its highest score) and write the file."""
    origin = ReportOrigin(
        title=f"Nhận xét câu hỏi: {options.file.stem}",
        source=options.file.name,
        version=version("thucchat"),
        pupils=payload["persons"],
        alpha=payload["alpha"],
        error=payload["sem"],
        mean=None if payload["mean"] is None else float(payload["mean"]),
        caveats=tuple(payload["caveats"]),
    )
    outcomes = _outcomes(options.outcomes, [one.item for one, _ in items]) if options.outcomes else {}
    statistics, highest = zip(*items, strict=True)
    report = item_report(statistics, highest, outcomes=outcomes, origin=origin)
    from thucchat.engine.documents.forms.item_report import item_document

    today = datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    head = Letterhead("", "", "", "", today, "NHẬN XÉT CÂU HỎI", options.file.stem)
    _write(item_document(report, head), options)


def _write(document: Document, options: argparse.Namespace) -> None:
    match options.report.suffix.lower():
        case ".pdf":
            from thucchat.engine.documents.pdf import to_pdf

            content = to_pdf(document, [options.fonts] if options.fonts else [])
        case ".docx":
            from thucchat.engine.documents.docx import to_docx

            content = to_docx(document, options.fonts)
        case _:
            from thucchat.engine.documents.xlsx import to_xlsx

            content = to_xlsx(document)
    draft = options.report.with_name(options.report.name + ".part")
    draft.write_bytes(content)
    draft.replace(options.report)


def _outcomes(path: Path, items: Sequence[str]) -> dict[str, Outcome]:
    frame = read_grid(path)
    plain = {unaccented(name): name for name in frame.columns}
    item = next((plain[word] for word in plain if word in ITEM_NAMES), frame.columns[0])
    code = next((plain[word] for word in plain if word in CODE_NAMES and plain[word] != item), None)
    if code is None:
        raise InvalidInput("outcomes.column", f"“{path.name}” cần cột câu và cột mã yêu cầu cần đạt (yccd).")
    text = next(
        (plain[word] for word in plain if word in TEXT_NAMES and plain[word] not in {item, code}), None
    )
    found = {
        str(row[item]).strip(): Outcome(str(row[code]).strip(), (row[text] or "").strip() if text else "")
        for row in frame.iter_rows(named=True)
        if row[item] and row[code]
    }
    if not any(name in found for name in items):
        raise InvalidInput(
            "outcomes.items", f"“{path.name}” không nêu câu nào của bảng: {', '.join(items[:10])}."
        )
    return found
