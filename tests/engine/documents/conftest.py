"""A small report with groups and a national standing, for charts and documents."""

import polars as pl
import pytest

from thucchat.engine.measurement.results.national import parse_target, standing
from thucchat.engine.measurement.results.report import Comparison, Origin, results_report
from thucchat.engine.tables import GROUP_SIZES, PROVINCE_MEANS, SCORE_COUNTS, IgnoredColumn

COUNTS = [
    ("Xã A", "toan", "scored", 425, 6),
    ("Xã A", "toan", "scored", 800, 4),
    ("=Xã B", "toan", "scored", 505, 30),
    ("=Xã B", "van", "scored", 1000, 1),
]
MEANS = [
    (year, province, "Toan", 10, mean)
    for year, province, mean in ((2023, "Điện Biên", 5.0), (2023, "Hà Nội", 6.0), (2024, "Điện Biên", 7.0))
]


@pytest.fixture(scope="session")
def report():
    means = pl.DataFrame(MEANS, schema=PROVINCE_MEANS, orient="row")
    return results_report(
        pl.DataFrame(COUNTS, schema=SCORE_COUNTS, orient="row"),
        pl.DataFrame([("Xã A", 12), ("=Xã B", 31)], schema=GROUP_SIZES, orient="row"),
        ["toan", "van", "su"],
        origin=Origin(
            "Kết quả #1 *thử*", "diem.csv", "ab" * 32, "0.1.0", ignored=(IgnoredColumn("sbd", "mã"),)
        ),
        comparison=Comparison("Xã", minimum=5),
        standing=standing(means, "Điện Biên", parse_target("+1")),
    )
