"""`thucchat demo`: builds or reopens the demonstration province and serves it."""

import argparse
import os

from thucchat.cli.parser import Parser
from thucchat.cli.simulate import SHOWN_DAY


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe")
    parser.add_argument("--port", type=int, default=8000, help="cổng")
    parser.add_argument(
        "--scale", type=float, default=0.1, help="tỉ lệ so với cả tỉnh, dùng khi dựng lần đầu"
    )
    parser.add_argument("--seed", type=int, default=2024, help="hạt giống, dùng khi dựng lần đầu")
    parser.add_argument("--build-only", action="store_true", help="dựng xong thì thôi, không phục vụ")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Keep the demonstration apart from real data, in a state of its own, on a day of its own."""
    from thucchat.web.config.place import state_folder

    home = state_folder()
    environment = {
        "THUCCHAT_DEMO": "1",
        "THUCCHAT_DAY": SHOWN_DAY.isoformat(),
        "THUCCHAT_STATE": str(home / "demo"),
    }
    os.environ |= environment
    from thucchat.web.config.entry import set_up

    set_up()
    from thucchat.web.config.demonstration import build, tell
    from thucchat.web.config.serving import serve

    build(options.scale, options.seed)
    tell(options.host, options.port)
    return 0 if options.build_only else serve(options.host, options.port, environment)
