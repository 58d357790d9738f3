"""`thucchat rank`: ranks of units from estimates and standard errors, with confidence sets."""

import argparse
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.cli.columns import number_column, text_column, without_empty_tail
from thucchat.cli.files import read_frame, write_frame, write_json
from thucchat.cli.parser import Parser
from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.ranks.groups import tie_groups, top_membership
from thucchat.engine.growth.ranks.sets import Kind, RankSets, rank_sets
from thucchat.engine.vietnamese import vi_number

NO_ESTIMATE = "thiếu ước lượng hoặc sai số chuẩn"
KIND: dict[Kind, str] = {"simultaneous": "đồng thời mọi đơn vị", "marginal": "từng đơn vị"}
MEMBERSHIP = {"certain": "chắc chắn", "possible": "có thể", "excluded": "không", "": "-"}


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", type=Path, help="CSV, XLSX hoặc Parquet, mỗi đơn vị một dòng")
    parser.add_argument("--unit", required=True, metavar="CỘT", help="cột tên đơn vị")
    parser.add_argument("--estimate", required=True, metavar="CỘT", help="cột ước lượng")
    parser.add_argument("--se", required=True, metavar="CỘT", help="cột sai số chuẩn")
    parser.add_argument("--level", type=float, default=0.9, help="mức tin cậy (mặc định 0.9)")
    parser.add_argument(
        "--simultaneous", action="store_true", help="khoảng hạng đúng đồng thời cho mọi đơn vị"
    )
    parser.add_argument("--lower-better", action="store_true", help="hạng 1 cho ước lượng thấp nhất")
    parser.add_argument("--top", type=int, metavar="N", help="đơn vị nào thuộc N hạng đầu")
    parser.add_argument("--draws", type=int, default=10_000, help="số lần mô phỏng (mặc định 10000)")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống mô phỏng (mặc định 1)")
    parser.add_argument("--json", action="store_true", help="in JSON")
    parser.add_argument("--out", type=Path, help="ghi ra tệp")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Rank the units that have an estimate; say why the others have no rank."""
    frame = without_empty_tail(read_frame(options.file, as_text=True))
    estimates = number_column(frame, options.estimate)
    errors = number_column(frame, options.se)
    units = _unit_names(frame, options.unit)
    usable = np.isfinite(estimates) & np.isfinite(errors)
    sign = -1 if options.lower_better else 1

    def sets_of(kind: Kind) -> RankSets:
        rng = np.random.default_rng(options.seed)
        values = sign * estimates[usable]
        return rank_sets(values, errors[usable], level=options.level, kind=kind, draws=options.draws, rng=rng)

    joint = sets_of("simultaneous")
    sets = joint if options.simultaneous else sets_of("marginal")
    given = pl.DataFrame({"unit": units, "estimate": estimates, "se": errors}, nan_to_null=True)
    table = _table(given, usable, sets, tie_groups(joint))
    if options.top is not None:
        table = _with_top(table, usable, sets, options.top)
    if options.json:
        first = "lowest" if options.lower_better else "highest"
        head = {"level": sets.level, "kind": sets.kind, "first": first, "draws": options.draws}
        write_json({**head, "seed": options.seed, "units": table.to_dicts()}, options.out)
    elif options.out:
        write_frame(table, options.out)
    else:
        _print(table, sets, lower_better=options.lower_better)
    return 0


def _unit_names(frame: pl.DataFrame, column: str) -> list[str]:
    names = text_column(frame, column)
    seen: set[str] = set()
    for row, name in enumerate(names, start=2):
        if name is None:
            raise InvalidInput("rank.unit", f"Dòng {row}: thiếu tên đơn vị ở cột “{column}”.", row=row)
        if name in seen:
            raise InvalidInput("rank.unit", f"Dòng {row}: đơn vị “{name}” có hai dòng.", row=row)
        seen.add(name)
    return [name for name in names if name is not None]


def _table(
    given: pl.DataFrame, usable: NDArray[np.bool_], sets: RankSets, groups: NDArray[np.int64]
) -> pl.DataFrame:
    """One row per unit; `groups` always rest on simultaneous evidence, whatever the sets shown."""
    ranked = {
        "rank": sets.rank,
        "low": sets.low,
        "high": sets.high,
        "expected_rank": sets.expected_rank,
        "group": groups,
    }
    places = pl.DataFrame({"row": np.flatnonzero(usable), **ranked})
    reasons = pl.Series("reason", [None if has else NO_ESTIMATE for has in usable], dtype=pl.String)
    rows = given.with_columns(reasons, row=pl.int_range(pl.len(), dtype=pl.Int64))
    return rows.join(places, on="row", how="left", maintain_order="left").select(
        "unit", "estimate", "se", *ranked, "reason"
    )


def _with_top(table: pl.DataFrame, usable: NDArray[np.bool_], sets: RankSets, count: int) -> pl.DataFrame:
    answers = iter(top_membership(sets, count))
    return table.with_columns(top=pl.Series([str(next(answers)) if has else None for has in usable]))


def _print(table: pl.DataFrame, sets: RankSets, *, lower_better: bool) -> None:
    best = "thấp nhất" if lower_better else "cao nhất"
    print(f"Hạng 1 là ước lượng {best}. Khoảng hạng {vi_number(sets.level * 100, 0)} %, {KIND[sets.kind]}.")
    print("Các đơn vị cùng nhóm: số liệu chưa đủ để nói đơn vị nào hơn.")
    width = max(len("Đơn vị"), *map(len, table["unit"]))
    print(f"{'Nhóm':>4}  {'Đơn vị':<{width}}  {'Ước lượng':>10}  {'Sai số':>8}  {'Hạng (khoảng)':>15}")
    for row in table.sort("group", "unit", nulls_last=True).iter_rows(named=True):
        if row["reason"]:
            print(f"{'-':>4}  {row['unit']:<{width}}  không xếp hạng: {row['reason']}")
            continue
        place = f"{row['rank']} ({row['low']}-{row['high']})"
        numbers = f"{vi_number(row['estimate'], 3):>10}  {vi_number(row['se'], 3):>8}"
        top = f"  {MEMBERSHIP[row.get('top') or '']}" if "top" in row else ""
        print(f"{row['group']:>4}  {row['unit']:<{width}}  {numbers}  {place:>15}{top}")
