"""Writing a file that was looked at, and taking it back; each in one transaction."""

import hashlib
import json
from datetime import datetime

import polars as pl
from django.db import connection, transaction

from thucchat.web.exams.actions.comparing import compare, counts_of
from thucchat.web.exams.actions.holding import shared_campaign
from thucchat.web.exams.actions.national import compare_national, restore_national, write_national
from thucchat.web.exams.models import Exam, ResultImport
from thucchat.web.exams.queries.results import national_means, standing_rows
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.frames import copy_in
from thucchat.web.shared.history import because
from thucchat.web.shared.jobs import Progress
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for
from thucchat.web.shared.spreadsheets.packing import bytes_to_frame, frame_to_bytes, pack_parts, unpack_parts

MEANWHILE = "Dữ liệu đã đổi từ lúc xem trước; chưa ghi gì. Hãy tải tệp lên lại để xem khác biệt mới."
COLUMNS = (
    "id bigint, sbd text, pupil_id bigint, school_id bigint, area_id bigint, unit_path text, "
    "scores smallint[]"
)
WRITTEN = ("new", "changed")


@transaction.atomic
def apply_import(
    batch_id: int, *, by: User | None, at: datetime, progress: Progress = lambda *_: None
) -> ResultImport:
    """Write all lines of the file, or none.

    Raises RuleBroken: `results.state`, `results.errors`, `results.reason`, `results.meanwhile`,
    `campaign.closed`.
    """
    batch = ResultImport.objects.select_for_update().get(pk=batch_id)
    batch.move_to(ResultImport.State.APPLIED)
    _demand_open(batch)
    if batch.counts["errors"]:
        raise RuleBroken("results.errors", "Tệp còn lỗi; hãy sửa tệp rồi tải lên lại.")
    if batch.counts["changed"] and not batch.why:
        raise RuleBroken("results.reason", "Tệp đổi điểm đã ghi; hãy nêu lí do.")
    batch.applied_by, batch.applied_at = by, at
    content = batch.content
    rows = bytes_to_frame(content.rows)
    with because(batch.why or f"Nhập kết quả từ tệp {batch.file_name}"):
        content.undo = (
            _write_national(batch, rows)
            if batch.exam_id is None
            else _write(batch, batch.exam_id, rows, progress)
        )
    content.rows = b""
    content.save()
    batch.save()
    if batch.exam_id is not None:
        describe_exam(batch.exam_id, by=by, at=at)
    return batch


@transaction.atomic
def undo_import(batch_id: int, *, by: User | None, at: datetime, reason: str) -> ResultImport:
    """Put back what stood before the file, the last one that was applied to its rows.

    Raises RuleBroken: `results.state`, `results.not_last`, `campaign.closed`.
    """
    batch = ResultImport.objects.select_for_update().get(pk=batch_id)
    batch.move_to(ResultImport.State.UNDONE)
    _demand_open(batch)
    last = _last_touching(batch)
    if last is not None and last.pk != batch.pk:
        message = f"Chỉ hoàn tác được tệp ghi sau cùng, “{last.file_name}”; hãy hoàn tác tệp đó trước."
        raise RuleBroken("results.not_last", message)
    batch.undone_by, batch.undone_at = by, at
    with because(f"Hoàn tác tệp {batch.file_name}: {reason}"):
        _take_back(batch)
    batch.content.undo = b""
    batch.content.save()
    batch.save()
    if batch.exam_id is not None:
        describe_exam(batch.exam_id, by=by, at=at)
    return batch


def _demand_open(batch: ResultImport) -> None:
    if batch.exam is not None and batch.exam.campaign_id is not None:
        shared_campaign(batch.exam.campaign_id).demand_open()


def _last_touching(batch: ResultImport) -> ResultImport | None:
    """The last applied file that may have written the same rows: schools write their own only."""
    with acting_for(Scope(WHOLE_PROVINCE)):
        rows = ResultImport.objects.filter(exam=batch.exam_id, state=ResultImport.State.APPLIED)
        applied = list(rows.order_by("-applied_at", "-pk"))
    path = batch.unit_path
    return next(
        (one for one in applied if one.unit_path.startswith(path) or path.startswith(one.unit_path)), None
    )


def describe_exam(exam_id: int, *, by: User | None, at: datetime) -> Exam:
    """Bring the exam's own figures in step with its results and applied files, whoever may see them.

    Leave to publish was given for the results that stood: others are closed again until they have their own.
    """
    with acting_for(Scope(WHOLE_PROVINCE)):
        exam = Exam.objects.select_for_update().get(pk=exam_id)
        before = exam.fingerprint
        _describe(exam)
        is_withdrawn = exam.published_at is not None and exam.fingerprint != before
        if is_withdrawn:
            exam.published_at = None
        exam.save()
        if is_withdrawn:
            facts = {"before": before, "results": exam.fingerprint}
            record_event("exam.unpublished", exam, by=by, at=at, unit_path=WHOLE_PROVINCE, **facts)
    return exam


def _describe(exam: Exam) -> None:
    applied = exam.imports.filter(state=ResultImport.State.APPLIED).order_by("applied_at", "pk")
    hashes, names = zip(*applied.values_list("sha256", "file_name"), strict=True) if applied else ((), ())
    exam.candidates = exam.results.count()
    exam.source = "; ".join(names)[:300]
    exam.fingerprint = (
        hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()
    )
    if not exam.candidates:
        exam.source = exam.fingerprint = ""


def _write(batch: ResultImport, exam_id: int, rows: pl.DataFrame, progress: Progress) -> bytes:
    """Insert and update; returns the exam's subjects and the rows changed, as they were."""
    exam = Exam.objects.select_for_update().get(pk=exam_id)
    old_subjects = list(exam.subjects)
    told = [name for name in rows.columns if rows.schema[name] == pl.Int16]
    subjects = [*old_subjects, *(name for name in told if name not in old_subjects)]
    standing = standing_rows(exam)
    compared = compare(rows, standing, subjects)
    counts = counts_of(compared, standing)
    if any(counts[name] != batch.counts[name] for name in counts):
        raise RuleBroken("results.meanwhile", MEANWHILE)
    progress(1, 3, "Đang ghi")
    exam.subjects = subjects
    exam.save(update_fields=["subjects"])
    copy_in(as_rows(compared.filter(pl.col("action").is_in(WRITTEN)), subjects), "result_rows", COLUMNS)
    before = standing.join(compared.filter(pl.col("action") == "changed"), on="id", how="semi")
    _update()
    insert_rows(batch)
    progress(2, 3, "Đang ghi")
    return pack_parts([json.dumps(old_subjects).encode(), frame_to_bytes(before)])


def as_rows(frame: pl.DataFrame, subjects: list[str]) -> pl.DataFrame:
    """Rows of the table, their scores as PostgreSQL writes an array."""
    texts = [pl.col(subject).cast(pl.String).fill_null("NULL") for subject in subjects]
    scores = pl.concat_str(pl.lit("{"), pl.concat_str(texts, separator=","), pl.lit("}"))
    return frame.select("id", "sbd", "pupil_id", "school_id", "area_id", "unit_path", scores.alias("scores"))


def insert_rows(batch: ResultImport) -> None:
    """Add the rows of `result_rows` that have no id yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exams_examresult "
            "(exam_id, sbd, pupil_id, school_id, area_id, unit_path, scores, added_by_id) "
            "SELECT %s, sbd, pupil_id, school_id, area_id, unit_path, scores, %s "
            "FROM result_rows WHERE id IS NULL",
            [batch.exam_id, batch.pk],
        )


def _update() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE exams_examresult t SET pupil_id = r.pupil_id, school_id = r.school_id, "
            "area_id = r.area_id, unit_path = r.unit_path, scores = r.scores "
            "FROM result_rows r WHERE t.id = r.id"
        )


def _write_national(batch: ResultImport, rows: pl.DataFrame) -> bytes:
    standing = national_means()
    _, counts, _ = compare_national(rows, standing)
    if any(counts[name] != batch.counts[name] for name in counts):
        raise RuleBroken("results.meanwhile", MEANWHILE)
    write_national(rows)
    return frame_to_bytes(standing)


def _take_back(batch: ResultImport) -> None:
    undo = bytes(batch.content.undo)
    if batch.exam_id is None:
        restore_national(bytes_to_frame(undo))
        return
    subjects_text, before_bytes = unpack_parts(undo)
    subjects, before = json.loads(subjects_text), bytes_to_frame(before_bytes)
    batch.added.all().delete()
    if before.height:
        copy_in(as_rows(before, subjects), "result_rows", COLUMNS)
        _update()
    Exam.objects.filter(pk=batch.exam_id).update(subjects=subjects)
