"""`thucchat analyse results`: distributions of a result file, printed, as JSON and as documents."""

import argparse
from dataclasses import asdict, replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from thucchat.cli.documents import add_document_options, letterhead, wants_documents, write_documents
from thucchat.cli.files import write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.cli.score_files import Table, fingerprint, read_table
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.bins import rule_for
from thucchat.engine.measurement.results.columns import (
    ScoreColumns,
    chosen_columns,
    find_column,
    is_known,
    score_columns,
)
from thucchat.engine.measurement.results.gaps import MINIMUM
from thucchat.engine.measurement.results.report import Comparison, Origin, results_report
from thucchat.engine.measurement.results.scores import count_cells
from thucchat.engine.measurement.results.subjects import heading_key
from thucchat.engine.tables import Distribution, ResultsReport
from thucchat.engine.vietnamese import vi_number

YEAR_HEADINGS = {"nam", "namthi", "year"}
SHARES = ("below_5", "from_8", "at_most_1", "zero", "ten")


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", type=Path, metavar="TỆP", help="mỗi dòng một thí sinh, mỗi môn một cột điểm")
    parser.add_argument("--by", metavar="CỘT", help="so sánh theo cột này: trường, huyện, lớp, năm…")
    parser.add_argument(
        "--year", type=int, metavar="NĂM", help="năm thi: chọn bước phổ điểm; lọc cột năm nếu có"
    )
    parser.add_argument(
        "--exam",
        choices=("graduation", "entrance", "other"),
        default="graduation",
        help="kỳ thi; bước phổ điểm của năm chỉ áp dụng cho thi tốt nghiệp (graduation)",
    )
    parser.add_argument("--subjects", metavar="CỘT,CỘT", help="chỉ lấy các cột điểm này")
    parser.add_argument("--sheet", metavar="TRANG", help="tên trang tính trong tệp Excel")
    parser.add_argument(
        "--gap", type=Fraction, default=Fraction(1), help="chênh lệch tối đa giữa các nhóm, điểm"
    )
    parser.add_argument("--minimum", type=int, default=MINIMUM, help="số bài ít nhất để so sánh một nhóm")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi kết quả vào tệp thay vì in ra")
    add_document_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Analyse the file once; everything printed or written reads the same report."""
    report = analyse(options)
    if wants_documents(options):
        _write_documents(report, options)
    if options.json:
        write_json(payload(report), options.out)
    elif options.out or not wants_documents(options):
        write_text(text_table(report), options.out)
    return 0


def analyse(options: argparse.Namespace) -> ResultsReport:
    """Read the file of `options` into a report."""
    table = _of_year(read_table(options.file, is_known, options.sheet), options.year)
    group = find_column(table.cells.columns, options.by) if options.by else None
    columns = _columns(table.cells, options.subjects, group)
    counted = count_cells(table.cells, columns, group=group, first_row=table.first_row)
    origin = Origin(
        title=options.title or f"Kết quả thi theo tệp {options.file.name}",
        source=options.file.name,
        fingerprint=fingerprint(options.file),
        version=version("thucchat"),
        year=options.year,
        ignored=columns.ignored,
        warnings=_warnings(table, columns),
    )
    return results_report(
        counted.counts,
        counted.sizes,
        columns.subjects,
        origin=origin,
        comparison=Comparison(group or "", options.gap, options.minimum),
        rule=rule_for(options.year) if options.exam == "graduation" else None,
    )


def payload(report: ResultsReport) -> dict[str, Any]:
    """The report as JSON, bins with their limits."""
    plain = asdict(report)
    for part in (plain, *plain["groups"]):
        for subject in part["subjects"]:
            width = subject["bin_width"]
            subject["bins"] = [
                {"low": place * width / 100, "high": min((place + 1) * width, 1000) / 100, "count": count}
                for place, count in enumerate(subject["bins"])
            ]
    return plain


def text_table(report: ResultsReport) -> str:
    """A plain table for people."""
    lines = [report.title, f"Số thí sinh: {vi_number(report.candidates)}", ""]
    lines += [_heading(), *map(_line, report.subjects)]
    for group in report.groups:
        lines += ["", f"{report.grouped_by} {group.name}: {vi_number(group.candidates)} thí sinh", _heading()]
        lines += [_line(subject) for subject in group.subjects if subject.count]
    if report.gaps:
        lines += ["", f"Chênh lệch giữa các {report.grouped_by}:"]
    for gap in report.gaps:
        verdict = "đạt" if gap.met else "chưa đạt"
        ends = f"{gap.top} {vi_number(gap.top_mean, 2)}, {gap.bottom} {vi_number(gap.bottom_mean, 2)}"
        lines.append(f"  {gap.label:<32}{vi_number(gap.gap, 2):>6}  {verdict} ({ends})")
    if report.ignored:
        lines += ["", "Cột không dùng:"]
        lines += [f"  {column.column}: {column.reason}" for column in report.ignored]
    lines += [f"Chú ý: {warning}" for warning in report.warnings]
    return "\n".join(lines) + "\n"


def _of_year(table: Table, year: int | None) -> Table:
    named = [name for name in table.cells.columns if heading_key(name) in YEAR_HEADINGS]
    if year is None or not named:
        return table
    text = pl.col(named[0]).cast(pl.String).str.strip_chars().str.strip_suffix(".0")
    if table.cells.filter(text == str(year)).is_empty():
        raise InvalidInput("year.missing", f"Cột “{named[0]}” không có năm {year}.", year=year)
    # Other years' cells are emptied, not removed, so that messages keep the row numbers of the file.
    kept = [pl.when(text == str(year)).then(pl.col(name)).alias(name) for name in table.cells.columns]
    return replace(table, cells=table.cells.select(kept))


def _columns(cells: pl.DataFrame, wanted: str | None, group: str | None) -> ScoreColumns:
    if wanted:
        return chosen_columns(cells, [name.strip() for name in wanted.split(",") if name.strip()])
    return score_columns(cells, group=group)


def _warnings(table: Table, columns: ScoreColumns) -> tuple[str, ...]:
    found = []
    if table.unread:
        found.append(f"Chưa đọc các trang tính {', '.join(table.unread)}; chọn trang bằng --sheet.")
    if columns.candidate is None:
        found.append("Không có cột số báo danh nên không kiểm tra được thí sinh trùng.")
        return tuple(found)
    numbers = table.cells[columns.candidate].drop_nulls()
    repeated = len(numbers) - numbers.n_unique()
    if repeated:
        where = f"Cột “{columns.candidate}” có {repeated} dòng trùng số"
        found.append(f"{where}; mỗi dòng vẫn được tính là một thí sinh.")
    return tuple(found)


def _heading() -> str:
    titles = ("Số bài", "TB", "Độ lệch", "Q1", "Trung vị", "Q3", "<5", "≥8", "≤1", "0", "10")
    return f"  {'Môn':<32}" + "".join(f"{title:>9}" for title in titles)


def _line(subject: Distribution) -> str:
    spread = (subject.mean, subject.sd, subject.q1, subject.median, subject.q3)
    numbers = [vi_number(subject.count), *("–" if value is None else vi_number(value, 2) for value in spread)]
    numbers += [vi_number(getattr(subject, name)) for name in SHARES]
    return f"  {subject.label:<32}" + "".join(f"{number:>9}" for number in numbers)


def _write_documents(report: ResultsReport, options: argparse.Namespace) -> None:
    from thucchat.engine.documents.forms.results_report import bins_table, results_document

    bins = tuple(bins_table(subject) for subject in report.subjects if subject.count)
    write_documents(results_document(report, letterhead(options, report.title)), options, bins)
