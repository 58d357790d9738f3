"""Documents of a finished report. PDF and Excel are written at once; Word draws every chart as pixels."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from thucchat.engine.documents.tree import Document, Table
from thucchat.web.exams.models import Snapshot, SnapshotFile
from thucchat.web.exams.queries.trees import from_plain, table_from_plain
from thucchat.web.shared.fonts import font_folders


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of document."""

    label: str
    content_type: str
    is_slow: bool  # made in the background, then kept


OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "pdf": Format("PDF", "application/pdf", is_slow=False),
    "xlsx": Format("Excel", f"{OFFICE}.spreadsheetml.sheet", is_slow=False),
    "docx": Format("Word", f"{OFFICE}.wordprocessingml.document", is_slow=True),
}


def ready_file(snapshot: Snapshot, kind: str) -> bytes | None:
    """The document, or None when it must first be made in the background."""
    if not FORMATS[kind].is_slow:
        return WRITERS[kind](snapshot)
    kept = snapshot.files.filter(kind=kind).first()
    return bytes(kept.content) if kept else None


def make_file(snapshot: Snapshot, kind: str) -> None:
    """Make and keep a document that takes long."""
    SnapshotFile.objects.update_or_create(
        snapshot=snapshot,
        kind=kind,
        defaults={"content": WRITERS[kind](snapshot), "unit_path": snapshot.unit_path},
    )


def _pdf(snapshot: Snapshot) -> bytes:
    from thucchat.engine.documents.pdf import to_pdf

    return to_pdf(_document(snapshot), font_folders())


def _xlsx(snapshot: Snapshot) -> bytes:
    """The workbook also holds the numbers behind each chart."""
    from thucchat.engine.documents.xlsx import to_xlsx

    document = _document(snapshot)
    return to_xlsx(replace(document, body=(*document.body, *_details(snapshot))))


def _docx(snapshot: Snapshot) -> bytes:
    from thucchat.engine.documents.docx import to_docx

    return to_docx(_document(snapshot), next(iter(font_folders()), None))


WRITERS: dict[str, Callable[[Snapshot], bytes]] = {"pdf": _pdf, "xlsx": _xlsx, "docx": _docx}


def _document(snapshot: Snapshot) -> Document:
    return from_plain(snapshot.document)


def _details(snapshot: Snapshot) -> tuple[Table, ...]:
    return tuple(table_from_plain(plain) for plain in snapshot.document["details"] if plain)
