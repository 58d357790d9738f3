"""`thucchat serve`: the web site and its worker, until stopped."""

import argparse

from thucchat.cli.parser import Parser


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe")
    parser.add_argument("--port", type=int, default=8000, help="cổng")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Bring the database up to date, then serve."""
    from thucchat.web.config.entry import set_up

    set_up()
    from thucchat.web.config.serving import serve

    return serve(options.host, options.port, {})
