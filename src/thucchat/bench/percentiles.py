"""Growth percentiles and rank sets: our times, beside R's quantreg where it is installed.

All in seconds of processor time, which other work on the machine disturbs least; neither side uses threads.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.growth.percentiles.curves import TAUS, growth_curves
from thucchat.engine.growth.percentiles.scores import percentile_of
from thucchat.engine.growth.percentiles.splines import design
from thucchat.engine.growth.ranks.sets import rank_sets

T = TypeVar("T")
PUPILS, LARGEST, SCHOOLS, DRAWS = 120_000, 1_000_000, 500, 10_000
REPEATS = 3
# Reads the design and the scores, fits all quantiles, prints seconds and the losses.
R_SCRIPT = """
suppressMessages(library(quantreg))
words <- commandArgs(TRUE)
rows <- as.integer(words[2]); columns <- as.integer(words[3])
table <- matrix(readBin(words[1], "double", rows * (columns + 1)), rows)
X <- table[, 1:columns]; y <- table[, columns + 1]
taus <- (0:99 + 0.5) / 100
fit <- switch(words[4], fn = rq.fit.fnb, pfn = rq.fit.pfn)
start <- sum(proc.time()[1:2])
b <- sapply(taus, function(tau) fit(X, y, tau)$coefficients)
seconds <- sum(proc.time()[1:2]) - start
r <- y - X %*% b
cat(seconds, sum(sapply(1:100, function(k) sum(r[, k] * (taus[k] - (r[, k] < 0))))))
"""


def run(scale: float) -> None:
    """Print the table of times."""
    _percentiles(int(PUPILS * scale))
    for size in (10_000, 100_000, LARGEST):
        scores, priors = cohort(int(size * scale))
        _print(f"{len(scores)} học sinh", _timed(partial(growth_curves, scores, priors), 1)[0])
    _ranks()


def _percentiles(pupils: int) -> None:
    scores, priors = cohort(pupils)
    seconds, curves = _timed(partial(growth_curves, scores, priors))
    print("100 đường bách phân vị, 2 điểm đầu vào (giây CPU)")
    _print(f"{pupils} học sinh", seconds)
    X = design(curves.bases, priors)
    ours = _loss(X, scores, curves.coefficients)
    for method in ("fn", "pfn"):
        peer = _quantreg(X, scores, method)
        if peer is None:
            print("  (không có R quantreg trên máy này)")
            break
        note = f"{peer[0] / seconds:.1f} lần; tổn thất của ta / của R = {ours / peer[1]:.12f}"
        _print(f"R quantreg, {method}", peer[0], note)
    _print("bách phân vị của từng học sinh", _timed(partial(percentile_of, curves, scores, priors, tie=0))[0])


def _ranks() -> None:
    rng = np.random.default_rng(1)
    errors = 0.8 / np.sqrt(rng.integers(8, 500, SCHOOLS))
    estimates = 0.2 * rng.standard_normal(SCHOOLS) + errors * rng.standard_normal(SCHOOLS)
    print(f"khoảng hạng của {SCHOOLS} trường, {DRAWS} lần mô phỏng (giây CPU)")
    joint = partial(rank_sets, estimates, errors, kind="simultaneous", draws=DRAWS, rng=rng)
    _print("đồng thời", _timed(joint)[0])
    _print("từng trường", _timed(partial(rank_sets, estimates, errors, kind="marginal", rng=rng))[0])


def _print(what: str, seconds: float, note: str = "") -> None:
    print(f"  {what:<40}{seconds:>9.2f}  {note}".rstrip())


def cohort(pupils: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores and two priors on the 0-10 scale, in steps of 0.25, of pupils in 500 schools."""
    rng = np.random.default_rng(11)
    ability = rng.standard_normal(pupils)
    school = 0.3 * rng.standard_normal(SCHOOLS)[rng.integers(0, SCHOOLS, pupils)]
    true = [0.9 * ability + school, ability, 0.9 * ability]
    table = [5.5 + 1.7 * (0.92 * level + 0.5 * rng.standard_normal(pupils)) for level in true]
    marks = np.clip(np.round(np.column_stack(table) * 4) / 4, 0, 10)
    return marks[:, 0], marks[:, 1:]


def _timed(act: Callable[[], T], repeats: int = REPEATS) -> tuple[float, T]:
    """Best of some repeats, and the last result."""
    times, result = [], None
    for _ in range(repeats):
        start = process_time()
        result = act()
        times.append(process_time() - start)
    return min(times), cast("T", result)


def _loss(X: NDArray[np.float64], y: NDArray[np.float64], planes: NDArray[np.float64]) -> float:
    total = 0.0
    for tau, plane in zip(TAUS, planes, strict=True):
        residual = y - X @ plane
        total += float((residual * (tau - (residual < 0))).sum())
    return total


def _quantreg(X: NDArray[np.float64], y: NDArray[np.float64], method: str) -> tuple[float, float] | None:
    """Seconds and total loss of R on the same design, None without R or quantreg."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder, "design.bin"), Path(folder, "fit.R")
        np.column_stack([X, y]).ravel(order="F").tofile(data)
        script.write_text(R_SCRIPT)
        words = [program, str(script), str(data), str(len(y)), str(X.shape[1]), method]
        answer = subprocess.run(words, capture_output=True, text=True, check=False)
    if answer.returncode:
        return None
    seconds, loss = answer.stdout.split()
    return float(seconds), float(loss)
