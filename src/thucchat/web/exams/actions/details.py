"""The numbers behind each chart of a report: for those who cannot see it, and for the workbook."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from thucchat.engine.documents.forms.results_report import bins_table
from thucchat.engine.documents.tree import Column, Document, Figure, Table
from thucchat.engine.tables import ResultsReport


def details_of(document: Document, report: ResultsReport) -> list[dict[str, Any] | None]:
    """One table per figure of `document`, in order, as plain values; None where the text has it already."""
    tables = dict(_by_caption(report))
    figures = [block for block in document.body if isinstance(block, Figure)]
    return [_found(figure.caption, tables) for figure in figures]


def _found(caption: str, tables: dict[str, Table]) -> dict[str, Any] | None:
    table = next((table for start, table in tables.items() if caption.startswith(start)), None)
    return None if table is None else {"kind": "Table"} | asdict(table)


def _by_caption(report: ResultsReport) -> Iterator[tuple[str, Table]]:
    """Tables by how the captions of their charts begin."""
    for place, subject in enumerate(report.subjects):
        if subject.count:
            yield f"Phổ điểm {subject.label},", bins_table(subject)
            yield f"Điểm trung bình {subject.label} và", _intervals(report, place)


def _intervals(report: ResultsReport, place: int) -> Table:
    columns = (
        Column(report.grouped_by or "Nhóm", share=2),
        Column("Số bài", 0),
        Column("Trung bình", 2),
        Column("KTC 95 % từ", 2),
        Column("đến", 2),
    )
    rows = tuple(
        (group.name, one.count, one.mean, one.mean_low, one.mean_high)
        for group in report.groups
        if (one := group.subjects[place]).count
    )
    label = report.subjects[place].label
    return Table(f"Trung bình {label} và khoảng tin cậy 95 %", f"TB {label}", columns, rows)
