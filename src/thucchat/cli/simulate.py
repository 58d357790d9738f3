"""`thucchat simulate`: fills an empty database with a synthetic province, or writes its tables to files."""

import argparse
import time
from datetime import date
from pathlib import Path

from thucchat.cli.parser import Parser
from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.province import simulate_province

SHOWN_DAY = date(2025, 6, 30)  # the year is over, and its exams are known


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--scale", type=float, default=0.05, help="tỉ lệ so với cả tỉnh, 0,01 đến 10 (mặc định 0,05)"
    )
    parser.add_argument("--seed", type=int, default=2024, help="hạt giống: cùng số cho cùng một tỉnh")
    parser.add_argument(
        "--day", type=date.fromisoformat, default=SHOWN_DAY, help="dữ liệu như biết đến ngày này"
    )
    parser.add_argument(
        "--out", type=Path, help="ghi các bảng ra thư mục (Parquet), không dùng cơ sở dữ liệu"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Simulate, then load or write."""
    started = time.monotonic()
    province, _ = simulate_province(options.scale, options.seed)
    print(f"Đã mô phỏng {province.pupils.height} học sinh trong {time.monotonic() - started:.1f} giây.")
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        for name, frame in province.frames().items():
            frame.write_parquet(options.out / f"{name}.parquet")
        return 0
    from thucchat.web.config.entry import set_up

    set_up()
    from django.db import transaction

    from thucchat.web.org.models import Unit
    from thucchat.web.people.actions.loading import load_province, tidy_tables
    from thucchat.web.shared.setup import bring_up_to_date

    bring_up_to_date()
    with transaction.atomic(using="owner"):
        if Unit.objects.using("owner").exists():
            raise InvalidInput(
                "simulate.not_empty", "Cơ sở dữ liệu đã có đơn vị; chỉ nạp được vào cơ sở dữ liệu trống."
            )
        counts = load_province(province, on=options.day)
    tidy_tables()
    print(f"Đã nạp {sum(counts.values())} dòng trong {time.monotonic() - started:.1f} giây kể từ đầu.")
    return 0
