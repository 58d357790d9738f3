"""Marks entered on a page end as results like those of a file: each entry is an import of its own."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import polars as pl
from django.db import transaction

from thucchat.web.exams.actions.applying import apply_import
from thucchat.web.exams.actions.comparing import compare, counts_of
from thucchat.web.exams.actions.holding import running_site
from thucchat.web.exams.models import ResultContent, ResultImport, Site, Sitting
from thucchat.web.exams.queries.candidates import listed
from thucchat.web.exams.queries.results import standing_rows
from thucchat.web.exams.queries.sites import mark_text
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.spreadsheets.packing import frame_to_bytes

SHEET = "Nhập tay"
Marks = Mapping[str, int | None]  # by candidate's number: hundredths, a code of CODES, None for none


@transaction.atomic
def enter_marks(
    site_id: int,
    sitting_id: int,
    marks: Marks,
    *,
    seen: Marks | None = None,
    reason: str = "",
    by: User,
    at: datetime,
) -> ResultImport:
    """Write the marks that differ from what stands, as one batch of the school.

    `seen` is what stood when the page was opened, where a page was.

    Raises RuleBroken: `campaign.closed`, `campaign.not_running`, `marks.stranger`, `marks.none`,
    `marks.meanwhile` when a mark is no longer what was seen, `marks.reason` when a mark that stood is changed
    without one.
    """
    site = running_site(site_id)
    subject = Sitting.objects.get(pk=sitting_id, exam=site.exam_id).subject
    rows = _rows(site, subject, marks)
    standing = standing_rows(site.exam)
    changed = _differing(rows, standing, subject)
    if changed.is_empty():
        raise RuleBroken("marks.none", "Không có điểm nào khác với điểm đã ghi.")
    if seen is not None:
        _demand_as_seen(changed, standing, seen)
    batch = _previewed(site, subject, changed, standing, by=by)
    if batch.counts["changed"] and _replaces(changed, standing, subject) and len(reason.strip()) < 5:
        raise RuleBroken("marks.reason", "Có điểm đã ghi bị đổi; hãy nêu lí do (ít nhất 5 kí tự).")
    batch.why = reason.strip()[:300] or f"Nhập điểm {batch.file_name}"[:300]
    batch.save(update_fields=["why"])
    return apply_import(batch.pk, by=by, at=at)


def _rows(site: Site, subject: str, marks: Marks) -> pl.DataFrame:
    given = pl.DataFrame(
        {"sbd": list(marks), subject: list(marks.values())},
        schema={"sbd": pl.String, subject: pl.Int16},
    )
    own = listed(site.exam).filter(pl.col("school_id") == site.school_id)
    rows = given.join(own, on="sbd", how="left", maintain_order="left")
    lost = rows.filter(pl.col("pupil_id").is_null())["sbd"].to_list()
    if lost:
        raise RuleBroken(
            "marks.stranger", f"Số báo danh {lost[0]} không còn trong danh sách; hãy mở lại trang."
        )
    return rows.select(
        pl.lit(SHEET).alias("sheet"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("line"),
        *("sbd", "pupil_id", "school_id", "area_id", "unit_path", subject),
    )


def _differing(rows: pl.DataFrame, standing: pl.DataFrame, subject: str) -> pl.DataFrame:
    before = standing.select("sbd", before=subject)
    both = rows.join(before, on="sbd", how="left", maintain_order="left")
    return both.filter(pl.col(subject).ne_missing(pl.col("before"))).drop("before")


def _demand_as_seen(changed: pl.DataFrame, standing: pl.DataFrame, seen: Marks) -> None:
    """Nobody writes over a colleague's mark that he has not seen."""
    subject = changed.columns[-1]
    stands = dict(standing.join(changed, on="sbd", how="semi").select("sbd", subject).iter_rows())
    number = next((one for one in changed["sbd"] if stands.get(one) != seen.get(one)), None)
    if number is not None:
        stood = mark_text(stands.get(number)) or "không có điểm"
        message = (
            f"Điểm của số báo danh {number} đã đổi từ lúc mở trang, nay là “{stood}”; chưa ghi gì. "
            "Hãy mở lại trang rồi nhập."
        )
        raise RuleBroken("marks.meanwhile", message)


def _replaces(rows: pl.DataFrame, standing: pl.DataFrame, subject: str) -> bool:
    """Whether a mark that stood gives way, not only an empty place."""
    stood = standing.filter(pl.col(subject).is_not_null())
    return not rows.join(stood, on="sbd", how="semi").is_empty()


def _previewed(
    site: Site, subject: str, rows: pl.DataFrame, standing: pl.DataFrame, *, by: User
) -> ResultImport:
    """The entry as an import that has been looked at: the person saw every mark on the page."""
    counts = counts_of(compare(rows, standing, site.exam.subjects), standing)
    content = frame_to_bytes(rows)
    batch = ResultImport.objects.create(
        exam=site.exam,
        file_name=f"{SHEET}: {Sitting(subject=subject).label}, {site}"[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        state=ResultImport.State.PREVIEWED,
        counts=counts | {"errors": 0, "warnings": 0, "unknown": 0},
        owner=by,
        unit_path=site.unit_path,
    )
    ResultContent.objects.create(batch=batch, rows=content, unit_path=batch.unit_path)
    return batch
