"""A page of what an import found or would change, from the frames kept with its batch."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import QuerySet

from thucchat.web.org.acting import Acting
from thucchat.web.people.models import ImportBatch
from thucchat.web.shared.scope import below
from thucchat.web.shared.spreadsheets.packing import bytes_to_frame

PAGE_SIZE = 50
PROBLEM_HEADINGS = ("Trang tính", "Dòng", "Cột", "Giá trị", "Cần làm gì")
LINE_HEADINGS = ("Trang tính", "Dòng", "Ai, gì", "Thay đổi")
MISSING_HEADINGS = ("Ai, gì", "Ở đâu")


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of a preview, with how many rows it has."""

    name: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One page of one tab."""

    tab: Tab
    headings: Sequence[str]
    rows: Sequence[tuple[object, ...]]
    number: int

    @property
    def last(self) -> int:
        return max(1, -(-self.tab.count // PAGE_SIZE))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.last else None


def batches_visible_to(acting: Acting) -> "QuerySet[ImportBatch]":
    """Imports into the user's unit and those below it."""
    return ImportBatch.objects.filter(below(acting.scope.path))


def tabs_of(batch: ImportBatch) -> list[Tab]:
    """The views of a preview, errors first."""
    names = {
        "errors": "Lỗi phải sửa",
        "warnings": "Lưu ý",
        "new": "Thêm mới",
        "changed": "Thay đổi",
        "same": "Không đổi",
        "missing": "Không có trong tệp",
    }
    return [Tab(name, label, batch.counts.get(name, 0)) for name, label in names.items()]


def preview_page(batch: ImportBatch, wanted: str, number: int) -> PreviewPage:
    """The page asked for, else the first page of the first tab that has rows."""
    tabs = tabs_of(batch)
    filled = next((tab for tab in tabs if tab.count), tabs[0])
    tab = next((tab for tab in tabs if tab.name == wanted), filled)
    last = max(1, -(-tab.count // PAGE_SIZE))
    number = min(max(1, number), last)
    headings, frame = _rows(batch, tab.name)
    rows = frame.slice((number - 1) * PAGE_SIZE, PAGE_SIZE).rows()
    return PreviewPage(tab, headings, rows, number)


def all_problems(batch: ImportBatch) -> pl.DataFrame:
    """Every error and warning, under the headings of PROBLEM_HEADINGS."""
    frame = bytes_to_frame(batch.content.problems)
    return frame.sort("is_error", descending=True, maintain_order=True).select(
        "sheet", "line", "column", "value", "message"
    )


def _rows(batch: ImportBatch, tab: str) -> tuple[Sequence[str], pl.DataFrame]:
    content = batch.content
    if tab in {"errors", "warnings"}:
        problems = bytes_to_frame(content.problems).filter(pl.col("is_error") == (tab == "errors"))
        return PROBLEM_HEADINGS, problems.select("sheet", "line", "column", "value", "message")
    if tab == "missing":
        return MISSING_HEADINGS, bytes_to_frame(content.missing).select("who", "where")
    lines = bytes_to_frame(content.lines).filter(pl.col("action") == tab)
    return LINE_HEADINGS, lines.select("sheet", "line", "who", "changes")
