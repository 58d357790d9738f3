"""The way of a file: uploaded, read, mapped, previewed, applied, undone. Each step is one transaction."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import vi_date
from thucchat.web.org.models import SchoolYear, Unit, User
from thucchat.web.people.actions.imports.assignments import plan_assignments
from thucchat.web.people.actions.imports.classes import plan_classes
from thucchat.web.people.actions.imports.plan import Plan
from thucchat.web.people.actions.imports.pupils import plan_pupils
from thucchat.web.people.actions.imports.staff import plan_staff
from thucchat.web.people.actions.imports.writing import MEANWHILE, take_back, write_plan
from thucchat.web.people.importers.fields import Parsed, gathered
from thucchat.web.people.importers.kinds import KINDS
from thucchat.web.people.importers.tables import columns_seen, is_sure, read_list, shown
from thucchat.web.people.models import ImportBatch, ImportContent, SavedMapping
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because
from thucchat.web.shared.spreadsheets.checks import check_spreadsheet
from thucchat.web.shared.spreadsheets.packing import frame_to_bytes, pack, unpack
from thucchat.web.shared.spreadsheets.reading import read_spreadsheet

State = ImportBatch.State
Progress = Callable[[int, int, str], None]
PLANS: dict[str, Callable[[ImportBatch, Parsed], Plan]] = {
    "pupils": plan_pupils,
    "staff": plan_staff,
    "classes": plan_classes,
    "assignments": plan_assignments,
}
STEPS = 3


@dataclass(frozen=True, slots=True)
class Upload:
    """What a person hands in with a file."""

    kind: str
    file_name: str
    data: bytes
    school: Unit | None
    school_year: SchoolYear
    effective_on: date


@transaction.atomic
def upload_file(upload: Upload, *, unit: Unit, by: User) -> ImportBatch:
    """Take a file that passes the checks of `check_spreadsheet`; nothing of it is parsed yet.

    Raises InvalidInput as `check_spreadsheet`; RuleBroken: `import.day` outside the school year.
    """
    year = upload.school_year
    if not year.starts <= upload.effective_on <= year.ends:
        raise RuleBroken(
            "import.day",
            f"Ngày áp dụng phải từ {vi_date(year.starts)} đến {vi_date(year.ends)} của năm học {year}.",
        )
    check_spreadsheet(upload.data)
    batch = ImportBatch.objects.create(
        kind=upload.kind,
        file_name=upload.file_name[:200],
        sha256=hashlib.sha256(upload.data).hexdigest(),
        unit=unit,
        school=upload.school or (unit if unit.is_school else None),
        school_year=year,
        effective_on=upload.effective_on,
        owner=by,
        unit_path=unit.unit_path,
    )
    ImportContent.objects.create(batch=batch, source=upload.data, unit_path=unit.unit_path)
    return batch


@transaction.atomic
def read_file(batch_id: int, *, today: date, progress: Progress) -> ImportBatch:
    """Parse the file in its own process; go on to the preview when no column is in doubt.

    A file that cannot be read refuses the batch, with the reason. Running it again changes nothing.
    """
    batch = _locked(batch_id)
    if batch.state != State.UPLOADED:
        return batch
    content = batch.content
    progress(0, STEPS, "Đang đọc tệp")
    try:
        sheets = read_spreadsheet(bytes(content.source))
    except InvalidInput as error:
        return _refuse(batch, error.message)
    kind = KINDS[batch.kind]
    batch.mapping = _saved_mapping(batch, [column.heading for column in columns_seen(kind, sheets, {})])
    columns = columns_seen(kind, sheets, batch.mapping)
    content.columns = [
        {"heading": column.heading, "field": column.field, "guess": column.guess, "samples": column.samples}
        for column in columns
    ]
    content.source, content.sheets = b"", pack(sheets)
    content.save(update_fields=["columns", "source", "sheets"])
    batch.move_to(State.READ)
    batch.save()
    return preview(batch.pk, today=today, progress=progress) if is_sure(kind, columns) else batch


def _saved_mapping(batch: ImportBatch, headings: list[str]) -> dict[str, str]:
    """What a person of the same unit chose for a file with these headings."""
    saved = SavedMapping.objects.filter(
        unit_path=batch.unit_path, kind=batch.kind, signature=SavedMapping.signature_of(headings)
    ).first()
    return dict(saved.mapping) if saved else {}


@transaction.atomic
def map_columns(batch_id: int, mapping: Mapping[str, str], *, by: User) -> ImportBatch:
    """Keep which heading is which field, for this file and for later ones of the same source.

    Raises RuleBroken: `import.state`, `import.mapping` when two headings are given one field.
    """
    batch = _locked(batch_id)
    batch.move_to(State.READ)
    fields = [field for field in mapping.values() if field]
    if doubled := {field for field in fields if fields.count(field) > 1}:
        label = KINDS[batch.kind].field(min(doubled)).label
        raise RuleBroken("import.mapping", f"Có hai cột cùng được ghép với “{label}”; hãy chọn lại một cột.")
    batch.mapping = dict(mapping)
    batch.save()
    content = batch.content
    content.columns = [
        column | {"field": mapping.get(column["heading"], ""), "guess": ""} for column in content.columns
    ]
    content.save(update_fields=["columns"])
    SavedMapping.objects.update_or_create(
        unit_path=batch.unit_path,
        kind=batch.kind,
        signature=SavedMapping.signature_of([column["heading"] for column in content.columns]),
        defaults={"mapping": batch.mapping, "saved_by": by},
    )
    return batch


@transaction.atomic
def preview(batch_id: int, *, today: date, progress: Progress) -> ImportBatch:
    """Work out what the file would change, and keep it for people to look at.

    Raises RuleBroken: `import.state`.
    """
    batch = _locked(batch_id)
    batch.move_to(State.PREVIEWED)
    progress(1, STEPS, "Đang kiểm tra từng dòng")
    parsed, plan = _plan(batch, today)
    problems = gathered([parsed.problems, plan.problems])
    content = batch.content
    content.problems = frame_to_bytes(shown(problems, parsed.places))
    content.lines, content.missing = frame_to_bytes(plan.lines), frame_to_bytes(plan.missing)
    content.save(update_fields=["problems", "lines", "missing"])
    batch.counts = {action: plan.count(action) for action in ("new", "changed", "same", "skipped")} | {
        "rows": parsed.rows.height,
        "missing": plan.missing.height,
        "errors": int(problems["is_error"].sum()),
        "warnings": int((~problems["is_error"]).sum()),
    }
    batch.fingerprint = plan.fingerprint
    batch.save()
    return batch


def _plan(batch: ImportBatch, today: date) -> tuple[Parsed, Plan]:
    sheets = unpack(bytes(batch.content.sheets))
    parsed = read_list(KINDS[batch.kind], sheets, batch.mapping, today)
    return parsed, PLANS[batch.kind](batch, parsed)


@transaction.atomic
def apply_import(batch_id: int, *, by: User, at: datetime, today: date, progress: Progress) -> ImportBatch:
    """Write exactly what the preview showed, or nothing. Running it again finds it applied.

    Raises RuleBroken: `import.state`, `import.errors` while rows are in error, `import.meanwhile` when
    the tables have changed since the preview.
    """
    batch = _locked(batch_id)
    if batch.state == State.APPLIED:
        return batch
    shown_before = batch.fingerprint
    batch.move_to(State.APPLIED)
    if batch.counts["errors"]:
        raise RuleBroken(
            "import.errors", f"Còn {batch.counts['errors']} lỗi; hãy sửa tệp rồi tải lên lại. Chưa ghi gì."
        )
    undo = b""
    if batch.counts["new"] or batch.counts["changed"]:
        progress(1, STEPS, "Đang đối chiếu lần cuối")
        _, plan = _plan(batch, today)
        if plan.fingerprint != shown_before:
            raise RuleBroken("import.meanwhile", MEANWHILE)
        progress(2, STEPS, "Đang ghi")
        with because(reason_of(batch)):
            undo = write_plan(plan)
    batch.applied_at, batch.applied_by = at, by
    batch.save()
    ImportContent.objects.filter(pk=batch.pk).update(undo=undo, sheets=b"", source=b"", columns=[])
    return batch


@transaction.atomic
def undo_import(batch_id: int, *, by: User, at: datetime) -> ImportBatch:
    """Put back every row the import changed and remove every row it added, if nobody has touched them since.

    Raises RuleBroken: `import.state`, `import.changed`, `import.used`.
    """
    batch = _locked(batch_id)
    if batch.state == State.UNDONE:
        return batch
    batch.move_to(State.UNDONE)
    with because("Hoàn tác: " + reason_of(batch)):
        take_back(bytes(batch.content.undo))
    batch.undone_at, batch.undone_by = at, by
    batch.save()
    ImportContent.objects.filter(pk=batch.pk).update(undo=b"")
    return batch


@transaction.atomic
def drop_import(batch_id: int) -> ImportBatch:
    """A person decides not to import the file. Raises RuleBroken: `import.state`."""
    return _refuse(_locked(batch_id), "Người dùng bỏ lần nhập này.")


def reason_of(batch: ImportBatch) -> str:
    """What the history of each row says."""
    return f"Nhập tệp “{batch.file_name}”, lần nhập số {batch.pk}"


def _refuse(batch: ImportBatch, why: str) -> ImportBatch:
    batch.move_to(State.REFUSED)
    batch.refusal = why[:500]
    batch.save()
    ImportContent.objects.filter(pk=batch.pk).update(source=b"", sheets=b"", columns=[])
    return batch


def _locked(batch_id: int) -> ImportBatch:
    return ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
