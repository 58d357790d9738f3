"""Sheets as bytes: between the processes, and kept until a file has been imported."""

import json
import struct
from collections.abc import Iterator, Sequence
from io import BytesIO

import polars as pl

from thucchat.web.shared.spreadsheets.model import Merge, Sheet

LENGTH = struct.Struct("<Q")


def pack(sheets: Sequence[Sheet]) -> bytes:
    """The facts of each sheet as JSON, and its cells as an Arrow file."""
    parts = []
    for sheet in sheets:
        facts = {
            name: getattr(sheet, name)
            for name in Sheet.__dataclass_fields__
            if name not in {"cells", "merges"}
        }
        facts["merges"] = [(block.top, block.left, block.bottom, block.right) for block in sheet.merges]
        parts += [json.dumps(facts).encode(), frame_to_bytes(sheet.cells)]
    return pack_parts(parts)


def unpack(data: bytes) -> list[Sheet]:
    """What `pack` was given."""
    parts = unpack_parts(data)
    sheets = []
    for facts_text, cells in zip(parts, parts, strict=True):
        facts = json.loads(facts_text)
        merges = tuple(Merge(*block) for block in facts.pop("merges"))
        lists = {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}
        sheets.append(Sheet(**(facts | lists), cells=bytes_to_frame(cells), merges=merges))
    return sheets


def pack_parts(parts: Sequence[bytes]) -> bytes:
    """Byte strings one after another, each behind its length."""
    return b"".join(piece for part in parts for piece in (LENGTH.pack(len(part)), part))


def unpack_parts(data: bytes) -> Iterator[bytes]:
    """What `pack_parts` was given."""
    at = 0
    while at < len(data):
        (length,) = LENGTH.unpack_from(data, at)
        at += LENGTH.size + length
        yield data[at - length : at]


def frame_to_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as a compressed Arrow file."""
    out = BytesIO()
    frame.write_ipc(out, compression="zstd")
    return out.getvalue()


def bytes_to_frame(data: bytes | memoryview) -> pl.DataFrame:
    """What `frame_to_bytes` was given."""
    return pl.read_ipc(BytesIO(data))
