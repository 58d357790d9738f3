"""One line of a batch journal: what was captured of one page, enough to decide it again without its image.

Ink is kept as bytes, 0-255 for darkness 0-1, so a first decision and a later one start from the same numbers.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.identity_code import SheetCode
from thucchat.engine.sheets.reading.corner_codes import CornerCodes
from thucchat.engine.sheets.reading.locate import Placement
from thucchat.engine.sheets.reading.page import NOTHING, Measured
from thucchat.engine.sheets.reading.sampling import Ink

FULL = 255


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page of a file, or a file that could not be opened (`page` 0)."""

    file: str  # path below the batch's folder
    sha256: str  # of the file as captured; "" when it could not be read
    page: int  # from 1; 0 when the file as a whole was set aside
    pages: int  # of the file
    size: tuple[int, int]  # of the image measured: height, width in pixels
    problem: str  # "" or why nothing was measured: "file:image.broken", "page:not_found"
    message: str  # Vietnamese, for `problem` of a file
    measured: Measured | None

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes a record: the same page of the same bytes is read once."""
        return self.file, self.sha256, self.page

    def line(self) -> str:
        """As JSON on one line."""
        plain = {
            "file": self.file,
            "sha256": self.sha256,
            "page": self.page,
            "pages": self.pages,
            "size": list(self.size),
            "problem": self.problem,
            "message": self.message,
            "measured": _plain(self.measured) if self.measured else None,
        }
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def parse_record(line: str) -> PageRecord:
    """Undo `PageRecord.line`.

    Raises:
        ValueError, KeyError: for a line that is not a record.
    """
    plain = json.loads(line)
    measured = _measured(plain["measured"]) if plain["measured"] else None
    height, width = plain["size"]
    shape, problem, message = (height, width), plain["problem"], plain["message"]
    return PageRecord(
        plain["file"], plain["sha256"], plain["page"], plain["pages"], shape, problem, message, measured
    )


def _plain(measured: Measured) -> dict[str, Any]:
    code = measured.codes.code
    return {
        "problem": measured.problem,
        "placement": _plain_placement(measured.placement),
        "ink": _plain_ink(measured.ink) if measured.ink else None,
        "codes": [measured.codes.read, code.text() if code else "", measured.codes.conflict],
        "streaks": measured.streaks,
        "fine": measured.fine,
    }


def _plain_placement(placement: Placement | None) -> list[Any] | None:
    return (
        [placement.matrix.ravel().tolist(), placement.found, placement.error, placement.flat]
        if placement
        else None
    )


def _plain_ink(ink: Ink) -> dict[str, Any]:
    return {
        "mean": _packed(ink.mean),
        "middle": _packed(ink.middle),
        "ring": _packed(ink.ring),
        "lost": base64.b85encode(np.packbits(ink.lost).tobytes()).decode(),
        "flat": ink.flat,
        "matches": np.round(ink.matches, 3).tolist(),
        "shifts": np.round(ink.shifts, 3).tolist(),
    }


def _packed(values: NDArray[np.float32]) -> str:
    return base64.b85encode(np.rint(np.clip(values, 0, 1) * FULL).astype(np.uint8).tobytes()).decode()


def _unpacked(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b85decode(text), np.uint8).astype(np.float32) / np.float32(FULL)


def _measured(plain: Mapping[str, Any]) -> Measured:
    read, text, conflict = plain["codes"]
    codes = CornerCodes(read, SheetCode(*text.split("|")[1:]), conflict) if text else NOTHING
    placement = plain["placement"]
    ink = _ink(plain["ink"]) if plain["ink"] else None
    place = Placement(np.reshape(placement[0], (3, 3)), *placement[1:]) if placement else None
    return Measured(plain["problem"], place, ink, codes, plain["streaks"], plain["fine"])


def _ink(plain: Mapping[str, Any]) -> Ink:
    mean = _unpacked(plain["mean"])
    lost = np.unpackbits(np.frombuffer(base64.b85decode(plain["lost"]), np.uint8))[: len(mean)].astype(bool)
    shifts = np.array(plain["shifts"], np.float32)
    return Ink(
        mean,
        _unpacked(plain["middle"]),
        _unpacked(plain["ring"]),
        lost,
        np.array(plain["matches"], np.float32),
        plain["flat"],
        shifts,
    )
