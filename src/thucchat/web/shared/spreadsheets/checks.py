"""What a file must show before any parser touches it: its size, its first bytes, its zip directory.

Nothing is unpacked here. Sizes are in bytes.
"""

import io
import stat
import struct
import zipfile
from enum import StrEnum
from pathlib import PurePosixPath

from thucchat.engine.errors import InvalidInput

MEBIBYTE = 2**20
LARGEST_FILE = 50 * MEBIBYTE
MOST_ENTRIES = 2_000
LARGEST_DIRECTORY = MEBIBYTE
# A workbook of 200,000 pupils with 12 columns unpacks to 135 MB.
LARGEST_UNPACKED = 400 * MEBIBYTE
HIGHEST_RATIO = 100
SMALL_ENTRY = MEBIBYTE  # below this the ratio says nothing: a page of blanks shrinks a thousand times

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Other things people upload by mistake, by their first bytes.
STRANGERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "ảnh PNG",
    b"\xff\xd8\xff": "ảnh JPEG",
    b"Rar!": "tệp nén RAR",
    b"7z\xbc\xaf": "tệp nén 7z",
    b"\x1f\x8b": "tệp nén GZ",
    b"MZ": "chương trình",
    b"\x7fELF": "chương trình",
    b"{\\rtf": "văn bản RTF",
    b"SQLite format": "cơ sở dữ liệu",
    b"PAR1": "tệp Parquet",
}
ARCHIVES = {".zip", ".rar", ".7z", ".gz", ".tar", ".xlsx", ".xlsm", ".xls", ".docx", ".jar", ".exe", ".dll"}
OUTSIDE = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
MACROS = ("vbaproject.bin", "vbadata.xml", "macrosheets/", "activex/")
RESAVE = "Hãy mở bằng Excel, chép các giá trị sang một tệp mới rồi lưu dạng “Excel Workbook (*.xlsx)”."


class Kind(StrEnum):
    """The formats that are read."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


def check_spreadsheet(data: bytes) -> Kind:
    """Judge a file by what it is, whatever its name says.

    Raises:
        InvalidInput: `file.empty`, `file.size`, `file.kind`, `file.password`, `file.macro`, `file.links`,
            `file.bomb`, `file.entries`, `file.names`, `file.nested`, `file.unreadable`.
    """
    if not data.strip():
        raise InvalidInput("file.empty", "Tệp trống. Hãy chọn lại tệp có dữ liệu.")
    if len(data) > LARGEST_FILE:
        size = len(data) // MEBIBYTE
        raise InvalidInput(
            "file.size", f"Tệp nặng {size} MB, vượt {LARGEST_FILE // MEBIBYTE} MB. Hãy chia nhỏ."
        )
    if data.startswith(ZIP):
        _check_zip(data)
        return Kind.XLSX
    if data.startswith(OLE):
        _check_ole(data)
        return Kind.XLS
    _check_text(data)
    return Kind.CSV


def _check_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _password()
    if any(name.encode("utf-16-le") in data for name in ("_VBA_PROJECT_CUR", "_VBA_PROJECT")):
        raise _macro()
    if "WordDocument".encode("utf-16-le") in data or "PowerPoint".encode("utf-16-le") in data:
        raise InvalidInput(
            "file.kind", f"Đây là văn bản Word hoặc PowerPoint, không phải bảng tính. {RESAVE}"
        )


def _check_text(data: bytes) -> None:
    for start, name in STRANGERS.items():
        if data.startswith(start):
            raise InvalidInput(
                "file.kind", f"Đây là {name}, không phải bảng tính. Cần tệp .xlsx, .xls hoặc .csv."
            )
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"mime-version")):
        raise InvalidInput("file.kind", f"Đây là trang web mang đuôi bảng tính. {RESAVE}")
    if b"\0" in data and not data.startswith(UTF16):
        raise InvalidInput(
            "file.kind", "Tệp không phải bảng tính cũng không phải văn bản. Cần .xlsx, .xls hoặc .csv."
        )


def _check_zip(data: bytes) -> None:
    _check_directory_size(data)
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        struct.error,
        NotImplementedError,
        OSError,
        OverflowError,
    ) as error:
        raise InvalidInput("file.unreadable", f"Tệp Excel bị hỏng, không mở được. {RESAVE}") from error
    names = [entry.filename for entry in entries]
    for entry in entries:
        _check_entry(entry)
    if len(set(names)) < len(names):
        raise InvalidInput("file.names", f"Tệp Excel chứa hai phần cùng tên. {RESAVE}")
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED or _packs_too_much(entries, len(data)):
        raise InvalidInput("file.bomb", f"Tệp bung ra lớn bất thường nên không được mở. {RESAVE}")
    if "xl/workbook.xml" not in names:
        raise InvalidInput("file.kind", f"Đây không phải sổ tính Excel dạng .xlsx. {RESAVE}")


def _check_directory_size(data: bytes) -> None:
    """Refuse a directory too long to list, before it is listed. The end record is 22 bytes and a comment."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or at + 22 > len(data):
        raise InvalidInput("file.unreadable", f"Tệp Excel bị cắt cụt, có thể do tải lên dở dang. {RESAVE}")
    count, size = struct.unpack("<HL", data[at + 10 : at + 16])
    if count > MOST_ENTRIES or size > LARGEST_DIRECTORY:
        raise InvalidInput(
            "file.entries", f"Tệp chứa quá {MOST_ENTRIES} phần bên trong nên không được mở. {RESAVE}"
        )


def _packs_too_much(entries: list[zipfile.ZipInfo], size: int) -> bool:
    """Parts that shrink too well, or that share the same packed bytes."""
    if sum(entry.compress_size for entry in entries) > size:
        return True
    large = (entry for entry in entries if entry.file_size > SMALL_ENTRY)
    return any(entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1) for entry in large)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/").lower()
    if entry.flag_bits & 0x1:
        raise _password()
    if any(part in name for part in MACROS):
        raise _macro()
    if name.startswith(OUTSIDE):
        raise InvalidInput("file.links", f"Tệp có liên kết tới tệp hoặc nguồn dữ liệu khác. {RESAVE}")
    if (
        ".." in name.split("/")
        or name.startswith("/")
        or ":" in name
        or stat.S_ISLNK(entry.external_attr >> 16)
    ):
        raise InvalidInput("file.names", f"Tệp Excel chứa đường dẫn không an toàn. {RESAVE}")
    if PurePosixPath(name).suffix in ARCHIVES:
        raise InvalidInput("file.nested", f"Trong tệp có nhúng tệp khác (“{entry.filename[:60]}”). {RESAVE}")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise InvalidInput("file.unreadable", f"Tệp Excel dùng kiểu nén lạ. {RESAVE}")


def _password() -> InvalidInput:
    return InvalidInput("file.password", "Tệp có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại.")


def _macro() -> InvalidInput:
    return InvalidInput("file.macro", f"Tệp có chứa macro nên không được mở. {RESAVE}")
