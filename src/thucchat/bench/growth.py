"""Mixed models of value added: nested and crossed, 10,000 to 1,000,000 pupils, beside lme4 where R has it.

Published size: 120,000 pupils, 6,000 teachers in 500 schools in 10 districts; the crossed design adds the
teacher before: 5 % of pupils come from another school, one in five of them from any school of the province.
Every measurement runs in a process of its own, which also reports its peak memory.
"""

import resource
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.growth.mixed.design import Design, RandomTerm
from thucchat.engine.growth.mixed.fit import fit_mixed

PUBLISHED = 120_000
SIZES = (10_000, 30_000, PUBLISHED, 300_000, 1_000_000)
PER_TEACHER, TEACHERS, SCHOOLS = 20, 12, 50  # pupils a teacher, teachers a school, schools a district
NEAR, FAR = 0.04, 0.01  # shares of pupils from one of the 50 schools around, and from any school
FIXED = ("(Intercept)", "prior1", "prior2", "sex", "status")
REPEATS, QUICK = 5, 2.0  # a fit of less than two seconds is repeated, and the best time counts
SLOWEST_PEER = 3600  # seconds after which lme4 is stopped

# Reads little-endian doubles, column after column; prints seconds and criterion. The time includes what
# ours includes: estimates, effects and their conditional variances.
PEER = """
args <- commandArgs(TRUE); suppressMessages(library(lme4))
n <- as.integer(args[2]); names <- strsplit(args[3], ",")[[1]]
d <- as.data.frame(matrix(readBin(args[1], "double", n * length(names)), n)); names(d) <- names
for (g in setdiff(names, c("y", "prior1", "prior2", "sex", "status"))) d[[g]] <- factor(d[[g]])
groups <- paste0("(1|", rev(setdiff(names, c("y", "prior1", "prior2", "sex", "status"))), ")", collapse = "+")
f <- as.formula(paste("y ~ prior1 + prior2 + sex + status +", groups))
t0 <- proc.time()[[3]]; m <- lmer(f, d); t1 <- proc.time()[[3]]
if (args[4] == "effects") r <- ranef(m, condVar = TRUE)
cat(t1 - t0, proc.time()[[3]] - t0, format(REMLcrit(m), digits = 16))
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One fit."""

    pupils: int
    effects: int  # number of random effects
    seconds: float  # from arrays to estimates, effects and their errors
    criterion: float
    criterion_error: float  # 0 when exact
    megabytes: float  # peak of the process


def province(pupils: int, *, crossed: bool) -> Design:
    """A made-up province with known shape, the same for the same size."""
    rng = np.random.default_rng(1)
    schools = max(pupils // (PER_TEACHER * TEACHERS), 4)
    teacher = np.repeat(np.arange(schools * TEACHERS), PER_TEACHER)
    school = teacher // TEACHERS
    district = school * max(schools // SCHOOLS, 2) // schools
    before = _school_before(school, rng) * TEACHERS + rng.integers(0, TEACHERS, len(teacher))
    groups = {"teacher": teacher} | ({"before": before} if crossed else {})
    groups |= {"school": school, "district": district}
    fixed = _pupil_columns(len(teacher), rng)
    response = fixed @ np.array([0.0, 0.5, 0.2, 0.1, 0.1]) + 0.5 * rng.normal(size=len(teacher))
    for name, sd in {"teacher": 0.2, "before": 0.12, "school": 0.2, "district": 0.15}.items():
        if name in groups:
            response += sd * rng.normal(size=groups[name].max() + 1)[groups[name]]
    return Design(response, fixed, FIXED, tuple(_term(name, codes) for name, codes in groups.items()))


def _school_before(school: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    draw, last = rng.random(len(school)), school.max()
    near = np.clip(school + rng.integers(-SCHOOLS // 2, SCHOOLS // 2 + 1, len(school)), 0, last)
    anywhere = rng.integers(0, last + 1, len(school))
    return np.where(draw < NEAR, near, np.where(draw < NEAR + FAR, anywhere, school))


def _pupil_columns(rows: int, rng: np.random.Generator) -> NDArray[np.float64]:
    first = rng.normal(size=rows)
    second = 0.7 * first + 0.7 * rng.normal(size=rows)
    return np.column_stack([np.ones(rows), first, second, rng.integers(0, 2, rows), rng.normal(size=rows)])


def _term(name: str, codes: NDArray[np.int64]) -> RandomTerm:
    present, numbers = np.unique(codes, return_inverse=True)
    return RandomTerm(name, name, ("(Intercept)",), tuple(map(str, present.tolist())), numbers[None, :])


def measure(pupils: int, *, crossed: bool) -> Measured:
    """Fit one province and report."""
    design = province(pupils, crossed=crossed)
    seconds = np.inf
    for _ in range(REPEATS):
        start = time.perf_counter()
        fit = fit_mixed(design)
        seconds = min(seconds, time.perf_counter() - start)
        if seconds > QUICK:
            break
    return Measured(
        design.rows,
        sum(term.nodes for term in design.random),
        seconds,
        fit.criterion,
        fit.criterion_error,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _apart(pupils: int, *, crossed: bool) -> Measured:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(measure, 2_000, crossed=crossed).result()  # imports and first calls are not the fit's
        return pool.submit(measure, pupils, crossed=crossed).result()


def peer(pupils: int, *, crossed: bool) -> tuple[float, float] | None:
    """Seconds and criterion of lme4 on the same rows, or None where R or lme4 is absent or too slow.

    Effects with their variances are asked for in the nested design only: in the crossed one they take
    lme4 longer than the fit, and are left out in its favour.
    """
    if shutil.which("Rscript") is None:
        return None
    design = province(pupils, crossed=crossed)
    names = ["y", *FIXED[1:], *(term.name for term in design.random)]
    columns = [design.response, *design.fixed.T[1:], *(term.codes[0] for term in design.random)]
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder, "rows"), Path(folder, "peer.R")
        np.stack([column.astype("<f8") for column in columns]).tofile(data)
        script.write_text(PEER, encoding="ascii")
        wanted = "fit" if crossed else "effects"
        command = ["Rscript", str(script), str(data), str(design.rows), ",".join(names), wanted]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SLOWEST_PEER)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return None
    _, seconds, criterion = done.stdout.split()
    return float(seconds), float(criterion)


def run(scale: float) -> None:
    """Print the table."""
    print(f"{'design':<8}{'pupils':>10}{'effects':>9}{'seconds':>9}{'MB':>7}{'criterion':>18}", end="")
    print(f"{'lme4 s':>9}{'ratio':>8}{'rel. diff.':>12}")
    for crossed in (False, True):
        for size in SIZES:
            pupils = max(int(size * scale), 2_000)
            ours = _apart(pupils, crossed=crossed)
            theirs = peer(pupils, crossed=crossed) if size == PUBLISHED else None
            print(_line("crossed" if crossed else "nested", ours, theirs), flush=True)


def _line(name: str, ours: Measured, theirs: tuple[float, float] | None) -> str:
    text = f"{name:<8}{ours.pupils:>10,}{ours.effects:>9,}{ours.seconds:>9.3f}{ours.megabytes:>7.0f}"
    text += f"{ours.criterion:>18.6f}"
    if ours.criterion_error:
        text += f" ± {ours.criterion_error:.3f}"
    if theirs is None:
        return text
    seconds, criterion = theirs
    return f"{text}{seconds:>9.1f}{seconds / ours.seconds:>7.0f}x{abs(ours.criterion / criterion - 1):>12.1e}"
