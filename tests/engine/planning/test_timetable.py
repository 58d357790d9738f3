from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.surveys import annex_of
from thucchat.engine.planning.timetable import SUNDAY, check, draw_up

HOLDING = annex_of("dien-bien-2024").holding
MONDAY = date(2024, 9, 16)
PAPERS = (("van", 60), ("toan", 45), ("ngoai_ngu", 45), ("khtn", None), ("ls_dl", 45))


def test_five_papers_take_three_mornings_where_there_are_days_enough():
    slots = draw_up(PAPERS, (MONDAY, MONDAY + timedelta(days=12)), HOLDING)

    assert [(one.subject, one.day.day, one.shift, one.starts, one.minutes) for one in slots] == [
        ("van", 16, 1, time(7, 30), 60),
        ("toan", 16, 1, time(9, 0), 45),
        ("ngoai_ngu", 17, 1, time(7, 30), 45),
        ("khtn", 17, 1, time(8, 45), HOLDING.open_minutes),
        ("ls_dl", 18, 1, time(7, 30), 45),
    ]


@given(st.integers(1, 12), st.integers(0, 13), st.integers(0, 6))
def test_what_is_drawn_up_passes_its_own_check_and_spares_sundays(count, length, first):
    window = (MONDAY + timedelta(days=first), MONDAY + timedelta(days=first + length))
    papers = [(str(place), 90) for place in range(count)]
    days = [window[0] + timedelta(days=place) for place in range(length + 1)]
    if 2 * 2 * sum(day.weekday() != SUNDAY for day in days) < count:
        with pytest.raises(InvalidInput, match="không đủ buổi"):
            draw_up(papers, window, HOLDING)
        return
    slots = draw_up(papers, window, HOLDING)
    check(slots, window)
    assert [one.subject for one in slots] == [name for name, _ in papers]
    assert SUNDAY not in {one.day.weekday() for one in slots}


def test_papers_at_once_or_outside_the_window_are_refused():
    window = (MONDAY, MONDAY + timedelta(days=4))
    slots = draw_up(PAPERS, window, HOLDING)
    for change, code in (
        ({"starts": time(8, 29)}, "timetable.overlap"),
        ({"day": MONDAY + timedelta(days=5)}, "timetable.window"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            check((slots[0], replace(slots[1], **change)), window)
        assert refusal.value.code == code
    check((slots[0], replace(slots[1], starts=time(8, 30))), window)
