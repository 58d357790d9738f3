"""Room lists with attendance, and bag labels, for the sheets that were printed."""

import json
import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.printing.roster import Seat
from thucchat.engine.sheets.printing.sheets import FONTS, compile_template


def room_documents(seats: Sequence[Seat], fonts: Sequence[Path] = ()) -> bytes:
    """One list and one bag label per room, as PDF, in the order of the seats.

    Raises:
        InvalidInput: `roster.empty`.
    """
    if not seats:
        raise InvalidInput(
            "roster.empty", "Danh sách phòng cần danh sách thí sinh; không in được cho phiếu trắng."
        )
    rooms = [_room(list(group)) for _, group in groupby(seats, key=lambda seat: (seat.school, seat.room))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = {"fonts": list(FONTS), "rooms": rooms}
        (folder / "lists.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        return compile_template(folder, "lists.typ", fonts)


def _room(seats: list[Seat]) -> dict[str, Any]:
    first = seats[0].sheet.values
    rows = [
        [
            str(place),
            seat.sheet.candidate,
            *(seat.sheet.values.get(key, "") for key in ("name", "born")),
            seat.sheet.code,
            seat.sheet.serial,
            "",
            "",
        ]
        for place, seat in enumerate(seats, 1)
    ]
    words = {key: first.get(key, "") for key in ("exam", "school", "room", "subject")}
    return {**words, "rows": rows}
