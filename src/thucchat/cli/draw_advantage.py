"""`thucchat draw advantage`: did a unit's own items favour its own pupils, once papers are marked?"""

import argparse
import sys
from pathlib import Path

from thucchat.cli.columns import find_column
from thucchat.cli.draw_files import read_pairs
from thucchat.cli.files import to_plain, write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.cli.response_files import add_response_arguments, number_table, read_responses
from thucchat.engine.measurement.dif.bundle import OwnItems, own_items
from thucchat.engine.vietnamese import vi_number


def configure(parser: Parser) -> None:
    """Add the arguments."""
    add_response_arguments(parser)
    parser.add_argument("--unit", required=True, metavar="CỘT", help="cột đơn vị của thí sinh")
    parser.add_argument("--owners", type=Path, required=True, help="bảng item, unit: ai đề xuất câu nào")
    parser.add_argument("--level", type=float, default=0.05, help="tỉ lệ phát hiện sai; mặc định 0,05")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print one line a unit."""
    table = read_responses(
        options.file, identity=options.id, pattern=options.item_pattern, used=(options.unit,)
    )
    units = [unit or "" for unit in table.others[find_column(table.others, options.unit)].to_list()]
    owners = read_pairs(options.owners, "item", "unit")
    found = own_items(number_table(table), table.items, units, owners, options.level)
    if options.json:
        write_json({"level": options.level, "units": [to_plain(one) for one in found]}, options.out)
    else:
        write_text("".join(f"{_line(one)}\n" for one in found), options.out)
    for caveat in table.caveats:
        print(f"Lưu ý: {caveat}", file=sys.stderr)
    return 0


def _line(one: OwnItems) -> str:
    head = f"{one.unit}: {one.items} câu của mình, {one.pupils} học sinh"
    if one.effect is None or one.error is None or one.adjusted_p is None:
        return f"{head}; không tính được: {one.reason}"
    size = f"{vi_number(one.effect, 2)} điểm (sai số {vi_number(one.error, 2)})"
    verdict = "có lợi rõ, cần hỏi lại" if one.flagged else "không thấy có lợi"
    return f"{head}; lệch {size}, p hiệu chỉnh {vi_number(one.adjusted_p, 3)}: {verdict}"
