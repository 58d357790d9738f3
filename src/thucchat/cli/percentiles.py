"""`thucchat percentiles`: growth percentile of each pupil, and of each unit."""

import argparse
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.cli.columns import (
    code_column,
    number_column,
    number_columns,
    text_column,
    without_empty_tail,
)
from thucchat.cli.files import read_frame, write_frame, write_json
from thucchat.cli.parser import Parser
from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.percentiles.curves import growth_curves
from thucchat.engine.growth.percentiles.scores import (
    TIE,
    GrowthPercentiles,
    growth_percentiles,
    percentile_of,
)
from thucchat.engine.growth.percentiles.simex import corrected_curves
from thucchat.engine.growth.percentiles.units import MINIMUM, unit_growth
from thucchat.engine.vietnamese import vi_number

FEW = "dưới {} học sinh có bách phân vị"


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", type=Path, help="CSV, XLSX hoặc Parquet, mỗi học sinh một dòng")
    parser.add_argument("--score", required=True, metavar="CỘT", help="cột điểm hiện tại")
    parser.add_argument(
        "--prior", required=True, nargs="+", action="extend", metavar="CỘT", help="cột điểm đầu vào"
    )
    parser.add_argument("--id", metavar="CỘT", help="cột mã học sinh; bỏ trống thì dùng số thứ tự")
    parser.add_argument("--unit", metavar="CỘT", help="cột lớp, giáo viên hoặc trường để tính trung vị")
    parser.add_argument("--reference", type=Path, metavar="TỆP", help="khoá chuẩn, cùng tên cột")
    parser.add_argument(
        "--prior-se", nargs="+", action="extend", metavar="CỘT", help="cột sai số đo của từng điểm đầu vào"
    )
    parser.add_argument("--curves", type=Path, metavar="TỆP", help="ghi đường cong ra JSON để tính lại")
    parser.add_argument("--level", type=float, default=0.9, help="mức tin cậy (mặc định 0.9)")
    parser.add_argument("--minimum", type=int, default=MINIMUM, help="số học sinh tối thiểu của một đơn vị")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống mô phỏng (mặc định 1)")
    parser.add_argument("--json", action="store_true", help="in JSON")
    parser.add_argument("--out", type=Path, help="ghi ra tệp")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Percentiles of all pupils, with a reason where there is none."""
    frame = without_empty_tail(read_frame(options.file, as_text=True))
    scores, priors = number_column(frame, options.score), number_columns(frame, options.prior)
    reference = _reference(options)
    found = growth_percentiles(scores, priors, reference=reference)
    table = _pupils(frame, options.id, found)
    if options.prior_se:
        table = table.with_columns(corrected=_corrected(frame, options, scores, priors))
    units = _units(frame, table, options) if options.unit else None
    if options.curves:
        _write_curves(reference or (scores, priors), options.prior, options.curves)
    if options.json:
        payload: dict[str, object] = {"converged": found.converged, "pupils": table.to_dicts()}
        write_json(payload if units is None else {**payload, "units": units.to_dicts()}, options.out)
    elif options.out:
        write_frame(table, options.out)
    else:
        _print(table, units)
    return 0


def _reference(options: argparse.Namespace) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    if options.reference is None:
        return None
    frame = read_frame(options.reference, as_text=True)
    return number_column(frame, options.score), number_columns(frame, options.prior)


def _write_curves(
    reference: tuple[NDArray[np.float64], NDArray[np.float64]], columns: list[str], out: Path
) -> None:
    """Curves of the pupils with everything present: with them a percentile can be recomputed by hand."""
    scores, priors = reference
    whole = np.isfinite(scores) & np.isfinite(priors).all(axis=1)
    curves = growth_curves(scores[whole], priors[whole])
    bases = [
        {"prior": column, "knots": basis.knots, "low": basis.low, "high": basis.high}
        for column, basis in zip(columns, curves.bases, strict=True)
    ]
    tie = TIE * float(np.ptp(scores[np.isfinite(scores)]))
    payload = {"taus": curves.taus, "tie": tie, "pupils": curves.pupils, "bases": bases}
    write_json({**payload, "coefficients": curves.coefficients}, out)


def _pupils(frame: pl.DataFrame, column: str | None, found: GrowthPercentiles) -> pl.DataFrame:
    names = text_column(frame, column) if column else [str(row) for row in range(1, len(frame) + 1)]
    percentile = pl.Series(found.percentile, nan_to_null=True).cast(pl.Int64)
    reasons = [str(reason) or None for reason in found.reason]
    return pl.DataFrame(
        {
            "id": pl.Series(names, dtype=pl.String),
            "percentile": percentile,
            "priors_used": found.priors_used,
            "reason": pl.Series(reasons, dtype=pl.String),
        }
    )


def _corrected(
    frame: pl.DataFrame, options: argparse.Namespace, scores: NDArray[np.float64], priors: NDArray[np.float64]
) -> pl.Series:
    """Percentiles on error-corrected curves, for pupils with everything present."""
    errors = number_columns(frame, options.prior_se)
    if errors.shape != priors.shape:
        raise InvalidInput("percentiles.errors", "Mỗi cột --prior cần đúng một cột --prior-se, cùng thứ tự.")
    whole = np.isfinite(scores) & np.isfinite(priors).all(axis=1) & np.isfinite(errors).all(axis=1)
    rng = np.random.default_rng(options.seed)
    curves = corrected_curves(scores[whole], priors[whole], errors[whole], rng=rng)
    result = np.full(len(scores), np.nan)
    result[whole] = percentile_of(
        curves, scores[whole], priors[whole], tie=TIE * float(np.ptp(scores[whole]))
    )
    return pl.Series(result, nan_to_null=True).cast(pl.Int64)


def _units(frame: pl.DataFrame, table: pl.DataFrame, options: argparse.Namespace) -> pl.DataFrame:
    names, codes = code_column(frame, options.unit)
    source = table["corrected"] if "corrected" in table.columns else table["percentile"]
    growth = unit_growth(
        source.cast(pl.Float64).fill_null(np.nan).to_numpy(),
        codes,
        level=options.level,
        minimum=options.minimum,
        rng=np.random.default_rng(options.seed),
    )
    few = FEW.format(options.minimum)
    size = len(growth.pupils)
    reasons = [None if enough else few for enough in growth.enough] + [few] * (len(names) - size)
    columns = ("median", "median_low", "median_high", "mean", "mean_low", "mean_high", "mean_error")
    results = {column: getattr(growth, column) for column in columns}
    return pl.DataFrame(
        {"unit": names[:size], "pupils": growth.pupils, **results}, nan_to_null=True
    ).with_columns(reason=pl.Series(reasons[:size], dtype=pl.String))


def _print(table: pl.DataFrame, units: pl.DataFrame | None) -> None:
    done = table["percentile"].drop_nulls()
    print(f"{len(done)} học sinh có bách phân vị tiến bộ, {len(table) - len(done)} học sinh không có.")
    for reason, count in table["reason"].drop_nulls().value_counts(sort=True).iter_rows():
        print(f"  không có vì {reason}: {count}")
    if units is None:
        print("Dùng --json hoặc --out để lấy kết quả từng học sinh.")
        return
    width = max(len("Đơn vị"), *map(len, units["unit"]))
    print(f"{'Đơn vị':<{width}}  {'Học sinh':>8}  {'Trung vị (khoảng)':>20}  {'Trung bình (khoảng)':>24}")
    for row in units.sort("unit").iter_rows(named=True):
        if row["reason"]:
            print(f"{row['unit']:<{width}}  {row['pupils']:>8}  không có kết quả: {row['reason']}")
            continue
        texts = [
            "{} ({}-{})".format(*(vi_number(row[name + end], 1) for end in ("", "_low", "_high")))
            for name in ("median", "mean")
        ]
        print(f"{row['unit']:<{width}}  {row['pupils']:>8}  {texts[0]:>20}  {texts[1]:>24}")
