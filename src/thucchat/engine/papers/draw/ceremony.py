"""The draw itself, its minutes as a file, and everything that can be checked about them afterwards."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from thucchat.engine.custody.canonical import fingerprint
from thucchat.engine.errors import EngineError, InvalidInput
from thucchat.engine.papers.draw.freezing import check_announcement
from thucchat.engine.papers.draw.model import Announcement, Chance, Minutes
from thucchat.engine.papers.draw.seed import announcement_fingerprint, pool_root, seed_of, split_reveals
from thucchat.engine.papers.draw.selection import select
from thucchat.engine.papers.draw.writing import FORMAT, announcement_from, as_plain, minutes_from

REHEARSAL = "0" * 64  # a seed that no hash will ever be


@dataclass(frozen=True, slots=True)
class DrawFault:
    """Something in minutes that does not hold."""

    code: str
    message: str  # Vietnamese


def rehearse(announcement: Announcement) -> None:
    """Refuse, before anything is published, what could not be drawn on the day.

    Raises:
        InvalidInput: as `check_announcement` does.
        NoResult: `draw.tight`.
    """
    check_announcement(announcement)
    select(announcement, REHEARSAL)


def conduct(announcement: Announcement, chance: Chance) -> Minutes:
    """Draw. The same announcement and chance always give the same minutes.

    Raises:
        InvalidInput: as `check_announcement` and `seed_of` do.
        NoResult: `draw.tight`.
    """
    check_announcement(announcement)
    seed = seed_of(announcement, chance)
    _, withheld = split_reveals(announcement, chance.reveals)
    chosen = select(announcement, seed)
    return Minutes(announcement, chance, pool_root(announcement.pool), seed, tuple(withheld), chosen)


def minutes_fingerprint(minutes: Minutes) -> str:
    """What the signed paper shows, and a later draw of the round refers to."""
    return fingerprint(as_plain(minutes))


def announcement_file(announcement: Announcement) -> str:
    """The announcement as JSON text."""
    return _text({"format": FORMAT, "fingerprint": announcement_fingerprint(announcement)}, announcement)


def minutes_file(minutes: Minutes) -> str:
    """The minutes as JSON text."""
    return _text({"format": FORMAT, "fingerprint": minutes_fingerprint(minutes)}, minutes)


def _text(head: dict[str, str], value: Announcement | Minutes) -> str:
    fields = {**head, **as_plain(value)}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def read_announcement(text: str) -> Announcement:
    """The announcement in a file. Raises InvalidInput: `draw.file`, `draw.edited`."""
    announcement = announcement_from(_fields(text))
    if announcement_file(announcement) != text:
        raise InvalidInput("draw.edited", "Tệp thông báo đã bị sửa sau khi chốt.")
    return announcement


def read_minutes(text: str) -> Minutes:
    """The minutes in a file, byte for byte as written. Raises InvalidInput: `draw.file`, `draw.edited`."""
    minutes = minutes_from(_fields(text))
    if minutes_file(minutes) != text:
        raise InvalidInput("draw.edited", "Tệp biên bản không còn đúng từng chữ như khi lập.")
    return minutes


def _fields(text: str) -> dict[str, object]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("draw.file", "Tệp không phải là JSON nguyên vẹn.") from error
    if not isinstance(fields, dict) or fields.pop("format", None) != FORMAT:
        raise InvalidInput("draw.file", f"Tệp không ghi dạng {FORMAT}.")
    fields.pop("fingerprint", None)
    return fields


def minutes_faults(minutes: Minutes) -> tuple[DrawFault, ...]:
    """Draw again from the same announcement and chance, and compare."""
    try:
        again = conduct(minutes.announcement, minutes.chance)
    except EngineError as error:
        return (DrawFault(error.code, error.message),)
    pairs = (
        ("draw.root", "Gốc của danh sách đề", minutes.root, again.root),
        ("draw.seed", "Hạt giống", minutes.seed, again.seed),
        ("draw.withheld", "Danh sách đơn vị không mở cam kết", minutes.withheld, again.withheld),
        ("draw.selection", "Kết quả bốc thăm", minutes.selection, again.selection),
    )
    return tuple(
        DrawFault(code, f"{what} trong biên bản không đúng với phần tính lại.")
        for code, what, stated, found in pairs
        if stated != found
    )


def series_faults(series: Sequence[Minutes]) -> tuple[DrawFault, ...]:
    """Whether the draws of each round are numbered 1, 2, … and each names the one before."""
    rounds: dict[str, list[Minutes]] = {}
    for minutes in series:
        rounds.setdefault(minutes.announcement.round, []).append(minutes)
    faults: list[DrawFault] = []
    for name, draws in rounds.items():
        previous = None
        for place, draw in enumerate(sorted(draws, key=lambda one: one.announcement.number), start=1):
            if (draw.announcement.number, draw.announcement.previous) != (place, previous):
                message = f"Kỳ “{name}”: lần bốc {draw.announcement.number} không nối tiếp lần trước; "
                faults.append(DrawFault("draw.twice", message + "có lần bốc bị giấu hoặc bốc hai lần."))
            previous = minutes_fingerprint(draw)
    return tuple(faults)
