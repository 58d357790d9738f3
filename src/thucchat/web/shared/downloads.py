"""Lists and documents as files: handed out to be saved, with the cells that the page shows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from thucchat.engine.documents.tree import Document
from thucchat.engine.errors import EngineError
from thucchat.engine.vietnamese import unaccented
from thucchat.web.shared.fonts import font_folders
from thucchat.web.shared.lists import Column, Row, page_of
from thucchat.web.shared.spreadsheets.writing import CONTENT_TYPES, Cell, Form, List, write_list

CHUNK = 2_000
FORMAT = "tep"  # the address's word for: as a file
DOCUMENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": CONTENT_TYPES[Form.XLSX],
    "zip": "application/zip",
    "pdf": "application/pdf",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}
KIND = "dang"  # the address's word for: a document as which kind of file
PAPERS = ("pdf", "docx")
LABELS = {Form.XLSX: "Xuất Excel", Form.CSV: "Xuất CSV"}


def download(content: bytes, name: str, form: Form) -> HttpResponse:
    """A file to be saved, never shown in the page."""
    response = HttpResponse(content, content_type=CONTENT_TYPES[form])
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def save_as(content: bytes, name: str) -> HttpResponse:
    """A document to be saved, never kept by the browser; its kind is told by its name."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {
        "Content-Disposition": disposition,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=DOCUMENT_TYPES[name.rpartition(".")[2]], headers=headers)


def document_file(
    request: HttpRequest, make: Callable[[], Document], name: str, *, back: str
) -> HttpResponse:
    """A document as the file that the address asks for: ?dang=pdf or docx.

    Where the numbers do not carry the document, the page at `back` tells why.
    """
    kind = request.GET.get(KIND, PAPERS[0])
    if kind not in PAPERS:
        raise Http404
    try:
        content = written(make(), kind)
    except EngineError as refusal:
        messages.error(request, refusal.message)
        return redirect(back)
    return save_as(content, f"{name}.{kind}")


def written(document: Document, kind: str) -> bytes:
    """The document as PDF or Word, a kind of PAPERS; what writes them is loaded when first needed."""
    fonts = font_folders()
    if kind == "pdf":
        from thucchat.engine.documents.pdf import to_pdf

        return to_pdf(document, fonts)
    from thucchat.engine.documents.docx import to_docx

    return to_docx(document, next(iter(fonts), None))


def list_or_file(
    request: HttpRequest,
    title: str,
    rows: "QuerySet[Row]",
    columns: Sequence[Column[Row]],
    *,
    related: Sequence[str] = (),
    actions: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The page of a short list, or all of it as the file that the address asks for."""
    headings = [column.heading for column in columns]
    file = wanted_file(request, title, headings, _cells(rows.select_related(*related), columns))
    if file is not None:
        return file
    page = page_of(rows, request, columns, related=related)
    links = [*actions, *file_links(request)]
    return render(request, "shared/list.html", {"title": title, "page": page, "actions": links})


def wanted_file(
    request: HttpRequest, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse | None:
    """All rows as the file that the address asks for; None where it asks for the page."""
    wanted = request.GET.get(FORMAT, "")
    if wanted not in tuple(Form):
        return None
    content = write_list(List(title, headings, rows), Form(wanted))
    return download(content, f"{unaccented(title).replace(' ', '-')}.{wanted}", Form(wanted))


def file_links(request: HttpRequest) -> list[tuple[str, str]]:
    """Label and address of each file of the page shown, with its filters and without its page number."""
    query = request.GET.copy()
    query.pop("trang", None)
    kept = f"{query.urlencode()}&" if query else ""
    return [(label, f"?{kept}{FORMAT}={form}") for form, label in LABELS.items()]


def _cells(rows: "QuerySet[Row]", columns: Sequence[Column[Row]]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=CHUNK):
        yield [_cell(column.value(row)) for column in columns]


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | date) else str(value)
