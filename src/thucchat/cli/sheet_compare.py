"""`thucchat sheet compare`: what became of an earlier reading."""

import argparse
from dataclasses import asdict
from pathlib import Path

import polars as pl

from thucchat.cli.files import read_frame, write_frame, write_json
from thucchat.cli.parser import Parser
from thucchat.engine.sheets.batch.roots import Change


def configure_compare(parser: Parser) -> None:
    """Add the arguments."""
    parser.add_argument("before", type=Path, help="kết quả đọc trước (CSV), như tại phòng thi")
    parser.add_argument("after", type=Path, help="kết quả đọc sau, như tại nơi chấm hoặc quét lại")
    parser.add_argument("--out", type=Path, help="ghi bảng khác biệt (CSV, XLSX, Parquet)")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.set_defaults(run=run_compare)


def run_compare(options: argparse.Namespace) -> int:
    """Say what differs between two readings; 1 when anything does."""
    from thucchat.engine.sheets.batch.roots import batch_roots, changes

    before, after = (read_frame(one, as_text=True) for one in (options.before, options.after))
    found = changes(before, after)
    roots = {name: asdict(batch_roots(one)) for name, one in (("before", before), ("after", after))}
    plain = [asdict(one) for one in found]
    if options.out:
        schema = dict.fromkeys(("candidate", "what", "where", "before", "after", "erased"), pl.String)
        write_frame(pl.DataFrame(plain, schema=schema), options.out)
    if options.json:
        write_json({"roots": roots, "changes": plain})
    else:
        print("\n".join(_change_line(one) for one in found) or "Hai lần đọc giống hệt nhau.")
    return int(bool(found))


def _change_line(one: Change) -> str:
    if one.what == "answer":
        trace = f", còn vết tẩy ở {one.erased}" if one.erased else ""
        return f"SBD {one.candidate}, câu {one.where}: “{one.before}” thành “{one.after}”{trace}"
    words = {"image.gone": "không còn ảnh đã chụp", "image.new": "có ảnh mới"}
    return f"SBD {one.candidate or '?'}: {words[one.what]} {one.where} ({one.before[:16]}…)"
