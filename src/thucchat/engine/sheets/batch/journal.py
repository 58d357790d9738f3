"""The journal of a batch: lines only ever added, each safe on disk before it counts as done.

A batch killed at any moment goes on from its journal; a line torn by the kill is cut off, its page read
again.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.records import PageRecord, parse_record
from thucchat.engine.sheets.layout import Layout

FORMAT = "thucchat-sheets-1"


class Journal:
    """An open journal; use as a context manager."""

    def __init__(self, path: Path, layout: Layout) -> None:
        """Open or begin the journal at `path`.

        Raises:
            InvalidInput: `journal.broken`, `journal.layout` when it belongs to another layout.
        """
        self.path = path
        self.records = _existing(path, layout)
        self._file = path.open("ab")
        if path.stat().st_size == 0:
            self._write([json.dumps({"format": FORMAT, "layout": layout.name, "map": layout.fingerprint})])

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, records: Iterable[PageRecord]) -> None:
        """Append records that are not there yet; when this returns they survive a power cut."""
        known = {one.key for one in self.records}
        fresh = [one for one in records if one.key not in known]
        self._write([one.line() for one in fresh])
        self.records.extend(fresh)

    def _write(self, lines: list[str]) -> None:
        if lines:
            self._file.write("".join(line + "\n" for line in lines).encode())
            self._file.flush()
            os.fsync(self._file.fileno())


def is_journal(path: Path) -> bool:
    """Whether a file begins as a journal."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return FORMAT.encode() in file.read(200)


def read_journal(path: Path, layout: Layout) -> list[PageRecord]:
    """All whole records of a journal, without touching it."""
    return _parsed(path, path.read_bytes(), layout)[0]


def _existing(path: Path, layout: Layout) -> list[PageRecord]:
    if not path.exists():
        return []
    content = path.read_bytes()
    records, whole = _parsed(path, content, layout)
    if whole < len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())
    return records


def _parsed(path: Path, content: bytes, layout: Layout) -> tuple[list[PageRecord], int]:
    """Records, and how many bytes are whole lines."""
    whole = content.rfind(b"\n") + 1
    lines = content[:whole].decode("utf-8", errors="replace").splitlines()
    if not lines:
        return [], 0
    try:
        head = json.loads(lines[0])
        records = [parse_record(line) for line in lines[1:]]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            "journal.broken", f"Nhật ký “{path.name}” bị hỏng, không đọc tiếp được."
        ) from error
    if head.get("format") != FORMAT or head.get("map") != layout.fingerprint:
        name = head.get("layout", "?")
        raise InvalidInput(
            "journal.layout",
            f"Nhật ký “{path.name}” thuộc mẫu phiếu “{name}” khác mẫu đang dùng; hãy đổi tên tệp kết quả.",
        )
    return records, whole
