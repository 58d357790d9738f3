"""A file of answers arrives with its key, is read whole or refused, and takes the place of the one before."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import polars as pl
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Max, Min
from django.db.models.functions import Length

from thucchat.engine.errors import InvalidInput
from thucchat.web.exams.models import Exam
from thucchat.web.org.models import User
from thucchat.web.results.actions.matching import contradictions
from thucchat.web.results.importers.keys import key_of_sheets, typed_key
from thucchat.web.results.importers.responses import KeyOf, ParsedAnswers, read_answers
from thucchat.web.results.models import CandidateAnswers, ResponseContent, ResponseFile
from thucchat.web.results.models.keyed import KeyedItem
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.frames import copy_in, joined_by_hash
from thucchat.web.shared.jobs import Progress
from thucchat.web.shared.scope import WHOLE_PROVINCE
from thucchat.web.shared.spreadsheets.checks import LARGEST_FILE, MEBIBYTE
from thucchat.web.shared.spreadsheets.reading import read_spreadsheet

State = ResponseFile.State
MOST_KEPT = 300  # problems shown to people
COLUMNS = "line int, sbd text, pupil_code text, status smallint, answers text"
# Where a candidate belongs: his class on the day of the exam, else the school of his result.
INSERT = """
INSERT INTO results_candidateanswers (file_id, sbd, pupil_id, status, answers, unit_path)
SELECT %(file)s, a.sbd, coalesce(r.pupil_id, p.id), a.status, a.answers,
       coalesce(e.unit_path, r.unit_path, %(province)s)
FROM answer_rows a
LEFT JOIN exams_examresult r ON r.exam_id = %(exam)s AND r.sbd = a.sbd
LEFT JOIN people_pupil p ON p.code = a.pupil_code
LEFT JOIN people_enrolment e ON e.pupil_id = coalesce(r.pupil_id, p.id) AND e.days @> %(day)s::date
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person sends for one subject; the key is a file, or typed."""

    subject: str
    file: UploadedFile  # type: ignore[type-arg]  # not a generic at run time
    key: UploadedFile | None  # type: ignore[type-arg]  # as above
    typed_key: str


@transaction.atomic
def receive_answers(exam: Exam, sent: Sent, *, by: User | None, unit_path: str) -> ResponseFile:
    """Keep answers and key until they are read.

    Raises RuleBroken: `responses.size`, `responses.key` without a key or with two, `responses.subject`.
    """
    if (sent.key is None) == (not sent.typed_key.strip()):
        raise RuleBroken("responses.key", "Hãy cho đáp án bằng một cách: tệp đáp án, hoặc gõ vào ô.")
    if sent.subject not in exam.subjects:
        raise RuleBroken("responses.subject", f"Kì thi không có môn “{sent.subject}”.")
    data, key = _content(sent.file), b"" if sent.key is None else _content(sent.key)
    digest = hashlib.sha256(data)
    digest.update(key or sent.typed_key.encode())
    made = ResponseFile.objects.create(
        exam=exam,
        subject=sent.subject,
        file_name=(sent.file.name or "tệp")[-200:],
        sha256=digest.hexdigest(),
        owner=by,
        unit_path=unit_path,
    )
    ResponseContent.objects.create(
        file=made, source=data, key=key, typed_key=sent.typed_key, unit_path=unit_path
    )
    return made


def _content(file: UploadedFile) -> bytes:  # type: ignore[type-arg]  # not a generic at run time
    if file.size is None or file.size > LARGEST_FILE:
        raise RuleBroken("responses.size", f"Tệp vượt {LARGEST_FILE // MEBIBYTE} MB; hãy chia nhỏ.")
    return bytes(file.read())


@transaction.atomic
def read_response_file(file_id: int, progress: Progress) -> ResponseFile:
    """Read the file; its rows are kept whole, or it is refused with its reasons. Again: nothing more."""
    found = ResponseFile.objects.select_for_update(of=("self",)).select_related("exam").get(pk=file_id)
    if found.state != State.UPLOADED:
        return found
    content = found.content
    progress(1, 3, "Đang đọc tệp")
    try:
        parsed = _parsed(content, _digits(found.exam))
    except InvalidInput as refusal:
        _refuse(found, str(refusal))
    else:
        progress(2, 3, "Đang ghi bài làm")
        _settle(found, parsed)
    found.save()
    content.source = content.key = b""
    content.save()
    return found


def _digits(exam: Exam) -> int:
    """How many digits the exam's numbers have; 0 where they differ in length."""
    lengths = exam.results.filter(sbd__regex=r"^\d+$").annotate(digits=Length("sbd"))
    found = lengths.aggregate(least=Min("digits"), most=Max("digits"))
    return found["most"] if found["most"] and found["least"] == found["most"] else 0


def _parsed(content: ResponseContent, digits: int) -> ParsedAnswers:
    """Both files are read by the child process."""
    key_of = _given_key(bytes(content.key)) if content.key else partial(typed_key, content.typed_key)
    return read_answers(read_spreadsheet(bytes(content.source)), key_of, digits=digits)


def _given_key(data: bytes) -> KeyOf:
    keyed = key_of_sheets(read_spreadsheet(data))

    def key_of(_: Sequence[str]) -> list[KeyedItem]:
        return keyed

    return key_of


def _refuse(found: ResponseFile, why: str) -> None:
    found.move_to(State.REFUSED)
    found.refusal = why[:500]


def _settle(found: ResponseFile, parsed: ParsedAnswers) -> None:
    """Keep all rows, or none when any cell is wrong."""
    copy_in(parsed.rows, "answer_rows", COLUMNS)
    with joined_by_hash():
        problems = pl.concat([parsed.problems, contradictions(found.exam, parsed)])
    if problems.height:
        shown = problems.sort("line", maintain_order=True).head(MOST_KEPT)
        found.problems = shown.select("sheet", "line", "column", "message").to_dicts()
        _refuse(found, f"Tệp có {problems.height} lỗi; chưa ghi bài nào. Hãy sửa rồi tải lên lại.")
        return
    before = ResponseFile.objects.filter(exam=found.exam_id, subject=found.subject, state=State.READ)
    for one in before.select_for_update():
        one.move_to(State.REPLACED)
        one.save(update_fields=["state"])
    found.items = [asdict(item) for item in parsed.items]
    found.persons = parsed.rows.height
    _insert(found)
    rows = CandidateAnswers.objects.filter(file=found)
    found.unknown = rows.filter(pupil=None).count()
    found.move_to(State.READ)


def _insert(found: ResponseFile) -> None:
    values: dict[str, Any] = {
        "file": found.pk,
        "exam": found.exam_id,
        "day": found.exam.held_on,
        "province": WHOLE_PROVINCE,
    }
    with joined_by_hash(), connection.cursor() as cursor:
        cursor.execute(INSERT, values)
