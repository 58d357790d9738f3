"""Spreadsheets made for tests: honest, odd and hostile."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter
import xlwt

Rows = Sequence[Sequence[Any]]


def workbook(rows: Rows, *, sheet: str = "DS", change: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook of one sheet; `change` may do more to the book and its sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is not None:
                page.write(line, place, cell)
    if change:
        change(book, page)
    book.close()
    return out.getvalue()


def workbook_of(sheets: dict[str, Rows]) -> bytes:
    """A workbook of several sheets."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)
    book.close()
    return out.getvalue()


def old_workbook(rows: Rows, sheet: str = "DS") -> bytes:
    """An .xls workbook of one sheet."""
    book = xlwt.Workbook()
    page = book.add_sheet(sheet)
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            page.write(line, place, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A text file; cells are written as they are."""
    return "\r\n".join(separator.join(map(str, row)) for row in rows).encode(encoding)


def repacked(
    data: bytes,
    *,
    add: dict[str, bytes] | None = None,
    replace: dict[str, Callable[[bytes], bytes]] | None = None,
    drop: Sequence[str] = (),
) -> bytes:
    """A workbook with parts added, replaced or dropped."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, (replace or {}).get(name, bytes)(old.read(name)))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def symlink(data: bytes) -> bytes:
    """A workbook with a part that is a link to a file of the machine."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("xl/media/link.png")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def flagged(data: bytes, bit: int) -> bytes:
    """A workbook whose directory sets a flag on every entry: 1 says that it is encrypted."""
    changed, at = bytearray(data), 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        (flags,) = struct.unpack_from("<H", data, at + 8)
        struct.pack_into("<H", changed, at + 8, flags | bit)
        at += 4
    return bytes(changed)


def ole(*names: str) -> bytes:
    """The first bytes of an old Office file, with the names of some of its streams."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names) + bytes(2048)
