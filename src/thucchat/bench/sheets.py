"""Speed and accuracy of answer sheets, on sheets printed, filled and damaged here.

Speed is processor time of one core, decoding included. Accuracy compares reading with the labels: `scan`
and `photo` are ordinary captures, the other kinds are hard ones.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.journal import Journal
from thucchat.engine.sheets.batch.run import read_batch
from thucchat.engine.sheets.distort.accuracy import Outcome, compare
from thucchat.engine.sheets.distort.suite import Case, make_cases, write_cases
from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.layout_files import load_layout
from thucchat.engine.sheets.printing.sheets import PrintedSheet, print_sheets
from thucchat.engine.sheets.reading.images import Image, capture_bytes, decode, header_sizes
from thucchat.engine.sheets.reading.page import SheetReading, measure_page, settle

PRINTED = 500
SPEED_SHEETS = 40
BATCH_SHEETS = 400
CHUNK = 20
FIRST_SEED = 100_000
TALLEST_AT_150 = 1800  # pixels
WORKERS = 2
HEADINGS = (
    "layout",
    "kind",
    "severity",
    "sheets",
    "marks",
    "wrong, nobody asked",
    "sheets with one",
    "marks right, %",
    "sheets to a person",
    "of them set aside",
    "wrong identity",
)
# Layout, kind, severity, sheets.
PLAN = (
    ("2025", "scan", 1, 1800),
    ("bo-2025", "scan", 1, 300),
    ("truoc-2025", "scan", 1, 500),
    ("lop-a5", "scan", 1, 200),
    ("tieu-hoc", "scan", 1, 200),
    ("tu-luan", "scan", 1, 100),
    ("2025", "photo", 1, 500),
    ("truoc-2025", "photo", 1, 100),
    ("tieu-hoc", "photo", 1, 100),
    ("2025", "photo", 2, 200),
    ("2025", "photo", 3, 100),
    ("2025", "bw", 1, 100),
    ("2025", "streaks", 1, 100),
    ("2025", "cropped", 1, 100),
    ("2025", "cropped", 3, 100),
    ("2025", "damp", 1, 100),
    ("2025", "damp", 2, 100),
    ("2025", "photocopy", 1, 100),
    ("2025", "light", 2, 100),
    ("2025", "rubbed", 2, 100),
    ("2025", "ticks", 1, 50),
    ("2025", "crosses", 1, 50),
    ("2025", "struck", 1, 100),
    ("2025", "scan", 3, 100),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Seeds of one row of the plan that one process makes and reads."""

    layout: str
    kind: str
    severity: float
    seeds: range


def run(scale: float) -> None:
    """Print the tables; `scale` changes the number of sheets."""
    cv2.setNumThreads(1)
    _printing()
    _reading()
    _batches(max(SPEED_SHEETS, round(BATCH_SHEETS * scale)))
    _accuracy(scale)


def _printing() -> None:
    layout = load_layout("2025")
    walls, processors = [], []
    for turn in range(1, 4):  # other candidates each time: the typesetter remembers what it has set before
        numbers = range(turn * PRINTED, (turn + 1) * PRINTED)
        sheets = [PrintedSheet(f"{n:08d}", "0101", f"{n:06d}", {"name": "Nguyễn Văn A"}) for n in numbers]
        begun, used = time.perf_counter(), time.process_time()
        size = len(print_sheets(layout, sheets))
        walls.append(time.perf_counter() - begun)
        processors.append(time.process_time() - used)
    print(
        f"print {PRINTED} pre-filled sheets: {min(walls):.2f} s, of the processor {min(processors):.2f} s, "
        f"{size / 1e6:.1f} MB (target 1 s)"
    )


def _reading() -> None:
    layout = load_layout("2025")
    for kind, size, target in (("scan", "150 dpi", 20), ("photo12", "12 megapixels", 4)):
        cases = list(islice(_sized(layout, kind), SPEED_SHEETS))
        for case in cases[:2]:
            read_case(layout, case)
        begun = time.thread_time()
        for case in cases:
            read_case(layout, case)
        rate = len(cases) / (time.thread_time() - begun)
        print(f"read {kind} {size}, {len(cases)} sheets: {rate:.1f} sheets/s per core (target {target})")


def _batches(sheets: int) -> None:
    """Half a batch, a whole one, and the whole one by two workers."""
    layout = load_layout("2025")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for half in ("a", "b"):
            first = FIRST_SEED + sheets * (half == "b")
            write_cases(
                folder / "all" / half, make_cases(layout, "scan", 1, range(first, first + sheets // 2))
            )
        runs = [
            _batch(folder / "all" / which, folder / f"{which}{workers}", layout, workers)
            for which, workers in (("a", 1), (".", 1), (".", 2))
        ]
    (part, _), (whole, _), (shared, _) = runs
    memory = max(peak for _, peak in runs)
    print(
        f"batch of {sheets} scans: {whole:.1f} s, half of it {part:.1f} s; two workers {shared:.1f} s, "
        f"{whole / shared:.2f} times as fast; memory of a worker {memory:.0f} MB (target 300)"
    )


def _batch(source: Path, out: Path, layout: Layout, workers: int) -> tuple[float, float]:
    """Seconds, and the most memory that a worker ever had, MB."""
    peak = 0.0

    def watch(_done: int, _total: int) -> None:
        nonlocal peak
        peak = max([peak, *(_most_memory(one.pid) for one in multiprocessing.active_children())])

    begun = time.perf_counter()
    with Journal(out, layout) as journal:
        read_batch(source, journal, layout, workers, watch)
    return time.perf_counter() - begun, peak


def _most_memory(process: int | None) -> float:
    """MB; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)


def _sized(layout: Layout, kind: str) -> Iterator[Case]:
    """Cases of one kind; of scans only those at 150 dpi."""
    count = SPEED_SHEETS * (5 if kind == "scan" else 1)
    for case in make_cases(layout, kind, 1, range(FIRST_SEED, FIRST_SEED + count)):
        [(_, height)] = header_sizes(capture_bytes(case.name, case.image))
        if kind != "scan" or height < TALLEST_AT_150:
            yield case


def read_case(layout: Layout, case: Case) -> SheetReading:
    """Read one labelled image as the command line would."""
    shot = capture_bytes(case.name, case.image)
    image = decode(shot)
    if isinstance(image, InvalidInput):
        raise image

    def finer() -> Image | None:
        larger = decode(shot, full=True)
        return None if isinstance(larger, InvalidInput) else larger

    return settle(layout, measure_page(image, layout, finer))


def read_part(part: Part) -> Outcome:
    """Make and read the sheets of a part."""
    cv2.setNumThreads(1)
    layout = load_layout(part.layout)
    total = Outcome()
    for case in make_cases(layout, part.kind, part.severity, part.seeds):
        total += compare(read_case(layout, case), case.truth.candidate, case.truth.code, case.truth.answers)
    return total


def _accuracy(scale: float) -> None:
    print("\n| " + " | ".join(HEADINGS) + " |\n" + "|---" * len(HEADINGS) + "|")
    whole = Outcome()
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        for layout, kind, severity, sheets in PLAN:
            count = max(2, round(sheets * scale))
            parts = [
                Part(
                    layout, kind, severity, range(FIRST_SEED + start, FIRST_SEED + min(start + CHUNK, count))
                )
                for start in range(0, count, CHUNK)
            ]
            outcome = sum(pool.map(read_part, parts), Outcome())
            whole += outcome
            print(_row(layout, kind, str(severity), outcome), flush=True)
    print(_row("all", "", "", whole))


def _row(layout: str, kind: str, severity: str, outcome: Outcome) -> str:
    return "| " + " | ".join([layout, kind, severity, *figures(outcome)]) + " |"


def figures(outcome: Outcome) -> list[str]:
    """What HEADINGS name after layout, kind and severity."""
    right = 100 * outcome.right_marks / outcome.marks
    counts = [outcome.sheets, outcome.marks, outcome.wrong_marks, outcome.wrong_sheets]
    after = [outcome.review_sheets, outcome.set_aside, outcome.wrong_identity]
    return [*map(str, counts), f"{right:.3f}", *map(str, after)]
