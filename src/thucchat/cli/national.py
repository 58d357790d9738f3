"""`thucchat analyse national`: a province among all, from a table of means per year and subject."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from thucchat.cli.documents import add_document_options, letterhead, wants_documents, write_documents
from thucchat.cli.files import write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.cli.score_files import Table, read_table
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.national import parse_target, standing
from thucchat.engine.measurement.results.subjects import heading_key
from thucchat.engine.tables import PROVINCE_MEANS, Standing, YearStanding
from thucchat.engine.vietnamese import vi_number

# Headings of each column, without accents and blanks, the best first.
HEADINGS = {
    "year": ("year", "nam", "namthi"),
    "province": ("provincename", "province", "tentinh", "tinh", "tinhthanhpho", "tinhthanh", "diaphuong"),
    "subject": ("subject", "mon", "monthi", "tenmon"),
    "count": ("count", "n", "sobai", "sobaithi", "sothisinh", "soluong"),
    "mean": ("mean", "average", "diemtrungbinh", "diemtb", "trungbinh", "tb", "dtb"),
}
KNOWN = {key for keys in HEADINGS.values() for key in keys}


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", type=Path, metavar="TỆP", help="năm, tỉnh, môn, số bài, điểm trung bình")
    parser.add_argument("--province", required=True, metavar="TÊN", help="tên tỉnh, có dấu hoặc không dấu")
    parser.add_argument(
        "--target", metavar="CHỈ_TIÊU", help="+3: tăng 3 bậc so với năm trước; 50: hạng 50 trở lên"
    )
    parser.add_argument("--sheet", metavar="TRANG", help="tên trang tính trong tệp Excel")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi kết quả vào tệp thay vì in ra")
    add_document_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print where the province stands."""
    target = parse_target(options.target) if options.target else None
    table = read_table(options.file, lambda text: heading_key(text) in KNOWN, options.sheet)
    result = standing(province_means(table), options.province, target)
    if wants_documents(options):
        _write_documents(result, options)
    if options.json:
        write_json(payload(result), options.out)
    elif options.out or not wants_documents(options):
        write_text(text_table(result), options.out)
    return 0


def province_means(table: Table) -> pl.DataFrame:
    """The table in the schema PROVINCE_MEANS.

    Raises:
        InvalidInput: `column.missing`, `cell.number`.
    """
    chosen = {name: _heading(table.cells.columns, name) for name in PROVINCE_MEANS}
    text = table.cells.select(
        pl.col(heading).cast(pl.String).str.strip_chars().alias(name) for name, heading in chosen.items()
    )
    numbers = {name: kind for name, kind in PROVINCE_MEANS.items() if kind.is_numeric()}
    filled = pl.any_horizontal(pl.col(list(PROVINCE_MEANS)).fill_null("") != "")
    kept = text.with_row_index("row", table.first_row).filter(filled)
    parsed = kept.with_columns(
        pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).alias(name)
        for name in numbers
    )
    for name in numbers:
        _refuse_unread(kept, parsed, name, chosen[name])
    return parsed.select(list(PROVINCE_MEANS)).cast(PROVINCE_MEANS)


def payload(result: Standing) -> dict[str, Any]:
    """The standing as JSON."""
    return asdict(result)


def text_table(result: Standing) -> str:
    """A plain table for people."""
    lines = [f"{result.province}: điểm trung bình mọi bài thi và thứ hạng", ""]
    lines.append(f"{'Năm':>5}{'Điểm TB':>9}{'Cả nước':>9}{'Hạng':>9}{'Tăng bậc':>10}{'Chỉ tiêu':>12}")
    lines += [_line(year) for year in result.years]
    for year in result.years:
        lines += ["", f"Năm {year.year}, từng môn:"]
        lines += [
            f"  {one.label:<20}{vi_number(one.mean, 2):>6}  hạng {one.rank}/{one.of}" for one in year.subjects
        ]
    if result.absent_years:
        lines += ["", f"Bảng không có tỉnh này trong năm {', '.join(map(str, result.absent_years))}."]
    return "\n".join(lines) + "\n"


def _write_documents(result: Standing, options: argparse.Namespace) -> None:
    from thucchat.engine.documents.forms.results_report import standing_document

    title = options.title or f"Thứ hạng điểm thi tốt nghiệp của {result.province} qua các năm"
    write_documents(standing_document(result, options.file.name, letterhead(options, title)), options)


def _line(year: YearStanding) -> str:
    gained = "–" if year.gained is None else f"{year.gained:+d}"
    verdict = {None: "–", True: "đạt", False: "chưa đạt"}[year.met]
    means = f"{vi_number(year.mean, 3):>9}{vi_number(year.national_mean, 3):>9}"
    return f"{year.year:>5}{means}{f'{year.rank}/{year.of}':>9}{gained:>10}{verdict:>12}"


def _heading(columns: list[str], name: str) -> str:
    keys = {heading_key(column): column for column in reversed(columns)}
    found = next((keys[key] for key in HEADINGS[name] if key in keys), None)
    if found is None:
        message = f"Tệp thiếu cột “{name}”; cần năm, tỉnh, môn, số bài, điểm trung bình."
        raise InvalidInput("column.missing", message, column=name)
    return found


def _refuse_unread(texts: pl.DataFrame, numbers: pl.DataFrame, name: str, heading: str) -> None:
    value = numbers[name]
    whole = PROVINCE_MEANS[name].is_integer()
    wrong = value.is_null() | value.is_nan() | (value.round(0) != value if whole else value.is_infinite())
    if name == "mean":
        wrong &= (numbers["count"] != 0).fill_null(value=True)
    unread = texts.filter(wrong.fill_null(value=True))
    if unread.height:
        row, cell = unread["row"][0], unread[name][0] or ""
        message = f"Dòng {row}, cột “{heading}”: “{cell}” không phải là số."
        raise InvalidInput("cell.number", message, row=row, column=heading)
