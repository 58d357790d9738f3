"""What is read aloud and printed in minutes after reading: one root over images, one over what was read.

Both come from the result table alone, so anybody who holds the table can compute them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from thucchat.engine.custody.merkle import leaf_hash, root
from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.table import COLUMNS_AFTER, COLUMNS_BEFORE

NEEDED = ("file", "page", "candidate", "code", "sha256")


@dataclass(frozen=True, slots=True)
class Roots:
    """Merkle roots (RFC 6962, SHA-256, hexadecimal) over sorted leaves."""

    images: str  # leaves: fingerprint of each captured file, once
    marks: str  # leaves: the cells of each row below, tab between
    sheets: int


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between an earlier and a later reading."""

    candidate: str
    what: str  # "image.gone", "image.new", "answer"
    where: str  # file, or question
    before: str
    after: str
    erased: str  # value of which the later image shows a trace


def answer_columns(frame: pl.DataFrame) -> list[str]:
    """Columns that hold answers.

    Raises:
        InvalidInput: `reading.columns` when the table is not a reading.
    """
    if absent := [name for name in NEEDED if name not in frame.columns]:
        raise InvalidInput("reading.columns", f"Bảng kết quả đọc thiếu cột {', '.join(absent)}.")
    others = {*COLUMNS_BEFORE, *COLUMNS_AFTER}
    return [name for name in frame.columns if name not in others]


def batch_roots(frame: pl.DataFrame) -> Roots:
    """Roots of a reading; the order of its rows does not matter."""
    columns = ["file", "page", "sha256", "candidate", "code", *answer_columns(frame)]
    text = frame.select(pl.col(columns).cast(pl.String).fill_null(""))
    lines = sorted("\t".join(row) for row in text.iter_rows())
    shots = sorted({one for one in text["sha256"].to_list() if one})
    return Roots(_root(shots), _root(lines), len(lines))


def _root(lines: Sequence[str]) -> str:
    return root([leaf_hash(line.encode()) for line in lines]).hex()


def changes(before: pl.DataFrame, after: pl.DataFrame) -> list[Change]:
    """What became of an earlier reading: images gone or new, answers that differ, candidate by candidate.

    The first reading is usually the capture at the room, the later one the centre's, or paper scanned again.
    """
    questions = answer_columns(before)
    old, new = _by_candidate(before, questions), _by_candidate(after, questions)
    images = {one["sha256"]: one for one in _rows(before)}, {one["sha256"]: one for one in _rows(after)}
    found = [_image("image.gone", one) for sha, one in images[0].items() if sha and sha not in images[1]]
    found += [_image("image.new", one) for sha, one in images[1].items() if sha and sha not in images[0]]
    for candidate in sorted(old.keys() & new.keys()):
        earlier, later = old[candidate], new[candidate]
        traces = dict(one.split(":", 1) for one in (later.get("erased") or "").split())
        found += [
            Change(candidate, "answer", name, earlier[name], later[name], traces.get(name, ""))
            for name in questions
            if earlier[name] != later[name]
        ]
    return found


def _rows(frame: pl.DataFrame) -> list[dict[str, str]]:
    return frame.select(pl.all().cast(pl.String).fill_null("")).to_dicts()


def _by_candidate(frame: pl.DataFrame, questions: Sequence[str]) -> dict[str, dict[str, str]]:
    """Each candidate's latest version."""
    rows = sorted(_rows(frame), key=lambda row: int(row.get("version") or 1))
    empty = dict.fromkeys(questions, "")
    return {row["candidate"]: empty | row for row in rows if row["candidate"]}


def _image(what: str, row: dict[str, str]) -> Change:
    return Change(row["candidate"], what, row["file"], row["sha256"], "", "")
