"""Checks an exported ledger with the standard library alone; this file runs by itself, too.

    python3 ledger_check.py FILE [ROOT ...]     each ROOT as printed in minutes: “THUCCHAT-SO 1200 5f3a…”

A line is [sequence, kind, body, previous, hash] as canonical JSON. The hash is SHA-256 of the same line
without its last element, so the letters of the file themselves are what is proved.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

START = b"0" * 64
TAIL = re.compile(rb'"([0-9a-f]{64})","([0-9a-f]{64})"\]\n?\Z')
TAIL_LENGTH = 134  # of `"previous","hash"]`
HEAD = re.compile(rb'\[([1-9][0-9]*),"')
PRINTED = re.compile(r"(?:THUCCHAT-SO )?([1-9][0-9]*)[ :]([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, from one event to another; where a root differs, the change lies among them."""

    code: str  # `line`, `sequence`, `previous`, `hash`, `cut` or `root`
    first: int
    last: int

    @property
    def message(self) -> str:
        return MESSAGES[self.code].format(first=self.first, last=self.last)


MESSAGES = {
    "line": "Dòng {first} không phải là một sự kiện.",
    "sequence": "Dòng {first} lẽ ra là sự kiện {first}, nhưng lại là sự kiện {last}.",
    "previous": "Sự kiện {first} không nối với sự kiện đứng trước.",
    "hash": "Nội dung sự kiện {first} không khớp mã của nó.",
    "cut": "Thiếu sự kiện từ {first} đến {last}: chúng đã có trong mã gốc đã in.",
    "root": "Trong các sự kiện từ {first} đến {last} có chỗ khác với mã gốc đã in.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the ledger holds; `root` is over all of it."""

    size: int
    root: str
    faults: tuple[Fault, ...]


def read_root(text: str) -> tuple[int, str] | None:
    """Size and root of a printed line; None for any other text."""
    found = PRINTED.fullmatch(text.strip().lower().replace("thucchat-so", "THUCCHAT-SO"))
    return (int(found[1]), found[2]) if found else None


def check(lines: Iterable[bytes], roots: Iterable[tuple[int, str]] = ()) -> Verdict:
    """Go through the ledger once, in constant memory."""
    held = sorted(set(roots))
    faults: list[Fault] = []
    tops: dict[int, str] = {}
    sizes = {size for size, _ in held}
    peaks: list[bytes] = []
    size, expected, before = 0, 1, START
    for size, line in enumerate(lines, 1):
        tail = TAIL.match(line, max(0, len(line.rstrip(b"\n")) - TAIL_LENGTH))
        head = HEAD.match(line)
        if not tail or not head:
            faults.append(Fault("line", size, size))
            _grow(peaks, size, line)
            continue
        place, (previous, own) = int(head[1]), tail.groups()
        if place != expected:
            faults.append(Fault("sequence", expected, place))
        if previous != before:
            faults.append(Fault("previous", place, place))
        if sha256(line[: tail.start(2) - 2] + b"]").hexdigest().encode() != own:
            faults.append(Fault("hash", place, place))
        expected, before = place + 1, own
        _grow(peaks, size, bytes.fromhex(own.decode()))
        if size in sizes:
            tops[size] = _top(peaks)
    return Verdict(size, _top(peaks), (*faults, *_root_faults(held, tops, size)))


def _grow(peaks: list[bytes], size: int, record: bytes) -> None:
    peak = sha256(b"\0" + record).digest()
    while size % 2 == 0:
        peak, size = sha256(b"\1" + peaks.pop() + peak).digest(), size // 2
    peaks.append(peak)


def _top(peaks: Sequence[bytes]) -> str:
    if not peaks:
        return sha256().hexdigest()
    top = peaks[-1]
    for peak in reversed(peaks[:-1]):
        top = sha256(b"\1" + peak + top).digest()
    return top.hex()


def _root_faults(held: Sequence[tuple[int, str]], tops: dict[int, str], size: int) -> Iterator[Fault]:
    good = 0  # the largest root that holds: what differs comes later
    for root_size, root in held:
        if root_size > size:
            yield Fault("cut", size + 1, root_size)
            return
        if tops.get(root_size) != root:
            yield Fault("root", good + 1, root_size)
            return
        good = root_size


def main(arguments: Sequence[str]) -> int:
    """Print the verdict; 0 when all holds, 1 when not, 2 when a root cannot be read."""
    path, *texts = arguments
    roots = [read_root(text) for text in texts]
    if None in roots:
        print("Lỗi: mã gốc phải có dạng “THUCCHAT-SO số mã”.", file=sys.stderr)  # noqa: T201  a program
        return 2
    with Path(path).open("rb") as lines:
        verdict = check(lines, [root for root in roots if root])
    for fault in verdict.faults:
        print(f"! {fault.message}")  # noqa: T201  a program
    print(f"{'SAI' if verdict.faults else 'ĐÚNG'}: THUCCHAT-SO {verdict.size} {verdict.root}")  # noqa: T201
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
