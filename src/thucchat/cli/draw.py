"""`thucchat draw`: freezes a pool, draws from it, and verifies minutes, all over files and off-line."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from thucchat.cli.draw_advantage import configure as configure_advantage
from thucchat.cli.draw_files import read_pairs, read_pool, read_rules, read_source
from thucchat.cli.files import write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.engine.errors import EngineError, InvalidInput
from thucchat.engine.papers.draw.ceremony import (
    DrawFault,
    announcement_file,
    conduct,
    minutes_faults,
    minutes_file,
    minutes_fingerprint,
    read_announcement,
    read_minutes,
    rehearse,
    series_faults,
)
from thucchat.engine.papers.draw.model import Announcement, Chance, Minutes
from thucchat.engine.papers.draw.seed import announcement_fingerprint, commit, new_value, pool_root
from thucchat.engine.papers.draw.text import announcement_text, minutes_text

NOT_PROVED = 1


def configure(parser: Parser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(title="việc cần làm", required=True, metavar="VIỆC")
    for name, (help_text, configure_action) in ACTIONS.items():
        configure_action(actions.add_parser(name, help=help_text, description=help_text))


def _configure_commit(parser: Parser) -> None:
    parser.add_argument("--round", required=True, help="mã kỳ bốc thăm")
    parser.add_argument("--unit", required=True, help="mã đơn vị")
    parser.add_argument("--number", default="", help="con số đơn vị tự chọn")
    parser.add_argument("--out", type=Path, help="tệp ghi kết quả thay vì in ra")
    parser.set_defaults(run=run_commit)


def _configure_freeze(parser: Parser) -> None:
    parser.add_argument("pool", type=Path, help="bảng id, unit, fingerprint (hoặc file), cell, size")
    parser.add_argument("--round", required=True, help="mã kỳ bốc thăm")
    parser.add_argument("--title", required=True, help="tên cuộc bốc thăm")
    parser.add_argument("--at", required=True, help="lúc chốt, như 2025-01-19T08:00:00")
    parser.add_argument("--source", action="append", required=True, metavar="LOẠI:TÊN", help=SOURCE_HELP)
    parser.add_argument("--commitments", type=Path, help="bảng unit, commitment")
    parser.add_argument("--weights", type=Path, help="bảng unit, weight; bỏ trống: bằng nhau")
    parser.add_argument("--matrix", type=Path, help="bảng cell, count; bỏ trống: bốc cả đề")
    parser.add_argument("--forms", type=int, help="số đề bốc, đề đầu chính thức, sau dự phòng")
    parser.add_argument("--form-cap", type=int, help="trần của một đơn vị trong mỗi đề")
    parser.add_argument("--draw-cap", type=int, help="trần của một đơn vị trong cả lần bốc")
    parser.add_argument("--own-cap", type=int, help="đơn vị dự thi làm đề có không quá số phần này của mình")
    parser.add_argument("--sitting", type=Path, help="bảng có cột unit: các đơn vị dự thi")
    parser.add_argument("--previous", type=Path, help="biên bản lần bốc trước của cùng kỳ")
    parser.add_argument("--reason", help="vì sao bốc lại")
    _add_output(parser)
    parser.set_defaults(run=run_freeze)


def _configure_new(parser: Parser) -> None:
    parser.add_argument("announcement", type=Path, help="thông báo do `draw freeze` ghi")
    parser.add_argument("--reveals", type=Path, help="bảng unit, value: giá trị các đơn vị mở")
    parser.add_argument("--closed-at", required=True, help="lúc đóng phần mở cam kết")
    parser.add_argument("--result", action="append", required=True, metavar="TÊN=CHỮ SỐ", help=RESULT_HELP)
    parser.add_argument("--results-at", required=True, help="lúc có kết quả công khai")
    _add_output(parser)
    parser.set_defaults(run=run_new)


def _configure_verify(parser: Parser) -> None:
    parser.add_argument("minutes", type=Path, nargs="+", help="biên bản JSON; nhiều lần bốc thì nêu đủ")
    parser.add_argument("--expect", help="mã biên bản in trên bản giấy đã ký")
    parser.add_argument("--announcement", help="mã thông báo đã công bố trước khi bốc")
    parser.add_argument("--text", type=Path, help="bản chữ của biên bản, để so từng chữ")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.set_defaults(run=run_verify)


SOURCE_HELP = "nguồn công khai, nêu tên trước: dice:…, lottery:… hoặc beacon:…"
RESULT_HELP = "kết quả của một nguồn đã nêu; xúc xắc và xổ số: chữ số, beacon: hex"
ACTIONS: dict[str, tuple[str, Callable[[Parser], None]]] = {
    "commit": ("tạo giá trị bí mật và cam kết cho một đơn vị", _configure_commit),
    "freeze": ("chốt danh sách đề và quy tắc, ra thông báo trước khi bốc", _configure_freeze),
    "new": ("bốc thăm theo thông báo đã chốt, ra biên bản", _configure_new),
    "verify": ("tính lại biên bản và nêu mọi chỗ sai", _configure_verify),
    "advantage": ("học sinh của đơn vị có lợi ở câu do đơn vị mình đề xuất không", configure_advantage),
}


def _add_output(parser: Parser) -> None:
    parser.add_argument("--out", type=Path, help="tệp JSON sẽ ghi")
    parser.add_argument("--text", type=Path, help="tệp chữ sẽ ghi, để in và ký")
    parser.add_argument("--json", action="store_true", help="in JSON thay vì bản chữ")


def run_commit(options: argparse.Namespace) -> int:
    """Make a value that cannot be guessed, and its commitment."""
    value = new_value(options.number)
    commitment = commit(options.round, options.unit, value)
    write_json({"unit": options.unit, "value": value, "commitment": commitment}, options.out)
    return 0


def run_freeze(options: argparse.Namespace) -> int:
    """Write the announcement."""
    pool = read_pool(options.pool)
    previous = read_minutes(_text_of(options.previous)) if options.previous else None
    if previous is not None and previous.announcement.round != options.round:
        raise InvalidInput("draw.again", f"Biên bản trước thuộc kỳ “{previous.announcement.round}”.")
    stated = read_pairs(options.weights, "unit", "weight") if options.weights else {}
    announcement = Announcement(
        options.round,
        previous.announcement.number + 1 if previous else 1,
        options.title,
        options.at,
        read_rules(options),
        pool,
        {entry.unit: _weight(stated.get(entry.unit, "1")) for entry in pool},
        read_pairs(options.commitments, "unit", "commitment") if options.commitments else {},
        tuple(map(read_source, options.source)),
        previous=minutes_fingerprint(previous) if previous else None,
        reason=options.reason,
    )
    rehearse(announcement)
    _write(options, announcement_file(announcement), announcement_text(announcement))
    return 0


def _weight(text: str) -> int:
    if not text.isdecimal():
        raise InvalidInput("draw.weights", f"Trọng số “{text}” không phải là số nguyên từ 1.")
    return int(text)


def run_new(options: argparse.Namespace) -> int:
    """Draw and write the minutes."""
    announcement = read_announcement(_text_of(options.announcement))
    results = dict(map(_result, options.result))
    reveals = read_pairs(options.reveals, "unit", "value") if options.reveals else {}
    minutes = conduct(announcement, Chance(reveals, options.closed_at, results, options.results_at))
    _write(options, minutes_file(minutes), minutes_text(minutes))
    return 0


def _result(text: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign:
        raise InvalidInput("draw.results", f"“{text}” phải có dạng TÊN=CHỮ SỐ.")
    return name.strip(), "".join(value.split()).lower()


def _write(options: argparse.Namespace, json_text: str, text: str) -> None:
    if options.out:
        write_text(json_text, options.out)
    if options.text:
        write_text(text, options.text)
    if options.json or not (options.out or options.text):
        write_text(json_text if options.json else text)


def run_verify(options: argparse.Namespace) -> int:
    """Say whether the minutes hold; exit code 1 where they do not."""
    reports, read = [], []
    for path in options.minutes:
        faults: list[DrawFault] = []
        try:
            minutes = read_minutes(_text_of(path))
        except EngineError as error:
            reports.append(_report(path, None, [DrawFault(error.code, error.message)]))
            continue
        read.append(minutes)
        faults += [*minutes_faults(minutes), *_outside_faults(options, minutes)]
        reports.append(_report(path, minutes, faults))
    series = [{"code": fault.code, "message": fault.message} for fault in series_faults(read)]
    valid = not series and all(report["valid"] for report in reports)
    if options.json:
        write_json({"valid": valid, "minutes": reports, "series": series})
    else:
        _print_verdict(reports, series)
    return 0 if valid else NOT_PROVED


def _outside_faults(options: argparse.Namespace, minutes: Minutes) -> list[DrawFault]:
    """Differences from what left the building on paper."""
    faults = []
    if options.expect and options.expect.strip().lower() != minutes_fingerprint(minutes):
        faults.append(DrawFault("draw.paper", "Mã biên bản khác với mã trên bản giấy đã ký."))
    fixed = announcement_fingerprint(minutes.announcement)
    if options.announcement and options.announcement.strip().lower() != fixed:
        faults.append(DrawFault("draw.announcement", "Mã thông báo khác với mã đã công bố trước khi bốc."))
    if options.text and _text_of(options.text) != minutes_text(minutes):
        faults.append(DrawFault("draw.text", "Bản chữ của biên bản không khớp bản JSON."))
    return faults


def _report(path: Path, minutes: Minutes | None, faults: list[DrawFault]) -> dict[str, Any]:
    report: dict[str, Any] = {"file": str(path), "valid": not faults}
    report["faults"] = [{"code": fault.code, "message": fault.message} for fault in faults]
    if minutes is not None:
        announcement = minutes.announcement
        report |= {"round": announcement.round, "number": announcement.number, "seed": minutes.seed}
        report |= {"fingerprint": minutes_fingerprint(minutes), "root": pool_root(announcement.pool)}
        report |= {"announcement": announcement_fingerprint(announcement)}
        report |= {"forms": minutes.selection.forms, "withheld": minutes.withheld}
    return report


def _print_verdict(reports: list[dict[str, Any]], series: list[dict[str, str]]) -> None:
    for report in reports:
        print(f"{report['file']}: {'ĐÚNG' if report['valid'] else 'SAI'}")
        if "fingerprint" in report:
            print(f"  Mã biên bản: {report['fingerprint']}\n  Mã thông báo: {report['announcement']}")
        for fault in report["faults"]:
            print(f"  ! {fault['message']}")
    for fault in series:
        print(f"! {fault['message']}")


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise InvalidInput("draw.file", f"Tệp “{path.name}” không phải là văn bản UTF-8.") from None
