"""`thucchat equate`: scores of one form on the scale of another, from two files of scores."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.cli.columns import number_column
from thucchat.cli.files import read_frame, write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.equating.forms import Form, Scale, fit_scale, tabulate
from thucchat.engine.measurement.equating.loglinear import Smoothing, default_smoothing
from thucchat.engine.measurement.equating.methods import (
    ANCHOR_METHODS,
    DESIGNS,
    GROUP_METHODS,
    MIDDLES,
    Equating,
    Plan,
    equate,
)
from thucchat.engine.vietnamese import unaccented, vi_number

SCORE_NAMES = ("score", "total", "diem", "tong", "tong diem")
ANCHOR_NAMES = ("anchor", "v", "neo", "diem neo", "phan chung", "diem phan chung")
COUNT_NAMES = ("count", "counts", "freq", "frequency", "n", "so thi sinh", "so luong", "tan so")
FORM_HELP = "cột score [anchor] [count]; mỗi dòng một thí sinh, hoặc một mức điểm kèm số thí sinh"


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file holds, rows without a score left out."""

    scores: NDArray[np.float64]  # (rows,), points
    anchors: NDArray[np.float64] | None  # (rows,), points
    persons: NDArray[np.float64] | None  # (rows,)
    left_out: int  # rows


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    methods = sorted({*GROUP_METHODS, *ANCHOR_METHODS})
    add("--x", type=Path, required=True, help=f"tệp điểm của đề X: {FORM_HELP}")
    add("--y", type=Path, required=True, help="tệp điểm của đề Y, thang điểm đích; cùng dạng")
    add("--design", choices=DESIGNS, required=True, help="eg: hai nhóm tương đương; neat: có phần chung")
    add("--method", choices=methods, required=True, help="phương pháp so bằng điểm")
    add("--smooth", help="làm trơn: loglinear:K, hoặc loglinear:K:L (K bậc của điểm, L bậc của tích chéo)")
    add("--weight", type=float, help="trọng số của nhóm X khi gộp hai nhóm, 0 đến 1; mặc định theo cỡ nhóm")
    sides = ("internal", "external")
    add("--anchor", choices=sides, default=sides[0], help="phần chung nằm trong hay ngoài tổng điểm")
    add("--middle", choices=MIDDLES, default=MIDDLES[0], help="điểm giữa của circle-arc khi có phần chung")
    for option, name in (("", "X"), ("y-", "Y"), ("anchor-", "phần chung")):
        add(f"--{option}min", type=float, help=f"điểm thấp nhất có thể của {name}")
        add(f"--{option}max", type=float, help=f"điểm cao nhất có thể của {name}")
        add(f"--{option}step", type=float, help=f"khoảng cách giữa hai mức điểm của {name}")
    add("--bootstrap", type=int, default=0, metavar="SỐ_LẦN", help="thêm sai số chuẩn bootstrap")
    add("--seed", type=int, default=1, help="hạt giống của bootstrap")
    add("--json", action="store_true", help="in JSON")
    add("--out", type=Path, help="ghi ra tệp")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Equate and print the table."""
    anchored = options.design == "neat"
    files = ("x", options.x), ("y", options.y)
    columns = [_read(path, form, anchored=anchored) for form, path in files]
    plan = Plan(
        design=options.design,
        method=options.method,
        weight=options.weight,
        internal=options.anchor == "internal",
        middle=options.middle,
        smoothing=parse_smoothing(options.smooth),
    )
    rng = np.random.default_rng(options.seed)
    result = equate(*_forms(columns, options), plan, replications=options.bootstrap, rng=rng)
    left_out = sum(part.left_out for part in columns)
    cautions = [*result.cautions, *([f"Đã bỏ {left_out} dòng trống điểm."] if left_out else [])]
    if options.json:
        write_json(_payload(result, plan, cautions), options.out)
    else:
        write_text(_page(result, cautions), options.out)
    return 0


def parse_smoothing(text: str | None) -> Smoothing | None:
    """Read `loglinear:K` or `loglinear:K:L`.

    Raises:
        InvalidInput: `smooth.invalid`.
    """
    if text is None or text == "none":
        return None
    name, *degrees = text.split(":")
    if name != "loglinear" or not 1 <= len(degrees) <= 2 or not all(part.isdecimal() for part in degrees):
        raise InvalidInput("smooth.invalid", f"Không hiểu “{text}”; hãy viết loglinear:6 hoặc loglinear:4:2.")
    if len(degrees) == 1:
        return default_smoothing(int(degrees[0]))
    return Smoothing(int(degrees[0]), int(degrees[1]))


def _read(path: Path, form: str, *, anchored: bool) -> Columns:
    frame = read_frame(path, as_text=True)
    score = _heading(frame, (*SCORE_NAMES, form)) or _only(frame)
    anchor = _heading(frame, ANCHOR_NAMES) if anchored else None
    count = _heading(frame, COUNT_NAMES)
    if score is None or (anchored and anchor is None):
        present = ", ".join(f"“{heading}”" for heading in frame.columns[:20])
        wanted = "“score” (điểm)" if score is None else "“anchor” (điểm phần chung)"
        raise InvalidInput("column.missing", f"Tệp “{path.name}” không có cột {wanted}. Các cột: {present}.")
    scores = number_column(frame, score)
    anchors = None if anchor is None else number_column(frame, anchor)
    persons = None if count is None else number_column(frame, count)
    used = np.isfinite(scores)
    for column in (anchors, persons):
        used &= True if column is None else np.isfinite(column)
    if not used.any():
        raise InvalidInput("scores.missing", f"Tệp “{path.name}” không có dòng nào đủ điểm.")
    return Columns(
        scores[used],
        None if anchors is None else anchors[used],
        None if persons is None else persons[used],
        int((~used).sum()),
    )


def _heading(frame: pl.DataFrame, names: tuple[str, ...]) -> str | None:
    """The first heading that is one of `names`, in whatever case and with or without marks."""
    found = {unaccented(heading).replace("_", " "): heading for heading in reversed(frame.columns)}
    return next((found[name] for name in names if name in found), None)


def _only(frame: pl.DataFrame) -> str | None:
    """The heading of a file with one column, unless it is a number: then the file has no heading."""
    alone = frame.columns[0] if frame.width == 1 else ""
    return alone if alone and not alone[0].isdigit() else None


def _forms(columns: list[Columns], options: argparse.Namespace) -> tuple[Form, Form]:
    x, y = columns
    anchor_scale = None
    if x.anchors is not None and y.anchors is not None:
        anchor_scale = _scale(np.concatenate([x.anchors, y.anchors]), options, "anchor_")
    scales = _scale(x.scores, options, ""), _scale(y.scores, options, "y_")
    first, second = (
        tabulate(scale, part.scores, persons=part.persons, anchor_scale=anchor_scale, anchors=part.anchors)
        for part, scale in zip(columns, scales, strict=True)
    )
    return first, second


def _scale(scores: NDArray[np.float64], options: argparse.Namespace, prefix: str) -> Scale:
    ends = (getattr(options, f"{prefix}{end}") for end in ("min", "max", "step"))
    lowest, highest, step = ends
    return fit_scale(scores, lowest=lowest, highest=highest, step=step)


def _payload(result: Equating, plan: Plan, cautions: list[str]) -> dict[str, object]:
    rows = [
        {"x": float(x), "y": float(y), "se": float(error)}
        for x, y, error in zip(result.x, result.y, result.error, strict=True)
    ]
    if result.bootstrap_error is not None:
        for row, error in zip(rows, result.bootstrap_error, strict=True):
            row["se_bootstrap"] = float(error)
    return {
        "design": plan.design,
        "method": plan.method,
        "smoothing": plan.smoothing,
        "weight": result.weight,
        "persons_x": result.persons_x,
        "persons_y": result.persons_y,
        "cautions": cautions,
        "table": rows,
    }


def _page(result: Equating, cautions: list[str]) -> str:
    lines = [f"{'điểm đề X':>10}  {'tương đương đề Y':>17}  {'sai số chuẩn':>12}"]
    for x, y, error in zip(result.x, result.y, result.error, strict=True):
        score = vi_number(float(x), 0 if float(x).is_integer() else None)
        cells = score, vi_number(float(y), 2), vi_number(float(error), 2)
        lines.append(f"{cells[0]:>10}  {cells[1]:>17}  {cells[2]:>12}")
    lines += [f"Lưu ý: {caution}" for caution in cautions]
    return "\n".join(lines) + "\n"
