import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.printing.lists import room_documents
from thucchat.engine.sheets.printing.roster import blank_sheets, seats_from


def test_sheets_follow_school_room_and_seat(form):
    frame = pl.DataFrame(
        {
            "Số báo danh": ["12", "11", "13"],
            "Phòng thi": ["2", "10", "2"],
            "STT": ["2", "1", "1"],
            "Mã đề": ["101", "102", "103"],
            "Họ và tên": ["Lò A", "Lò B", "Lò C"],
        }
    )
    seats = seats_from(frame, form)
    assert [(seat.room, seat.sheet.candidate, seat.sheet.code) for seat in seats] == [
        ("2", "00000013", "0103"),
        ("2", "00000012", "0101"),
        ("10", "00000011", "0102"),
    ]
    assert room_documents(seats).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("columns", "code"),
    [({"ten": ["A"]}, "candidate"), ({"sbd": ["1", "1"]}, "twice"), ({"sbd": [None]}, "empty")],
)
def test_a_list_that_cannot_be_printed_is_refused(form, columns, code):
    with pytest.raises(InvalidInput) as refusal:
        seats_from(pl.DataFrame(columns), form)
    assert refusal.value.code == f"roster.{code}"


def test_blank_sheets_are_numbered():
    assert [one.serial for one in blank_sheets(2)] == ["000001", "000002"]
