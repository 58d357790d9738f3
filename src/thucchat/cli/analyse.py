"""`thucchat analyse`: sub-commands over result and response files, each imported only when asked for."""

import argparse
from importlib import import_module

from thucchat.cli.parser import Parser

# Name, the module that configures and runs it, what it does.
KINDS = {
    "results": ("thucchat.cli.results", "phổ điểm và thống kê của một tệp kết quả thi"),
    "national": ("thucchat.cli.national", "thứ hạng của một tỉnh trong bảng điểm trung bình toàn quốc"),
    "responses": ("thucchat.cli.responses", "phân tích câu hỏi từ bảng bài làm"),
}


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    listed = "; ".join(f"{name}: {purpose}" for name, (_, purpose) in KINDS.items())
    parser.add_argument("kind", choices=list(KINDS), metavar="LOẠI", help=listed)
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="tham số của loại đó")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Hand the rest of the line to the chosen sub-command."""
    module, purpose = KINDS[options.kind]
    parser = Parser(prog=f"thucchat analyse {options.kind}", description=purpose)
    import_module(module).configure(parser)
    chosen = parser.parse_args(options.rest)
    return int(chosen.run(chosen) or 0)
