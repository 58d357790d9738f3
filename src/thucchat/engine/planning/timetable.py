"""When the papers of a grade are sat: by days and shifts of a window, never two at once. Times are local."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.surveys import Holding
from thucchat.engine.vietnamese import vi_date

SUNDAY = 6
Window = tuple[date, date]  # first and last day


@dataclass(frozen=True, slots=True)
class Slot:
    """One paper at its time."""

    subject: str
    day: date
    shift: int  # of the day, from 1
    starts: time
    minutes: int

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.day, self.starts)

    @property
    def end(self) -> datetime:
        return self.begin + timedelta(minutes=self.minutes)


def draw_up(papers: Sequence[tuple[str, int | None]], window: Window, holding: Holding) -> tuple[Slot, ...]:
    """Papers (subject, minutes) in their order from the first day on: mornings only where the days suffice.

    Nothing is sat on Sundays.
    Raises:
        InvalidInput: `timetable.window` when the days are too few.
    """
    days = _days(window)
    groups = [
        papers[start : start + holding.papers_a_shift]
        for start in range(0, len(papers), holding.papers_a_shift)
    ]
    used = 1 if len(groups) <= len(days) else len(holding.shifts)
    halves = [(day, shift) for day in days for shift in range(used)]
    if len(groups) > len(halves):
        message = (
            f"Từ {vi_date(window[0])} đến {vi_date(window[1])} không đủ buổi cho {len(papers)} môn "
            f"của một khối: cần {len(groups)} buổi, chỉ có {len(halves)}. Hãy kéo dài đợt khảo sát."
        )
        raise InvalidInput("timetable.window", message)
    slots: list[Slot] = []
    for group, (day, shift) in zip(groups, halves, strict=False):
        slots += _shift(group, day, shift, holding)
    return tuple(slots)


def _days(window: Window) -> list[date]:
    length = (window[1] - window[0]).days + 1
    days = (window[0] + timedelta(days=place) for place in range(length))
    return [day for day in days if day.weekday() != SUNDAY]


def _shift(papers: Sequence[tuple[str, int | None]], day: date, shift: int, holding: Holding) -> list[Slot]:
    begin, slots = datetime.combine(day, holding.shifts[shift]), []
    for subject, minutes in papers:
        slot = Slot(subject, day, shift + 1, begin.time(), minutes or holding.open_minutes)
        slots.append(slot)
        begin = slot.end + timedelta(minutes=holding.break_minutes)
    return slots


def check(slots: Sequence[Slot], window: Window) -> None:
    """Papers of one grade lie in the window and one after the other.

    Raises:
        InvalidInput: `timetable.window`, `timetable.overlap`.
    """
    ordered = sorted(slots, key=lambda slot: slot.begin)
    for slot in ordered:
        if not window[0] <= slot.day <= window[1]:
            message = (
                f"Ngày {vi_date(slot.day)} nằm ngoài đợt khảo sát, từ {vi_date(window[0])} "
                f"đến {vi_date(window[1])}."
            )
            raise InvalidInput("timetable.window", message)
    for before, after in pairwise(ordered):
        if after.begin < before.end:
            message = (
                f"Môn thi lúc {after.begin:%H:%M} ngày {vi_date(after.day)} chồng lên môn thi từ "
                f"{before.begin:%H:%M} đến {before.end:%H:%M}; một khối không làm hai bài cùng lúc."
            )
            raise InvalidInput("timetable.overlap", message)
