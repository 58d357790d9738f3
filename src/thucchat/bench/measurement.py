"""Speed of calibration on generated data, beside the times of R's mirt and TAM.

Peers' seconds were measured on a 2-core machine with mirt 1.47 and TAM 4; where R has them here, they run
side by side. Ratios from the table are honest only on a similar machine.
"""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from thucchat.engine.measurement.irt.calibration import Calibration
from thucchat.engine.measurement.irt.conditional import calibrate_conditional
from thucchat.engine.measurement.irt.items import ItemBank, Model, curves
from thucchat.engine.measurement.irt.latent import even_grid
from thucchat.engine.measurement.irt.many import Outcome, Task, calibrate_many, calibrate_task
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal, expected_abilities
from thucchat.engine.measurement.irt.packing import pack
from thucchat.engine.measurement.irt.posterior import expected_counts
from thucchat.engine.measurement.irt.simulate import simulate_responses
from thucchat.engine.measurement.responses import Responses

WIDTHS = (9, 7, 7, 7, 14, 9, 9)  # of the columns of the first table
PERSONS, ITEMS, MANY = 100_000, 40, 200
# Seconds of (mirt, TAM) at 100,000 persons × 40 items, calibration and, for the 2PL, abilities.
PEERS: dict[str, tuple[float | None, float | None]] = {
    "2pl": (19.5, 7.0),
    "rasch": (9.0, 2.8),
    "3pl": (95.0, None),
    "mixed": (85.0, 22.0),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One generated data set."""

    name: str
    models: tuple[Model, ...]
    responses: Responses


def run(scale: float) -> None:
    """Print all tables."""
    persons = max(int(PERSONS * scale), 2000)
    threads = os.environ.get("OMP_NUM_THREADS", "default")
    print(f"{persons} persons, {os.cpu_count()} cores, BLAS threads {threads}")
    _models_table(persons)
    _pass_table(persons)
    _growth_table(persons)
    _many_table(max(int(MANY * scale), 4), max(int(5000 * min(scale, 1)), 500))
    _million(10 * persons)
    _side_by_side(persons)


def case(name: str, persons: int, items: int = ITEMS, seed: int = 20240901) -> Case:
    """Generated responses: log-normal slopes, normal difficulties within ±2.5, normal abilities."""
    rng = np.random.default_rng([seed, persons, items])
    extra = 8 if name == "mixed" else 0
    first = {"rasch": Model.RASCH, "3pl": Model.THREE_PL}.get(name, Model.TWO_PL)
    models = (first,) * items + (Model.GPCM,) * extra
    parameters = np.zeros((items + extra, 6 if extra else 3))
    slopes = np.ones(items) if name == "rasch" else np.exp(rng.normal(0.1, 0.3, items))
    parameters[:items, 0] = slopes
    parameters[:items, 1] = -slopes * rng.normal(0, 1, items).clip(-2.5, 2.5)
    if name == "3pl":
        guessing = rng.uniform(0.1, 0.25, items)
        parameters[:, -1] = np.log(guessing / (1 - guessing))
    if extra:
        parameters[items:, 0] = np.exp(rng.normal(0, 0.25, extra))
        steps = np.sort(rng.normal(0, 1, (extra, 4)), axis=1)
        parameters[items:, 1:5] = np.cumsum(-parameters[items:, :1] * steps, axis=1)
    names = tuple(f"c{place + 1}" for place in range(items + extra))
    bank = ItemBank(names, models, np.array([2] * items + [5] * extra), parameters)
    return Case(name, models, simulate_responses(bank, rng.standard_normal(persons), rng))


def timed(work: Callable[[], object], repeats: int = 3) -> float:
    """Median seconds."""
    return _timed(work, repeats)[0]


def _timed(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median seconds on the clock and of the processors; they differ on a busy machine."""
    clock, processors = [], []
    for _ in range(repeats):
        start, spent = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        processors.append(time.process_time() - spent)
    return float(np.median(clock)), float(np.median(processors))


def _models_table(persons: int) -> None:
    heads = zip(("seconds", "cpu", "EAP", "steps", "log-lik. gap", "× mirt", "× TAM"), WIDTHS, strict=True)
    print(f"{'model':<8}" + "".join(f"{head:>{width}}" for head, width in heads))
    for name, (mirt, tam) in PEERS.items():
        data = case(name, persons)
        found = calibrate_marginal(data.responses, data.models)
        seconds, cpu = _timed(partial(calibrate_marginal, data.responses, data.models), 3)
        eap = timed(partial(expected_abilities, found, data.responses))
        total = seconds + eap * (name == "2pl")
        peers = (mirt, tam) if persons == PERSONS else (None, None)
        ratios = "".join(f"{_ratio(peer, total):>9}" for peer in peers)
        gap = _gap(data, found)
        steps = found.record.iterations
        print(f"{name:<8}{seconds:>9.3f}{cpu:>7.3f}{eap:>7.3f}{steps:>7}{gap:>14.1e}{ratios}")
    data = case("rasch", persons)
    print(f"{'cml':<8}{timed(lambda: calibrate_conditional(data.responses)):>9.3f}")


def _ratio(peer: float | None, own: float) -> str:
    return "–" if peer is None else f"{peer / own:.0f}"


def _gap(data: Case, found: Calibration) -> float:
    """Relative difference of the log-likelihood to one of all persons, in double precision, on 161 nodes."""
    bank = found.bank
    grid = even_grid(found.latent.mean, found.latent.sd, 161)
    exact = expected_counts(pack(data.responses, double=True), curves(bank, grid.nodes), grid)
    return abs(found.log_likelihood / exact.log_likelihood - 1)


def _pass_table(persons: int) -> None:
    """One pass over the persons against the two matrix products it cannot avoid."""
    data = case("2pl", persons)
    found = calibrate_marginal(data.responses, data.models)
    packed, shape = pack(data.responses), curves(found.bank, found.latent.nodes)
    seconds = timed(lambda: expected_counts(packed, shape, found.latent), 7)
    nodes, rows = len(found.latent.nodes), len(packed.rows)
    left = np.ones((nodes, rows), packed.dtype)
    right = np.ones((rows, 2048), packed.dtype)
    product = timed(lambda: [left @ right for _ in range(50)], 7) / 50
    floor = 2 * product * persons / 2048
    print(f"one pass {1e3 * seconds:.1f} ms, its products {1e3 * floor:.1f} ms: {seconds / floor:.1f}×")


def _growth_table(persons: int) -> None:
    print("growth of the 2PL with persons and items (seconds)")
    for share in (0.25, 0.5, 1.0):
        times = [_seconds_of("2pl", int(persons * share), items) for items in (20, 40, 80)]
        print(
            f"  {int(persons * share):>8} persons × 20, 40, 80 items: " + "  ".join(f"{t:.3f}" for t in times)
        )


def _seconds_of(name: str, persons: int, items: int) -> float:
    data = case(name, persons, items)
    return timed(lambda: calibrate_marginal(data.responses, data.models), 2)


def _many_table(count: int, persons: int) -> None:
    """Calibrations of many districts, through two processes and alone."""
    tasks = [_district(number, persons) for number in range(count)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        list(calibrate_many(tasks[:2], executor))  # started and imported
        start = time.perf_counter()
        outcomes = list(calibrate_many(tasks, executor))
        seconds = time.perf_counter() - start
    alone = [calibrate_task(task) for task in tasks[:5]]
    same = all(_same(one, two) for one, two in zip(alone, outcomes, strict=False))
    print(
        f"{count} calibrations of {persons} on two processes: {seconds:.2f} s; bit for bit as alone: {same}"
    )


def _district(number: int, persons: int) -> Task:
    data = case("2pl", persons, seed=number)
    return Task(str(number), data.responses, data.models, Setting())


def _same(one: Outcome, two: Outcome) -> bool:
    if one.calibration is None or two.calibration is None:
        return one == two
    return np.array_equal(one.calibration.bank.parameters, two.calibration.bank.parameters)


def _million(persons: int) -> None:
    data = case("2pl", persons)
    start = time.perf_counter()
    found = calibrate_marginal(data.responses, data.models)
    expected_abilities(found, data.responses)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{persons} persons, calibration and abilities: {seconds:.2f} s, peak of the bench {peak:.0f} MB")


PEER_SCRIPT = """
x <- as.matrix(read.csv("{file}"))
seconds <- function(work) {{ s <- system.time(work)[["elapsed"]]; s }}
if (requireNamespace("mirt", quietly = TRUE)) {{
  t1 <- seconds(m <- mirt::mirt(as.data.frame(x), 1, verbose = FALSE))
  t2 <- seconds(mirt::fscores(m, method = "EAP"))
  cat(sprintf("mirt 2pl %.2f s, abilities %.2f s, ", t1, t2))
  cat(sprintf("log-likelihood %.4f\\n", mirt::extract.mirt(m, "logLik")))
}} else cat("mirt is not installed\\n")
if (requireNamespace("TAM", quietly = TRUE)) {{
  t3 <- seconds(m <- TAM::tam.mml.2pl(x, verbose = FALSE))
  cat(sprintf("TAM 2pl %.2f s, log-likelihood %.4f\\n", t3, as.numeric(logLik(m))))
}} else cat("TAM is not installed\\n")
"""


def _side_by_side(persons: int) -> None:
    """Run mirt and TAM on the same responses, where R has them."""
    data = case("2pl", persons)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "responses.csv")
        np.savetxt(
            file, data.responses.codes.T, "%d", ",", header=",".join(data.responses.items), comments=""
        )
        print(_output_of(["Rscript", "-e", PEER_SCRIPT.format(file=file.as_posix())]))
    print(f"here: log-likelihood {calibrate_marginal(data.responses, data.models).log_likelihood:.4f}")


def _output_of(command: Sequence[str]) -> str:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=3600
        ).stdout.strip()
    except FileNotFoundError:
        return "R is not installed"
