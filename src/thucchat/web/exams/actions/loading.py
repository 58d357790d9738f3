"""Results of a simulated exam, loaded by the owner of the tables into a province loaded before."""

import hashlib
from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db import connections
from django.utils import timezone

from thucchat.engine.measurement.results.subjects import subject_code
from thucchat.web.exams.actions.applying import as_rows
from thucchat.web.exams.models import CODES, Campaign, Exam, ResultContent, ResultImport, Sitting
from thucchat.web.exams.queries.results import FACTS as STANDING
from thucchat.web.shared.scope import WHOLE_PROVINCE
from thucchat.web.shared.spreadsheets.packing import frame_to_bytes, pack_parts

OWNER = "owner"
SOURCE = "Dữ liệu mô phỏng"
FACTS = ("sbd", "pupil_code", "school_code", "district_code")


def load_exam_results(scores: pl.DataFrame, *, kind: Exam.Kind, year: int, held_on: date) -> Exam:
    """One exam of the simulation with all its results.

    Shapes:
        scores: FACTS, a column of Decimal per subject, and others that are left out; null is not sat.
    """
    columns = [name for name in scores.columns if name not in FACTS and subject_code(name) is not None]
    present = [name for name in columns if scores[name].count()]
    subjects = [subject_code(name) or name for name in present]
    exam = Exam.objects.using(OWNER).create(
        code=f"{'tn' if kind == Exam.Kind.GRADUATION else 'ts10'}-{year}",
        name=f"{kind.label} năm {year}",
        kind=kind,
        year=year,
        held_on=held_on,
        subjects=subjects,
    )
    _fill(exam, scores, dict(zip(present, subjects, strict=True)))
    return exam


def load_survey_results(scores: pl.DataFrame, campaign: Campaign) -> list[Exam]:
    """Results of a simulated survey into the exams of its campaign, grade by grade.

    Results stand under the candidate's number; who has no score was absent. Only the subjects that were
    simulated stay in the exams, and their sittings: the others have no result, which is no zero.
    Shapes:
        scores: FACTS, `grade`, and a column of Decimal per paper named as `subject_code` knows it.
    """
    exams = list(Exam.objects.using(OWNER).filter(campaign=campaign).order_by("grade"))
    numbers = _numbers(campaign)
    for exam in exams:
        own = _under_numbers(scores.filter(pl.col("grade") == exam.grade), numbers)
        columns = {name: subject_code(name) for name in scores.columns if name not in (*FACTS, "grade")}
        present = {name: code for name, code in columns.items() if code and code in exam.subjects}
        exam.subjects = list(present.values())
        Sitting.objects.using(OWNER).filter(exam=exam).exclude(subject__in=exam.subjects).delete()
        _fill(exam, own, present, blank=CODES["absent"])
    return exams


def _numbers(campaign: Campaign) -> pl.DataFrame:
    query = (
        "SELECT p.code, c.sbd FROM exams_candidate c JOIN people_pupil p ON p.id = c.pupil_id "
        "JOIN exams_exam x ON x.id = c.exam_id WHERE x.campaign_id = %s AND c.removed_for = ''"
    )
    return _rows(query, ("pupil_code", "number"), [campaign.pk])


def _under_numbers(scores: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    found = scores.join(numbers, on="pupil_code", how="left", maintain_order="left")
    return found.with_columns(sbd=pl.coalesce("number", "sbd")).drop("number")


def _fill(exam: Exam, scores: pl.DataFrame, subjects: dict[str, str], *, blank: int | None = None) -> None:
    """Write the results; `blank` is the code of an empty cell."""
    batch = _import_of(exam, scores)
    frame = _placed(scores, subjects)
    if blank is not None:
        frame = frame.with_columns(pl.col(*subjects.values()).fill_null(blank))
    _copy(as_rows(frame, list(subjects.values())).drop("id"), exam, batch)
    exam.candidates, exam.source, exam.fingerprint = frame.height, SOURCE, batch.sha256
    exam.save(using=OWNER)


def _import_of(exam: Exam, scores: pl.DataFrame) -> ResultImport:
    """The record of where the results came from, so that they can be taken back like any other file."""
    counts = dict.fromkeys(("changed", "same", "missing", "errors", "warnings", "unknown"), 0)
    batch = ResultImport.objects.using(OWNER).create(
        exam=exam,
        file_name=SOURCE,
        sha256=hashlib.sha256(frame_to_bytes(scores)).hexdigest(),
        state=ResultImport.State.APPLIED,
        counts=counts | {"new": scores.height},
        applied_at=timezone.now(),
        unit_path=WHOLE_PROVINCE,
    )
    undo = pack_parts([b"[]", frame_to_bytes(pl.DataFrame(schema=STANDING))])
    ResultContent.objects.using(OWNER).create(batch=batch, undo=undo, unit_path=WHOLE_PROVINCE)
    return batch


def _placed(scores: pl.DataFrame, subjects: dict[str, str]) -> pl.DataFrame:
    """Rows with ids for codes, and whole hundredths."""
    units = _rows("SELECT code, id, unit_path FROM org_unit", ("code", "id", "unit_path"))
    pupils = _rows("SELECT code, id FROM people_pupil", ("pupil_code", "pupil_id"))
    schools = units.rename({"code": "school_code", "id": "school_id"})
    areas = units.select(district_code="code", area_id="id")
    placed = scores.join(schools, on="school_code", how="left", maintain_order="left")
    placed = placed.join(areas, on="district_code", how="left", maintain_order="left")
    placed = placed.join(pupils, on="pupil_code", how="left", maintain_order="left")
    return placed.select(
        pl.lit(None, pl.Int64).alias("id"),
        "sbd",
        "pupil_id",
        "school_id",
        "area_id",
        pl.col("unit_path").fill_null(WHOLE_PROVINCE),
        *((pl.col(name) * 100).cast(pl.Int16).alias(subject) for name, subject in subjects.items()),
    )


def _rows(query: str, names: tuple[str, ...], parameters: Sequence[int] = ()) -> pl.DataFrame:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(query, parameters)
        return pl.DataFrame(cursor.fetchall(), schema=list(names), orient="row")


def _copy(rows: pl.DataFrame, exam: Exam, batch: ResultImport) -> None:
    named = rows.with_columns(exam_id=pl.lit(exam.pk), added_by_id=pl.lit(batch.pk))
    names = ", ".join(named.columns)
    with (
        connections[OWNER].cursor() as cursor,
        cursor.copy(f"COPY exams_examresult ({names}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(named.write_csv(include_header=False).encode())
