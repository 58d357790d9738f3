"""`thucchat migrate`: brings the database up to date."""

import argparse

from thucchat.cli.parser import Parser


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:  # noqa: ARG001  every command takes its options
    """Start the embedded database if it is ours, and apply the migrations."""
    from thucchat.web.config.entry import set_up

    set_up()
    from thucchat.web.shared.setup import bring_up_to_date

    bring_up_to_date(verbosity=1)
    print("Cơ sở dữ liệu đã cập nhật.")
    return 0
