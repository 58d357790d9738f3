import zipfile
from contextlib import suppress
from io import BytesIO

import pytest

from tests.web.shared.spreadsheets.files import csv, flagged, old_workbook, ole, repacked, symlink, workbook
from thucchat.engine.errors import InvalidInput
from thucchat.web.shared.spreadsheets.checks import LARGEST_FILE, Kind, check_spreadsheet
from thucchat.web.shared.spreadsheets.reading import read_spreadsheet

BOOK = workbook([["Họ và tên", "Ngày sinh"], ["Lò Thị Mẫu", "05/09/2014"]])
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "'
    + b"&a;" * 100
    + b'"><!ENTITY c "'
    + b"&b;" * 100
    + b'"><!ENTITY d "'
    + b"&c;" * 100
    + b'">]>'
)


def with_sheet(xml: bytes) -> bytes:
    return repacked(BOOK, replace={SHEET: lambda _: xml})


def sheet_of(rows: str, before: str = "", after: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{before}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def text_cell(place: str, text: str = "x") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def doubled(data: bytes) -> bytes:
    out = BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<other/>")
    return out.getvalue()


def many_entries(count: int) -> bytes:
    return repacked(BOOK, add={f"xl/media/{n}.png": b"" for n in range(count)})


def bzipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return out.getvalue()


def overlapping() -> bytes:
    """A directory in which a hundred entries point at the same packed bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(300_000))
        first = archive.filelist[0]
        for n in range(400):
            entry = zipfile.ZipInfo(f"xl/media/{n}.png")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(entry, name, getattr(first, name))
            archive.filelist.append(entry)
    return out.getvalue()


REFUSED_BEFORE_PARSING = {
    "nothing at all": (b"", "empty"),
    "only blanks": (b" \r\n \t\n", "empty"),
    "larger than allowed": (b"a" * (LARGEST_FILE + 1), "size"),
    "PDF": (b"%PDF-1.7 ...", "kind"),
    "PNG": (b"\x89PNG\r\n\x1a\n....", "kind"),
    "JPEG": (b"\xff\xd8\xff\xe0....", "kind"),
    "RAR": (b"Rar!\x1a\x07....", "kind"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "kind"),
    "gzip": (b"\x1f\x8b\x08....", "kind"),
    "Windows program": (b"MZ\x90\x00....", "kind"),
    "Linux program": (b"\x7fELF....", "kind"),
    "RTF": (b"{\\rtf1 ...}", "kind"),
    "SQLite": (b"SQLite format 3\x00....", "kind"),
    "Parquet": (b"PAR1....", "kind"),
    "web page named .xls": (b"<html><table><tr><td>x</td></tr></table></html>", "kind"),
    "web page after blanks": (b"\xef\xbb\xbf \r\n<TABLE>", "kind"),
    "XML spreadsheet of 2003": (b'<?xml version="1.0"?><Workbook/>', "kind"),
    "saved web archive": (b"MIME-Version: 1.0\r\n", "kind"),
    "noise with zero bytes": (b"abc\x00\x01\x02\x03", "kind"),
    "workbook with a password": (ole("EncryptionInfo", "EncryptedPackage"), "password"),
    "old workbook with macros": (ole("Workbook", "_VBA_PROJECT_CUR"), "macro"),
    "old Word document": (ole("WordDocument"), "kind"),
    "zip that is no workbook": (repacked(BOOK, drop=["xl/workbook.xml"]), "kind"),
    "Word document": (repacked(BOOK, drop=["xl/workbook.xml"], add={"word/document.xml": b"<w/>"}), "kind"),
    "macros": (repacked(BOOK, add={"xl/vbaProject.bin": b"x"}), "macro"),
    "macros under another folder": (repacked(BOOK, add={"other/vbaProject.BIN": b"x"}), "macro"),
    "old macro sheets": (repacked(BOOK, add={"xl/macrosheets/sheet1.xml": b"x"}), "macro"),
    "ActiveX": (repacked(BOOK, add={"xl/activeX/activeX1.xml": b"x"}), "macro"),
    "links to other files": (repacked(BOOK, add={"xl/externalLinks/externalLink1.xml": b"x"}), "links"),
    "connections to databases": (repacked(BOOK, add={"xl/connections.xml": b"x"}), "links"),
    "a way up the tree": (repacked(BOOK, add={"xl/../../etc/passwd": b"x"}), "names"),
    "a way up with backslashes": (repacked(BOOK, add={"xl\\..\\..\\boot.ini": b"x"}), "names"),
    "an absolute name": (repacked(BOOK, add={"/etc/passwd": b"x"}), "names"),
    "a drive letter": (repacked(BOOK, add={"C:/boot.ini": b"x"}), "names"),
    "a link": (symlink(BOOK), "names"),
    "a zip inside": (repacked(BOOK, add={"xl/media/a.zip": b"PK\x03\x04"}), "nested"),
    "a workbook inside": (repacked(BOOK, add={"xl/embeddings/a.xlsx": BOOK}), "nested"),
    "a program inside": (repacked(BOOK, add={"xl/embeddings/a.exe": b"MZ"}), "nested"),
    "encrypted entries": (flagged(BOOK, 1), "password"),
    "a bomb of zeros": (repacked(BOOK, add={"xl/media/a.png": bytes(60 * 2**20)}), "bomb"),
    "a sheet of zeros": (with_sheet(bytes(200 * 2**20)), "bomb"),
    "overlapping entries": (overlapping(), "bomb"),
    "thousands of entries": (many_entries(2_001), "entries"),
    "cut off in the middle": (BOOK[: len(BOOK) // 2], "unreadable"),
    "only the first bytes of a zip": (b"PK\x03\x04", "unreadable"),
    "another packing": (bzipped(), "unreadable"),
}
REFUSED_BY_THE_CHILD = {
    "no sheet part": repacked(BOOK, drop=[SHEET]),
    "sheet that is no XML": with_sheet(b"not xml at all <<<"),
    "sheet cut off": with_sheet(sheet_of("<row r='1'>" + text_cell("A1"))[:150]),
    "relations that are no XML": repacked(BOOK, replace={"xl/_rels/workbook.xml.rels": lambda _: b"<<<"}),
    "workbook that is no XML": repacked(BOOK, replace={"xl/workbook.xml": lambda _: b"<<<"}),
    "a cell at the far corner": with_sheet(
        sheet_of(f'<row r="1">{text_cell("A1")}</row><row r="1048576">{text_cell("XFD1048576")}</row>')
    ),
    "a million columns": with_sheet(sheet_of('<row r="1">' + text_cell("A1") + text_cell("XFD1") + "</row>")),
    "too many rows": with_sheet(
        sheet_of(f'<row r="1">{text_cell("A1")}</row><row r="900000">{text_cell("A900000")}</row>')
    ),
    "negative row": with_sheet(sheet_of(f'<row r="-1">{text_cell("A-1")}</row>')),
    "cell without end": with_sheet(sheet_of('<row r="1"><c r="A1"><v>1')),
    "old workbook, bytes of nothing": ole("Workbook"),
    "old workbook cut off": old_workbook([["x"] * 50] * 50)[:3000],
    "columns beyond counting in a text file": b",".join([b"x"] * 100_000),
    "rows beyond counting in a text file": b"x\n" * 300_001,
}
SURVIVED = {
    "entities that would multiply": with_sheet(
        LAUGHS + sheet_of(f'<row r="1">{text_cell("A1", "&d;")}</row>')
    ),
    "entities that would read files": with_sheet(
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + sheet_of(f'<row r="1">{text_cell("A1", "&x;")}</row>')
    ),
    "a lie about the used range": with_sheet(
        sheet_of(f'<row r="1">{text_cell("A1")}</row>').replace(
            b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'
        )
    ),
    "merges without end": with_sheet(
        sheet_of(
            f'<row r="1">{text_cell("A1")}</row>',
            after='<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        )
    ),
    "quotes never closed in a text file": b'ho ten,lop\n"Lo Thi Mau,6A\n' * 3,
    "a text file of one long line": b"x" * 3_000_000,
    "UTF-16 cut in the middle": "Họ và tên\tLớp\n".encode("utf-16")[:-1],
    "only separators": b",,,,\n,,,,\n",
    "a directory said to be elsewhere": BOOK[:-6] + b"\xff\xff\xff\x7f" + BOOK[-2:],
    "control characters": b"a,b\n\x01\x02,\x7f\n",
}


@pytest.mark.parametrize(("data", "code"), REFUSED_BEFORE_PARSING.values(), ids=REFUSED_BEFORE_PARSING)
def test_a_hostile_file_is_refused_before_any_parser_sees_it(data, code):
    with pytest.raises(InvalidInput) as refusal:
        check_spreadsheet(data)

    assert refusal.value.code == f"file.{code}"
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize("data", REFUSED_BY_THE_CHILD.values(), ids=REFUSED_BY_THE_CHILD)
def test_what_cannot_be_read_is_refused_by_the_child_with_a_sentence(data):
    with pytest.raises(InvalidInput) as refusal:
        read_spreadsheet(data)

    assert refusal.value.code in {"file.unreadable", "file.heavy", "file.rows", "file.columns"}


@pytest.mark.parametrize("data", SURVIVED.values(), ids=SURVIVED)
def test_a_trap_that_parses_does_no_harm(data):
    try:
        sheets = read_spreadsheet(data)
    except InvalidInput:
        return
    text = str([sheet.cells.rows() for sheet in sheets])
    assert "root:" not in text
    assert len(text) < 4_000_000


def test_honest_files_pass_by_what_they_are_not_by_their_names():
    assert check_spreadsheet(BOOK) == Kind.XLSX
    assert check_spreadsheet(old_workbook([["Họ và tên"]])) == Kind.XLS
    assert check_spreadsheet(csv([["Họ và tên", "Lớp"]])) == Kind.CSV


def test_bytes_changed_at_random_never_do_more_than_be_refused():
    import random

    chance = random.Random(3)
    for _ in range(25):
        changed = bytearray(BOOK)
        for _ in range(chance.randint(1, 40)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        with suppress(InvalidInput):
            assert read_spreadsheet(bytes(changed))
