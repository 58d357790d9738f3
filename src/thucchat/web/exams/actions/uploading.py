"""A file arrives, is read and compared, and waits for a person to look at it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

import polars as pl
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.web.exams.actions.comparing import changes_in_words, compare, counts_of
from thucchat.web.exams.actions.holding import running_site
from thucchat.web.exams.actions.national import compare_national
from thucchat.web.exams.importers.national import read_national
from thucchat.web.exams.importers.results import ColumnRead, ParsedResults, read_results
from thucchat.web.exams.importers.tables import PROBLEMS
from thucchat.web.exams.models import Exam, ResultContent, ResultImport
from thucchat.web.exams.queries.candidates import as_listed
from thucchat.web.exams.queries.directory import placed
from thucchat.web.exams.queries.results import national_means, standing_rows
from thucchat.web.org.acting import Acting
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.jobs import Progress
from thucchat.web.shared.scope import WHOLE_PROVINCE
from thucchat.web.shared.spreadsheets.checks import LARGEST_FILE, MEBIBYTE
from thucchat.web.shared.spreadsheets.model import Sheet
from thucchat.web.shared.spreadsheets.packing import frame_to_bytes
from thucchat.web.shared.spreadsheets.reading import read_spreadsheet

MOST_KEPT = 2_000  # problems and changes shown to people


@transaction.atomic
def receive_file(
    exam: Exam | None,
    file: UploadedFile,  # type: ignore[type-arg]  # not a generic at run time
    *,
    by: Acting,
) -> ResultImport:
    """Keep a file until it is read; without `exam` it is the national table.

    Raises RuleBroken: `results.size`.
    """
    if file.size is None or file.size > LARGEST_FILE:
        raise RuleBroken("results.size", f"Tệp vượt {LARGEST_FILE // MEBIBYTE} MB; hãy chia nhỏ.")
    data = file.read()
    batch = ResultImport.objects.create(
        exam=exam,
        file_name=(file.name or "tệp")[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        owner=by.user,
        unit_path=by.unit.unit_path,
    )
    ResultContent.objects.create(batch=batch, source=data, unit_path=batch.unit_path)
    return batch


@transaction.atomic
def hand_in_marks(
    site_id: int,
    file: UploadedFile,  # type: ignore[type-arg]  # not a generic at run time
    *,
    by: Acting,
) -> ResultImport:
    """A school's own file of a survey that is being held.

    Raises RuleBroken: `campaign.closed`, `campaign.not_running`, `results.size`.
    """
    return receive_file(running_site(site_id).exam, file, by=by)


@transaction.atomic
def read_file(batch_id: int, progress: Progress) -> ResultImport:
    """Read, compare and lay out for people; a file that cannot be read at all is refused with its reason."""
    batch = ResultImport.objects.select_for_update().get(pk=batch_id)
    if batch.state != ResultImport.State.UPLOADED:
        return batch
    content = batch.content
    progress(1, 4, "Đang đọc tệp")
    try:
        sheets = read_spreadsheet(bytes(content.source))
        _lay_out(batch, content, sheets, progress)
    except InvalidInput as refusal:
        batch.move_to(ResultImport.State.REFUSED)
        batch.refusal = str(refusal)[:500]
    else:
        batch.move_to(ResultImport.State.PREVIEWED)
    content.source = b""
    content.save()
    batch.save()
    return batch


def _lay_out(batch: ResultImport, content: ResultContent, sheets: list[Sheet], progress: Progress) -> None:
    if batch.exam is None:
        rows, columns, problems = read_national(sheets)
        _, batch.counts, changes = compare_national(rows, national_means())
    else:
        rows, columns, problems, changes = _results(batch, batch.exam, sheets, progress)
    errors = int(problems["is_error"].sum())
    batch.counts |= {"errors": errors, "warnings": problems.height - errors}
    batch.columns = [asdict(column) for column in columns]
    content.rows = frame_to_bytes(rows)
    content.problems = frame_to_bytes(problems.head(MOST_KEPT))
    content.changes = frame_to_bytes(changes.head(MOST_KEPT))


def _results(
    batch: ResultImport, exam: Exam, sheets: list[Sheet], progress: Progress
) -> tuple[pl.DataFrame, list[ColumnRead], pl.DataFrame, pl.DataFrame]:
    parsed = read_results(sheets, is_graduation=exam.kind == Exam.Kind.GRADUATION)
    progress(2, 4, "Đang tìm trường của thí sinh")
    rows, warnings = placed(parsed.rows, exam.held_on, batch.unit_path)
    if exam.campaign_id is not None:
        rows, strangers = as_listed(rows, exam, batch.unit_path)
        warnings = pl.concat(
            [warnings, strangers, _unplanned(parsed, exam, batch.unit_path)], how="vertical_relaxed"
        )
    progress(3, 4, "Đang so với dữ liệu hiện có")
    standing = standing_rows(exam)
    if exam.campaign_id is not None:
        rows = _filled(rows, standing, parsed.subjects)
    subjects = [*exam.subjects, *(name for name in parsed.subjects if name not in exam.subjects)]
    compared = compare(rows, standing, subjects)
    batch.counts = counts_of(compared, standing)
    batch.counts["unknown"] = rows["school_id"].null_count()
    problems = pl.concat([parsed.problems, warnings.cast(PROBLEMS)]).sort(
        "is_error", "sheet", "line", descending=[True, False, False]
    )
    return rows, list(parsed.columns), problems, changes_in_words(compared, subjects)


def _filled(rows: pl.DataFrame, standing: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """Without the lines of a school's form that say nothing: no mark, and none to take away."""
    has_mark = pl.any_horizontal(pl.col(subjects).is_not_null())
    return rows.filter(has_mark | pl.col("sbd").is_in(standing["sbd"].implode()))


def _unplanned(parsed: ParsedResults, exam: Exam, path: str) -> pl.DataFrame:
    """Subjects that the survey does not have: a school may not add them."""
    extra = [name for name in parsed.subjects if name not in exam.subjects and path != WHOLE_PROVINCE]
    message = "Đợt khảo sát không có môn {}; hãy bỏ cột này."
    rows = [
        (parsed.rows["sheet"][0], 1, subject_label(name), None, message.format(subject_label(name)), True)
        for name in extra
        if parsed.rows.height
    ]
    return pl.DataFrame(rows, schema=PROBLEMS, orient="row")
