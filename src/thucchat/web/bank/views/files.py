"""Files of the bank, handed out to be saved, never stored by the browser."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}


def save_as(content: bytes, name: str) -> HttpResponse:
    """A file to be saved; its kind is told by its name."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {
        "Content-Disposition": disposition,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]], headers=headers)
