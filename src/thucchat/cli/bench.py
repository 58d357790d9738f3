"""`thucchat bench`: runs the named suites and prints what they measured."""

import argparse
from importlib import import_module

from thucchat.cli.parser import Parser

# Name and module of each suite; a suite offers `run(scale: float) -> None` and prints its own table.
SUITES: dict[str, str] = {
    "bank": "thucchat.bench.bank",
    "imports": "thucchat.bench.imports",
    "growth": "thucchat.bench.growth",
    "pages": "thucchat.bench.pages",
    "papers": "thucchat.bench.papers",
    "loop": "thucchat.bench.loop",
    "measurement": "thucchat.bench.measurement",
    "percentiles": "thucchat.bench.percentiles",
    "ledger": "thucchat.bench.ledger",
    "results": "thucchat.bench.results",
    "sheets": "thucchat.bench.sheets",
}


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("suites", nargs="*", help="tên bộ đo: " + ", ".join(SUITES))
    parser.add_argument("--scale", type=float, default=1.0, help="tỉ lệ kích thước, 1 là kích thước công bố")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the chosen suites, or all of them."""
    for name in options.suites or SUITES:
        print(f"== {name}")
        import_module(SUITES[name]).run(options.scale)
    return 0
