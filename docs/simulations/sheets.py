"""Accuracy of reading answer sheets, on sheets with known content; fills docs/sheets.md.

Run: python docs/simulations/sheets.py PART [scale], PART one of suite, free, tools, foreign, audit, kills.

suite    the plan of `thucchat bench sheets`: every layout, severities stated, seeds from 100000 on
free     free layouts (`td-A-B-C`) of the structures that papers have, and of full pages
tools    sheets filled, turned and packed by other programs: pdftoppm, ImageMagick, LibreOffice
foreign  forms drawn as other programs draw them, fitted by pointing (tests/engine/sheets/foreign.py)
audit    10,000 simulated batches and schools over the limit: how many pass
kills    reading killed 500 times: what is lost or doubled
"""

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from other_tools import PIPELINES, make_by_tools
from tables import put_table

from thucchat.bench.sheets import CHUNK, FIRST_SEED, HEADINGS, PLAN, WORKERS, Part, figures, read_part
from thucchat.cli.main import main
from thucchat.engine.sheets.audit import audit_stages, judge_mean
from thucchat.engine.sheets.batch.journal import Journal, read_journal
from thucchat.engine.sheets.batch.run import read_batch
from thucchat.engine.sheets.distort.accuracy import Outcome, compare
from thucchat.engine.sheets.distort.suite import make_cases, write_cases
from thucchat.engine.sheets.layout_files import load_layout
from thucchat.engine.sheets.reading.images import capture, pages
from thucchat.engine.sheets.reading.page import measure_page, settle

PAGE = Path(__file__).parents[1] / "sheets.md"
ORDINARY = {("scan", 1), ("bw", 1), ("streaks", 1)}
FREE = ("td-18-4-6", "td-12-4-6", "td-24-4-0", "td-40-0-0", "td-0-8-6", "td-40-8-6", "td-100-0-0")
FOREIGN = (
    ("scan", 1),
    ("scan", 2),
    ("bw", 1),
    ("photocopy", 1),
    ("damp", 1),
    ("photo", 1),
    ("photo", 2),
    ("photo", 3),
)
BATCHES = 10_000
KILL_SHEETS = 150
KILL_AFTER = (0.3, 2.2)  # seconds; a worker starts in about one
KILLS = {"at any moment": (False, 500), "after a page was written": (True, 100)}
Key = tuple[str, str, int]


def suite(scale: float) -> None:
    """Every row of the plan, then ordinary scans, photographs and everything together."""
    table(PLAN, "suite", scale)


def free(scale: float) -> None:
    """Free layouts, scanned and photographed, ordinary and hard."""
    hard = (("bw", 1), ("damp", 2), ("cropped", 3), ("photo", 2))
    plan = [(name, kind, 1, 60) for name in FREE for kind in ("scan", "photo")]
    plan += [(name, *one, 20) for name in FREE for one in hard]
    table(plan, "free", scale)


def table(plan: Sequence[tuple[str, str, int, int]], name: str, scale: float) -> None:
    """Measure the rows of a plan (layout, kind, severity, sheets) and their sums into the table `name`."""
    rows, sums = [], {"ordinary scans": Outcome(), "photographs": Outcome(), "all": Outcome()}
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        for layout, kind, severity, sheets in plan:
            count = max(2, round(sheets * scale))
            starts = range(0, count, CHUNK)
            seeds = [range(FIRST_SEED + start, FIRST_SEED + min(start + CHUNK, count)) for start in starts]
            parts = [Part(layout, kind, severity, one) for one in seeds]
            outcome = sum(pool.map(read_part, parts), Outcome())
            rows.append([layout, kind, str(severity), *figures(outcome)])
            print(rows[-1], flush=True)
            sums["all"] += outcome
            if (kind, severity) in ORDINARY:
                sums["ordinary scans"] += outcome
            if kind == "photo":
                sums["photographs"] += outcome
    rows += [[f"**{title}**", "", "", *figures(outcome)] for title, outcome in sums.items()]
    put_table(PAGE, name, heading=HEADINGS, rows=rows)


def tools(scale: float) -> None:
    """Sheets that other programs rasterised, filled, turned and packed."""
    rows = []
    for name in ("2025", "bo-2025", "truoc-2025", "lop-a5", "tieu-hoc", "td-18-4-6"):
        layout = load_layout(name)
        for pipeline in PIPELINES:
            total = Outcome()
            with tempfile.TemporaryDirectory() as folder:
                for path, truth in make_by_tools(Path(folder), layout, pipeline, max(1, round(10 * scale))):
                    for image in pages(capture(path)):
                        reading = settle(layout, measure_page(image, layout))
                        total += compare(reading, truth.candidate, truth.code, truth.answers)
            rows.append([name, pipeline, *figures(total)])
            print(rows[-1], flush=True)
    put_table(PAGE, "tools", heading=("layout", "how", *HEADINGS[3:]), rows=rows)


def foreign(scale: float) -> None:
    """Forms of others."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.engine.sheets.foreign import STYLES, read_many

    rows = []
    for style in STYLES:
        for kind, severity in FOREIGN:
            outcome = read_many(style, kind, severity, range(1000, 1000 + max(1, round(20 * scale))))
            rows.append([style, kind, str(severity), *figures(outcome)])
            print(rows[-1], flush=True)
    put_table(PAGE, "foreign", heading=("form", *HEADINGS[1:]), rows=rows)


def passing(stages: Sequence[int], wrong: int, sheets: int, rng: np.random.Generator) -> float:
    """Share of batches with `wrong` of `sheets` that pass at some stage; sheets are drawn one by one."""
    passed = 0
    for _ in range(BATCHES):
        places = np.sort(rng.choice(sheets, wrong, replace=False))
        found = [int((places < size).sum()) for size in stages]
        passed += any(count <= stage for stage, count in enumerate(found))
    return passed / BATCHES


def audit(_: float) -> None:
    """Batches just over 0.1 %, and schools whose mean is overstated."""
    rng = np.random.default_rng(2026)
    rows = []
    for stages in (1, 4):
        sizes = audit_stages(0.001, stages=stages)
        for sheets, wrong in ((12_000, 13), (100_000, 101), (100_000, 150), (100_000, 200)):
            share = passing([min(size, sheets) for size in sizes], wrong, sheets, rng)
            what = f"{sheets} sheets, {100 * wrong / sheets:.3f} % wrong, {stages} stage(s)"
            rows.append([what, str(BATCHES), f"{100 * share:.2f}"])
    for margin, share in ((0.25, 0.02), (0.25, 0.3), (0.10, 0.02), (0.10, 0.3)):
        rows.append(school(margin, share, rng))
    put_table(PAGE, "audit", heading=("simulated", "times", "passed, %"), rows=rows)


def school(margin: float, share: float, rng: np.random.Generator) -> list[str]:
    """A school of 400 whose mean is overstated by exactly `margin` on a `share` of its sheets."""
    passed = 0
    for _ in range(BATCHES):
        paper = rng.beta(2.5, 2.5, 400) * 10
        given = paper.copy()
        given[: round(400 * share)] += margin / share
        mean = float(given.mean())
        draws = judge_mean(np.zeros(0), mean, margin).needed
        chosen = rng.choice(400, draws, p=given / given.sum())
        passed += judge_mean(1 - paper[chosen] / given[chosen], mean, margin).passed
    what = f"school of 400, mean overstated by {margin} on {100 * share:.0f} % of sheets"
    return [what, str(BATCHES), f"{100 * passed / BATCHES:.2f}"]


def kills(scale: float) -> None:
    """Kill runs and their workers: at any moment from the start, and once a run has written a page."""
    layout = load_layout("lop-a5")
    rows = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        write_cases(place / "quet", make_cases(layout, "scan", 1, range(700_000, 700_000 + KILL_SHEETS)))
        with Journal(place / "calm", layout) as calm:
            read_batch(place / "quet", calm, layout, WORKERS)
        whole = {one.key for one in calm.records}
        for moment, (waits, kills_wanted) in KILLS.items():
            counts = killed_often(place, whole, max(1, round(kills_wanted * scale)), waits=waits)
            rows.append([moment, *map(str, counts)])
    heading = ("killed", "kills", "batches they fell on", "sheets", "lost", "doubled")
    put_table(PAGE, "kills", heading=heading, rows=rows)


def killed_often(place: Path, whole: set[Key], wanted: int, *, waits: bool) -> tuple[int, ...]:
    """Kills, batches, sheets, and what was lost or doubled in them."""
    rng = np.random.default_rng(500)
    layout = load_layout("lop-a5")
    killed = rounds = lost = doubled = 0
    while killed < wanted:
        rounds += 1
        out = place / f"{waits}-{rounds}.csv"
        killed += kills_of_round(place / "quet", out, rng, (wanted - killed, waits))
        keys = [one.key for one in read_journal(Path(f"{out}.journal"), layout)]
        lost += len(whole - set(keys))
        doubled += len(keys) - len(set(keys))
    return killed, rounds, rounds * KILL_SHEETS, lost, doubled


def kills_of_round(folder: Path, out: Path, rng: np.random.Generator, plan: tuple[int, bool]) -> int:
    """Kill runs over one journal until one comes to its end; how many were killed."""
    most, waits = plan
    journal = Path(f"{out}.journal")
    for count in range(most + 1):
        before = journal.stat().st_size if journal.exists() else 0
        child = started(folder, out)
        end = time.monotonic() + (rng.uniform(*KILL_AFTER) if count < most else 600)
        while time.monotonic() < end:
            if os.waitpid(child, os.WNOHANG)[0]:
                return count
            if waits and count < most and (not journal.exists() or journal.stat().st_size <= before):
                end = time.monotonic() + rng.uniform(0, 0.5)  # counted anew until a page is written
            time.sleep(0.005)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return most


def started(folder: Path, out: Path) -> int:
    """A run of `thucchat sheet read` in a process group of its own."""
    child = os.fork()
    if not child:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        words = ["sheet", "read", str(folder), "-l", "lop-a5", "--workers", "1", "--out", str(out)]
        os._exit(main(words))
    return child


PARTS: dict[str, Callable[[float], None]] = {
    "suite": suite,
    "free": free,
    "tools": tools,
    "foreign": foreign,
    "audit": audit,
    "kills": kills,
}

if __name__ == "__main__":
    PARTS[sys.argv[1]](float(sys.argv[2]) if len(sys.argv) > 2 else 1.0)
