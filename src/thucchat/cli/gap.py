"""`thucchat gap`: transcript marks against exam scores, per unit and subject, and the change by year."""

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.cli.columns import code_column, key_columns, number_column, without_empty_tail
from thucchat.cli.files import read_frame, write_frame, write_json
from thucchat.cli.parser import Parser
from thucchat.engine.growth.gap import MINIMUM, Gaps, gaps
from thucchat.engine.growth.gap_change import gap_fall
from thucchat.engine.vietnamese import vi_number

RESULTS = (
    *("mark_mean", "score_mean", "gap", "gap_error", "gap_low", "gap_high"),
    *("conditional", "conditional_error", "conditional_low", "conditional_high"),
    *("mean_square", "strictness", "spread", "order"),
)
PARTS = {"mean_square": "bình phương", "strictness": "chặt-lỏng", "spread": "phân tán", "order": "thứ tự"}


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", type=Path, help="CSV, XLSX hoặc Parquet, mỗi học sinh × môn một dòng")
    parser.add_argument("--record", required=True, metavar="CỘT", help="cột điểm học bạ")
    parser.add_argument("--exam", required=True, metavar="CỘT", help="cột điểm thi")
    parser.add_argument(
        "--by", required=True, nargs="+", metavar="CỘT", help="cột đơn vị: trường, giáo viên, lớp…"
    )
    parser.add_argument("--subject", metavar="CỘT", help="cột môn; bỏ trống khi tệp chỉ có một môn")
    parser.add_argument("--year", metavar="CỘT", help="cột năm; có từ hai năm thì kiểm định mức giảm")
    parser.add_argument("--level", type=float, default=0.9, help="mức tin cậy (mặc định 0.9)")
    parser.add_argument("--rate", type=float, default=0.1, help="tỉ lệ công bố nhầm (mặc định 0.1)")
    parser.add_argument("--minimum", type=int, default=MINIMUM, help="số thí sinh tối thiểu của một đơn vị")
    parser.add_argument("--json", action="store_true", help="in JSON")
    parser.add_argument("--out", type=Path, help="ghi ra tệp")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Gaps of every unit, and the falls between consecutive years where there are several."""
    frame = without_empty_tail(read_frame(options.file, as_text=True))
    labels, unit = key_columns(frame, [*options.by, *([options.subject] if options.subject else [])])
    found = _gaps_by_year(frame, options, unit, len(labels))
    few = f"dưới {options.minimum} thí sinh có cả hai điểm"
    table = pl.concat([_table(labels, year, result, few) for year, result in found.items()])
    falls = _falls(labels, found, options.rate)
    if not options.year:
        table = table.drop("year")
    if options.json:
        payload = {"level": options.level, "groups": table.to_dicts(), "falls": falls.to_dicts()}
        write_json(payload, options.out)
    elif options.out:
        write_frame(table, options.out)
    else:
        _print(table, falls, labels.columns)
    return 0


def _gaps_by_year(
    frame: pl.DataFrame, options: argparse.Namespace, unit: NDArray[np.int64], units: int
) -> dict[str, Gaps]:
    marks, scores = number_column(frame, options.record), number_column(frame, options.exam)
    nothing = np.zeros(len(frame), dtype=np.int64)
    subject = code_column(frame, options.subject)[1] if options.subject else nothing
    years, year = code_column(frame, options.year) if options.year else ([""], nothing)
    return {
        name: gaps(
            marks,
            scores,
            np.where(year == years.index(name), unit, -1),
            subject,
            units=units,
            level=options.level,
            minimum=options.minimum,
        )
        for name in sorted(years)
    }


def _table(labels: pl.DataFrame, year: str, found: Gaps, few: str) -> pl.DataFrame:
    reasons = [None if enough else few for enough in found.enough]
    results = pl.DataFrame({name: getattr(found, name) for name in RESULTS}, nan_to_null=True)
    table = labels.with_columns(
        pl.lit(year).alias("year"), pl.Series("count", found.count), *results.get_columns()
    )
    return table.with_columns(reason=pl.Series(reasons, dtype=pl.String)).filter(pl.col("count") > 0)


def _falls(labels: pl.DataFrame, found: dict[str, Gaps], rate: float) -> pl.DataFrame:
    """Falls of units that have a result in both of two consecutive years of the file."""
    tables = []
    for before, after in pairwise(found):
        change = gap_fall(found[before], found[after], rate=rate)
        results = {name: getattr(change, name) for name in ("fall", "error", "p_value", "q_value")}
        tables.append(
            labels.with_columns(
                pl.lit(before).alias("before"),
                pl.lit(after).alias("after"),
                *pl.DataFrame(results, nan_to_null=True).get_columns(),
                pl.Series("fell", change.fell),
            ).drop_nulls("fall")
        )
    return pl.concat(tables) if tables else pl.DataFrame()


def _print(table: pl.DataFrame, falls: pl.DataFrame, keys: list[str]) -> None:
    print("Chênh = điểm học bạ trừ điểm thi, trên cùng thí sinh. Chênh có điều kiện: so với học bạ của mọi")
    print(
        "thí sinh cùng điểm thi. Chặt-lỏng, độ phân tán, thứ tự cộng lại bằng chênh bình phương trung bình."
    )
    shown = table.select(
        *(["year"] if "year" in table.columns else []),
        *keys,
        pl.col("count").alias("thí sinh"),
        _interval("gap").alias("chênh (khoảng)"),
        _interval("conditional").alias("có điều kiện (khoảng)"),
        *(_number(name).alias(title) for name, title in PARTS.items()),
        pl.col("reason").fill_null("").alias("ghi chú"),
    )
    _print_rows(shown)
    if len(falls):
        announced = falls.filter("fell")
        print(f"\nGiảm so với năm trước (có kiểm soát công bố nhầm): {len(announced)} trên {len(falls)}.")
        _print_rows(announced.select(*keys, "before", "after", _number("fall").alias("mức giảm")))


def _number(name: str) -> pl.Expr:
    return pl.col(name).map_elements(lambda value: vi_number(value, 2), pl.String).fill_null("-")


def _interval(name: str) -> pl.Expr:
    middle, low, high = (_number(name + end) for end in ("", "_low", "_high"))
    return pl.format("{} ({}; {})", middle, low, high)


def _print_rows(rows: pl.DataFrame) -> None:
    texts = rows.cast(pl.String).fill_null("-")
    widths = [max(len(name), *map(len, texts[name]), 0) for name in texts.columns]
    for line in (texts.columns, *texts.iter_rows()):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
