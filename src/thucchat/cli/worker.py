"""`thucchat worker`: runs background work."""

import argparse

from thucchat.cli.parser import Parser


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--concurrency", type=int, default=1, help="số công việc chạy cùng lúc")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Work until told to stop; the supervisor starts it again when the database has restarted."""
    from thucchat.web.config.entry import set_up

    set_up()
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's connector has it
    with app.replace_connector(connector) as worker:
        worker.run_worker(concurrency=options.concurrency, delete_jobs="successful")
    return 0
