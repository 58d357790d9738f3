"""A list of candidates as sheets in seat order: school, room, seat. Headings may be English or Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.layout import CANDIDATE, Layout
from thucchat.engine.sheets.printing.sheets import PrintedSheet
from thucchat.engine.vietnamese import text_key, unaccented

HEADINGS = {
    CANDIDATE: ("candidate", "sbd", "so bao danh", "ma thi sinh"),
    "code": ("code", "ma de", "ma de thi"),
    "serial": ("serial", "so phieu", "so to"),
    "seat": ("seat", "so ghe", "vi tri", "stt"),
    "name": ("name", "ho va ten", "ho ten", "ten"),
    "born": ("born", "ngay sinh"),
    "room": ("room", "phong", "phong thi"),
    "school": ("school", "truong", "diem thi", "don vi"),
    "council": ("council", "hoi dong", "hoi dong thi"),
    "class": ("class", "lop"),
    "subject": ("subject", "mon", "mon thi"),
    "exam": ("exam", "ky thi", "ky khao sat", "bai"),
}
MOST_SHEETS = 100_000


@dataclass(frozen=True, slots=True)
class Seat:
    """One candidate in a room."""

    school: str
    room: str
    sheet: PrintedSheet


def candidate_column(frame: pl.DataFrame) -> str:
    """The heading of the candidate numbers.

    Raises:
        InvalidInput: `roster.candidate`.
    """
    found = _columns(frame).get(CANDIDATE)
    if found is None:
        raise InvalidInput(
            "roster.candidate", "Danh sách cần một cột số báo danh (sbd, “Số báo danh” hoặc candidate)."
        )
    return found


def _columns(frame: pl.DataFrame) -> dict[str, str]:
    known = {word: key for key, words in HEADINGS.items() for word in words}
    found: dict[str, str] = {}
    for heading in frame.columns:
        key = known.get(unaccented(heading))
        if key and key not in found:
            found[key] = heading
    return found


def seats_from(frame: pl.DataFrame, layout: Layout) -> list[Seat]:
    """Candidates in the order in which sheets are handed out.

    Raises:
        InvalidInput: `roster.candidate`, `roster.empty`, `roster.twice`.
    """
    candidate_column(frame)
    columns = _columns(frame)
    rows = [
        {key: _text(row[heading]) for key, heading in columns.items()} for row in frame.iter_rows(named=True)
    ]
    rows = [row for row in rows if any(row.values())]
    _check(rows)
    rows.sort(
        key=lambda row: tuple(text_key(row.get(key, "")) for key in ("school", "room", "seat", CANDIDATE))
    )
    width = max(4, len(str(len(rows))))
    return [_seat(row, layout, f"{place:0{width}d}") for place, row in enumerate(rows, 1)]


def _text(cell: object) -> str:
    text = "" if cell is None else str(cell).strip()
    return text.removesuffix(".0") if text.removesuffix(".0").isdigit() else text


def _check(rows: Sequence[dict[str, str]]) -> None:
    if not rows:
        raise InvalidInput("roster.empty", "Danh sách không có thí sinh nào.")
    if len(rows) > MOST_SHEETS:
        raise InvalidInput(
            "roster.many", f"Danh sách có {len(rows)} thí sinh, quá {MOST_SHEETS}; hãy chia theo trường."
        )
    seen: set[str] = set()
    for line, row in enumerate(rows, 2):
        number = row[CANDIDATE]
        if not number or number in seen:
            what = f"trùng số báo danh “{number}”" if number else "thiếu số báo danh"
            raise InvalidInput("roster.twice", f"Dòng {line}: {what}.")
        seen.add(number)


def _seat(row: dict[str, str], layout: Layout, place: str) -> Seat:
    digits = layout.digits(CANDIDATE)
    candidate = row[CANDIDATE].zfill(digits) if row[CANDIDATE].isdigit() else row[CANDIDATE]
    code = row.get("code", "")
    code = code.zfill(layout.digits("code")) if code.isdigit() else code
    sheet = PrintedSheet(candidate, code, row.get("serial") or place, row)
    return Seat(row.get("school", ""), row.get("room", ""), sheet)


def blank_sheets(count: int) -> list[PrintedSheet]:
    """Numbered sheets without a candidate.

    Raises:
        InvalidInput: `sheets.count`.
    """
    if not 1 <= count <= MOST_SHEETS:
        raise InvalidInput("sheets.count", f"Số phiếu {count} phải từ 1 đến {MOST_SHEETS}.")
    return [PrintedSheet(serial=f"{place:06d}") for place in range(1, count + 1)]
