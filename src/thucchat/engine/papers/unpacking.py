"""A zip as its parts: opened with limits, refused when it is damaged, locked or a bomb."""

import struct
import zipfile
import zlib
from io import BytesIO

from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import vi_number

MAX_FILE = 64 * 2**20  # bytes as stored
MAX_UNPACKED = 400 * 2**20  # bytes of all parts together
MAX_PART = 64 * 2**20  # bytes of one XML part
MAX_RATIO = 200  # XML of a paper packs 5 to 30 times; a bomb a thousand times
MAX_ENTRIES = 5000


def unpacked(content: bytes, *, name: str, way_out: str) -> dict[str, bytes]:
    """The parts by name, without leading slash and with `/` between folders, in the order of the zip.

    `name` and `way_out` are what messages call the file and tell its owner to do: “Tệp Word”,
    “hãy mở bằng Word rồi lưu lại”.
    Raises:
        InvalidInput: `paper.too_big`, `paper.encrypted`, `paper.corrupt`, `paper.bomb`.
    """
    if len(content) > MAX_FILE:
        size = vi_number(len(content) / 2**20, 1)
        raise InvalidInput(
            "paper.too_big", f"Tệp {size} MB vượt giới hạn {MAX_FILE // 2**20} MB; hãy nén ảnh."
        )
    try:
        return _read_parts(content)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise InvalidInput("paper.corrupt", f"{name} bị hỏng; {way_out}.") from error
    except RuntimeError as error:  # zipfile's answer to an encrypted entry
        raise InvalidInput("paper.encrypted", "Tệp nén có mật khẩu; hãy gỡ mật khẩu rồi lưu lại.") from error


def _read_parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _refuse_bomb(entries)
        return {
            entry.filename.lstrip("/").replace("\\", "/"): _read_entry(archive, entry) for entry in entries
        }


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    swollen = [
        entry
        for entry in entries
        if entry.file_size > 2**20 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
    ]
    too_long = [entry for entry in entries if _is_xml(entry.filename) and entry.file_size > MAX_PART]
    if (
        len(entries) > MAX_ENTRIES
        or total > MAX_UNPACKED
        or swollen
        or too_long
        or total > MAX_RATIO * packed + 2**20
    ):
        size = vi_number(total / 2**20, 0)
        raise InvalidInput("paper.bomb", f"Tệp bung ra {len(entries)} phần, {size} MB: không mở vì an toàn.")


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # The size in the directory may lie: never read beyond it.
    with archive.open(entry) as stream:
        data = stream.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise InvalidInput(
            "paper.bomb", f"Phần “{entry.filename}” dài hơn kích thước khai báo: không mở vì an toàn."
        )
    return data


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))
