"""`thucchat bench ledger`: how fast an export of five million events is checked."""

import resource
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from thucchat.engine.custody.chain import START
from thucchat.engine.custody.ledger_check import check

EVENTS = 5_000_000
LIMIT = 60  # seconds
BODY = (
    '{"actor":%d,"at":"2025-01-18T05:00:00.000000Z","facts":{"to":"accepted"},'
    '"subject":"quality.handover","subject_id":%d,"unit":"1/12/340/"}'
)


def run(scale: float) -> None:
    """Write a ledger, check it against its own root, and print what it took."""
    count = int(EVENTS * scale)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        _write(path, count)
        began, cpu = time.perf_counter(), time.process_time()
        with path.open("rb") as lines:
            verdict = check(lines)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        megabytes = path.stat().st_size / 2**20
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{verdict.size:,} events, {megabytes:,.0f} MB, {len(verdict.faults)} faults")
    print(
        f"checked in {wall:.1f} s (CPU {cpu:.1f} s, limit {LIMIT * scale:.1f} s), peak memory {memory:.0f} MB"
    )


def _write(path: Path, count: int) -> None:
    previous = START
    with path.open("w") as file:
        for sequence in range(1, count + 1):
            body = BODY % (sequence % 9000, sequence)
            signed = f'[{sequence},"handover.accepted",{body},"{previous}"'
            previous = sha256(f"{signed}]".encode()).hexdigest()
            file.write(f'{signed},"{previous}"]\n')
