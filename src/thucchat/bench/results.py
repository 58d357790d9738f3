"""Analysis of a national-size result file: one million candidates, nine subjects, from CSV and Parquet.

Whole commands are timed, from start to written JSON, against a program that only reads and averages.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

CANDIDATES, SCHOOLS = 1_000_000, 500
LIMIT = 10.0  # seconds for one million candidates
SUBJECTS = ("toan", "van", "ngoai_ngu", "li", "hoa", "sinh", "su", "dia", "gdcd")
COMMAND = str(Path(sys.executable).with_name("thucchat"))
PEER = (
    "import sys, polars as pl; path = sys.argv[1]; "
    "scan = pl.scan_parquet if 'parquet' in path else pl.scan_csv; "
    f"scan(path).select(pl.col{SUBJECTS}.cast(pl.Float64).mean()).collect()"
)


def run(scale: float) -> None:
    """Print seconds, growth from a tenth of the size, and the ratio to the reading program."""
    print(f"{'tệp':<26}{'thí sinh':>10}{'giây':>8}{'gấp cỡ 1/10':>15}{'so với chỉ đọc':>16}")
    people = max(1000, int(CANDIDATES * scale))
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("csv", "parquet"):
            for grouped in (False, True):
                _measure(Path(folder), suffix, grouped=grouped, people=people)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"Giới hạn {LIMIT:.0f} giây cho {CANDIDATES} thí sinh; bộ nhớ cao nhất {peak:.0f} MB.")


def _measure(folder: Path, suffix: str, *, grouped: bool, people: int) -> None:
    small, large = (_write(folder, suffix, count) for count in (people // 10, people))
    options = ["--by", "truong"] if grouped else []
    options += ["--json", "--out", str(folder / "out.json")]
    tenth = _seconds([COMMAND, "analyse", "results", str(small), *options])
    seconds = _seconds([COMMAND, "analyse", "results", str(large), *options])
    read = _seconds([sys.executable, "-c", PEER, str(large)])
    name = f"{suffix}{f', {SCHOOLS} trường' if grouped else ''}"
    growth, ratio = f"×{seconds / tenth:.1f}", f"×{seconds / read:.1f}"
    print(f"{name:<26}{people:>10}{seconds:>8.2f}{growth:>15}{ratio:>16}")


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def _write(folder: Path, suffix: str, people: int) -> Path:
    path = folder / f"{people}.{suffix}"
    if path.exists():
        return path
    rng = np.random.default_rng(2025)
    columns: dict[str, pl.Series] = {
        "sbd": pl.Series(np.arange(10_000_000, 10_000_000 + people)).cast(pl.String)
    }
    for place, subject in enumerate(SUBJECTS):
        scores = np.round(rng.normal(6, 1.6, people).clip(0, 10) * 20) / 20
        absent = rng.random(people) < (0.05 if place < 3 else 0.5)
        columns[subject] = pl.Series(scores).set(pl.Series(absent), None)
    columns["truong"] = pl.Series(rng.integers(0, SCHOOLS, people)).cast(pl.String)
    frame = pl.DataFrame(columns)
    if suffix == "csv":
        frame.write_csv(path)
    else:
        frame.write_parquet(path)
    return path
