"""The result of a batch: one row per sheet, in file order, with what only the whole batch can tell.

Columns: file, page, layout, candidate, code, one per question, then COLUMNS_AFTER.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import polars as pl

from thucchat.engine.sheets.batch.records import PageRecord
from thucchat.engine.sheets.layout import CANDIDATE, Layout
from thucchat.engine.sheets.reading.page import SheetReading, settle
from thucchat.engine.sheets.reading.settings import Thresholds

COLUMNS_BEFORE = ("file", "page", "layout", "candidate", "code")
COLUMNS_AFTER = (
    "flags",
    "review",
    "confidence",
    "serial",
    "candidate_bubbles",
    "candidate_printed",
    "code_bubbles",
    "code_printed",
    "erased",
    "version",
    "sha256",
    "message",
)
DUPLICATE, FOREIGN = "candidate:duplicate", "candidate:foreign"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One page of the batch with its reading and its place among the others."""

    record: PageRecord
    reading: SheetReading | None  # None when the file itself could not be read
    version: int  # 1 for the first capture of a candidate's sheet; a re-scan is the next
    extra: tuple[str, ...]  # flags that only the batch tells

    @property
    def flags(self) -> tuple[str, ...]:
        """Everything remarkable."""
        own = self.reading.flags if self.reading else (self.record.problem,)
        return (*self.extra, *own)

    @property
    def review(self) -> tuple[str, ...]:
        """What a person must look at."""
        own = self.reading.review if self.reading else (self.record.problem,)
        return (*self.extra, *own)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """All sheets of a batch."""

    layout: Layout
    rows: tuple[SheetRow, ...]
    missing: tuple[str, ...] = ()  # candidates of the roster without a sheet
    counts: dict[str, int] = field(default_factory=dict)


def settle_batch(
    layout: Layout,
    records: Iterable[PageRecord],
    thresholds: Thresholds | None = None,
    roster: Collection[str] | None = None,
) -> BatchResult:
    """Decide every page from its measures, then compare the sheets with each other and with the roster."""
    ordered = sorted(records, key=lambda one: (one.file, one.page))
    readings = [settle(layout, one.measured, thresholds) if one.measured else None for one in ordered]
    names = [one.candidate.text if one and not one.set_aside else "" for one in readings]
    times, seen = Counter(names), Counter[str]()
    rows = []
    for record, reading, name in zip(ordered, readings, names, strict=True):
        seen[name] += 1
        extra = [DUPLICATE] if name and times[name] > 1 else []
        extra += [FOREIGN] if name and roster is not None and name not in roster else []
        rows.append(SheetRow(record, reading, seen[name] if name else 1, tuple(extra)))
    missing = tuple(sorted(set(roster or ()) - set(names)))
    return BatchResult(layout, tuple(rows), missing, _counts(rows, missing))


def _counts(rows: list[SheetRow], missing: tuple[str, ...]) -> dict[str, int]:
    read = [row for row in rows if row.reading and not row.reading.set_aside]
    return {
        "pages": len(rows),
        "read": len(read),
        "set_aside": len(rows) - len(read),
        "review": sum(bool(row.review) for row in read),
        "duplicate": sum(DUPLICATE in row.extra for row in rows),
        "foreign": sum(FOREIGN in row.extra for row in rows),
        "missing": len(missing),
    }


def batch_frame(result: BatchResult) -> pl.DataFrame:
    """The batch as a table of text, one row per page; null where there is nothing."""
    columns = (*COLUMNS_BEFORE, *result.layout.questions, *COLUMNS_AFTER)
    rows = [[cell or None for cell in _cells(result.layout, row)] for row in result.rows]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _cells(layout: Layout, row: SheetRow) -> list[str]:
    record, reading = row.record, row.reading
    start = [record.file, str(record.page)]
    after = [" ".join(row.flags), "1" if row.review else "0"]
    end = [str(row.version), record.sha256, record.message]
    if reading is None:
        return [*start, layout.name, "", "", *("" for _ in layout.questions), *after, *([""] * 7), *end]
    texts = {one.question: one.text for one in reading.answers}
    least = min((one.confidence for one in reading.answers), default=0.0)
    identity = [
        reading.serial,
        reading.candidate.bubbles,
        reading.candidate.printed,
        reading.code.bubbles,
        reading.code.printed,
        " ".join(f"{one.question}:{one.erased}" for one in reading.answers if one.erased),
    ]
    answers = (texts.get(question, "") for question in layout.questions)
    return [
        *start,
        layout.name,
        reading.candidate.text,
        reading.code.text,
        *answers,
        *after,
        f"{least:.3f}",
        *identity,
        *end,
    ]


def batch_json(result: BatchResult) -> dict[str, object]:
    """The batch for machines."""
    return {
        "layout": result.layout.name,
        "counts": result.counts,
        "missing": list(result.missing),
        "sheets": [_sheet_json(result.layout, row) for row in result.rows],
    }


def _sheet_json(layout: Layout, row: SheetRow) -> dict[str, object]:
    record, reading = row.record, row.reading
    answers = reading.answers if reading else ()
    return {
        "file": record.file,
        "page": record.page,
        "layout": layout.name,
        "candidate": reading.candidate.text if reading else "",
        "code": reading.code.text if reading else "",
        "answers": {one.question: one.text for one in answers},
        "states": {one.question: one.state for one in answers},
        "erased": {one.question: one.erased for one in answers if one.erased},
        "confidence": {one.question: round(one.confidence, 4) for one in answers},
        "flags": list(row.flags),
        "review": list(row.review),
        "serial": reading.serial if reading else "",
        "identity": {
            CANDIDATE: [reading.candidate.bubbles, reading.candidate.printed] if reading else ["", ""],
            "code": [reading.code.bubbles, reading.code.printed] if reading else ["", ""],
        },
        "version": row.version,
        "sha256": record.sha256,
        "message": record.message,
    }
