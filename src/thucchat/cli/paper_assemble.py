"""`thucchat paper assemble`: parallel forms from a bank in a table and a blueprint in a workbook."""

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from thucchat.cli.draw_files import read_table
from thucchat.cli.files import to_plain, write_json
from thucchat.cli.parser import Parser
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.papers.assembly import (
    Assembly,
    Candidate,
    Wanted,
    assemble,
    cell_name,
    demand_of,
    information_3pl,
)
from thucchat.engine.papers.blueprint import KIND_NAMES, KINDS, Level
from thucchat.engine.papers.blueprint_checks import blueprint_faults
from thucchat.engine.papers.blueprint_reading import read_blueprint
from thucchat.engine.papers.model import Kind

NEEDED = ("id", "topic", "content", "kind", "level")
THETA = "-1.5,-0.5,0.5,1.5"
SHORT = 1


def configure(parser: Parser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "bank", type=Path, help="bảng câu hỏi: id, topic, content, kind, level, unit, a, b, c…"
    )
    parser.add_argument("--blueprint", type=Path, required=True, help="ma trận (.xlsx)")
    parser.add_argument("--forms", type=int, default=1, help="số đề tương đương")
    parser.add_argument("--theta", default=THETA, help=f"các mức năng lực cần đo rõ (mặc định {THETA})")
    parser.add_argument("--shape", help="hình dạng thông tin ở các mức ấy; bỏ trống: bằng nhau")
    parser.add_argument(
        "--anchors", default="", help="mã các câu neo có mặt ở mọi đề, cách nhau bằng dấu phẩy"
    )
    parser.add_argument("--unit-cap", type=int, help="số câu nhiều nhất của một đơn vị trong mỗi đề")
    parser.add_argument("--most-exposure", type=int, help="bỏ câu đã dùng quá số lần này")
    parser.add_argument("--band", type=float, help="thông tin vượt mức thấp nhất không quá phần này, như 0.3")
    parser.add_argument("--gap", type=float, default=0.01, help="cách cận tối ưu nhiều nhất (mặc định 0.01)")
    parser.add_argument("--seconds", type=float, default=60.0, help="thời gian cho mỗi bước giải")
    parser.add_argument("--out", type=Path, help="tệp ghi kết quả thay vì in ra")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Assemble and print the forms; exit code 1 with the list of cells where the bank is short."""
    blueprint = read_blueprint(options.blueprint.read_bytes())
    faults = blueprint_faults(blueprint)
    frame = read_table(options.bank, *NEEDED)
    bank = _candidates(frame, options.bank.name)
    theta, shape = _numbers(options.theta), _numbers(options.shape) if options.shape else None
    information = _information(frame, theta, options.bank.name)
    wanted = Wanted(
        demand_of(blueprint),
        options.forms,
        tuple((shape if shape is not None else np.ones(len(theta))).tolist()) if information.size else (),
        tuple(filter(None, map(str.strip, options.anchors.split(",")))),
        options.unit_cap,
        options.most_exposure,
        options.band,
        options.gap,
        options.seconds,
    )
    messages = [fault.message for fault in faults]
    try:
        made = assemble(bank, information, wanted)
    except NoResult as short:
        if short.code != "assembly.short":
            raise
        return _print_short(options, short, messages)
    _print(options, made, messages)
    return 0


def _print(options: argparse.Namespace, made: Assembly, messages: list[str]) -> None:
    if options.json or options.out:
        write_json({**to_plain(made), "shortages": [], "blueprint_faults": messages}, options.out)
        return
    for message in messages:
        print(f"! {message}")
    for number, form in enumerate(made.forms, start=1):
        print(f"Đề {number}: {', '.join(form)}")
    print(f"Cách cận tối ưu nhiều nhất {made.gap:.2%}".replace(".", ","))


def _print_short(options: argparse.Namespace, short: NoResult, messages: list[str]) -> int:
    if options.json or options.out:
        shortages = to_plain([to_plain(one) for one in _listed(short)])
        write_json({"forms": [], "shortages": shortages, "blueprint_faults": messages}, options.out)
    else:
        for line in (*messages, short.message):
            print(f"! {line}")
    return SHORT


def _listed(short: NoResult) -> tuple[object, ...]:
    found = short.facts["shortages"]
    return found if isinstance(found, tuple) else ()


def _candidates(frame: pl.DataFrame, name: str) -> list[Candidate]:
    return [
        _candidate(row, f"Tệp “{name}” dòng {line}")
        for line, row in enumerate(frame.iter_rows(named=True), start=2)
    ]


def _candidate(row: dict[str, str | None], where: str) -> Candidate:
    if absent := [column for column in NEEDED if not row[column]]:
        raise InvalidInput("cell.blank", f"{where}: ô {', '.join(absent)} trống.")
    kind = _kind(row["kind"] or "", where)
    cells: dict[str, int] = {}
    for text in (row["level"] or "").split(","):
        cell = cell_name(row["topic"] or "", row["content"] or "", (kind, _level(text.strip(), where)))
        cells[cell] = cells.get(cell, 0) + 1
    enemies = tuple(filter(None, map(str.strip, (row.get("enemies") or "").split(","))))
    exposure = row.get("exposure") or "0"
    if not exposure.isdecimal():
        raise InvalidInput("cell.number", f"{where}, cột exposure: “{exposure}” không phải là số nguyên.")
    return Candidate(row["id"] or "", cells, row.get("unit") or "", enemies, int(exposure))


def _kind(text: str, where: str) -> Kind:
    for kind in KINDS:
        if text.lower() in {kind, KIND_NAMES[kind].lower()}:
            return kind
    raise InvalidInput("cell.kind", f"{where}: loại “{text}” phải là một trong {', '.join(KINDS)}.")


def _level(text: str, where: str) -> Level:
    for level in Level:
        if text.lower() == level.lower():
            return level
    message = f"{where}: mức “{text}” phải là Biết, Hiểu hoặc Vận dụng (câu đúng – sai: bốn mức, dấu phẩy)."
    raise InvalidInput("cell.level", message)


def _information(frame: pl.DataFrame, theta: np.ndarray, name: str) -> np.ndarray:
    """(items, points); an item without a difficulty brings none, and nothing at all means no target."""
    if "b" not in frame.columns or frame["b"].is_null().all():
        return np.zeros((len(frame), 0))
    columns = []
    for column, default in (("a", 1.0), ("b", None), ("c", 0.0)):
        texts = frame[column] if column in frame.columns else pl.Series([None] * len(frame), dtype=pl.String)
        values = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        wrong = (values.is_null() & texts.is_not_null()).arg_true()
        if len(wrong):
            line = int(wrong[0]) + 2
            raise InvalidInput("cell.number", f"Tệp “{name}” dòng {line}, cột {column}: không phải là số.")
        columns.append((values if default is None else values.fill_null(default)).to_numpy())
    a, b, c = columns
    return np.nan_to_num(information_3pl(a, b, c, theta=theta), nan=0.0)


def _numbers(text: str) -> np.ndarray:
    try:
        return np.array([float(part) for part in text.split(",")])
    except ValueError:
        raise InvalidInput("option.numbers", f"“{text}” phải là các số cách nhau bằng dấu phẩy.") from None
