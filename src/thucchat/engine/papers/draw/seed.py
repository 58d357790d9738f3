"""The seed: one fingerprint over the announcement and every value that came after it.

Nobody who lacks one of the values can foresee the seed, so one honest source is enough. Reveals close
before dice are thrown: who withholds a value does not know yet which draw that would give.
"""

import re
import secrets
from collections.abc import Mapping

from thucchat.engine.custody.canonical import canonical, fingerprint
from thucchat.engine.custody.merkle import leaf_hash, root
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.draw.model import Announcement, Chance, Entry
from thucchat.engine.papers.draw.writing import as_plain

SHORTEST_VALUE = 20  # characters; a shorter value can be guessed from its commitment
FEWEST_DIGITS = 20  # of all public results together: 66 bits with ten-sided dice
DIGITS = re.compile(r"[0-9]+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)  # one form, local time: compared as text
HEXADECIMAL = re.compile(r"[0-9a-f]{32,}")


def commit(round_code: str, unit: str, value: str) -> str:
    """What a unit hands over instead of its value until the reveal.

    Raises:
        InvalidInput: `draw.value` when the value is short enough to be guessed.
    """
    if len(value) < SHORTEST_VALUE:
        message = f"Giá trị của {unit} chỉ có {len(value)} ký tự, dễ bị dò ra; cần ít nhất {SHORTEST_VALUE}."
        raise InvalidInput("draw.value", message, unit=unit)
    return fingerprint([round_code, unit, value])


def new_value(number: str) -> str:
    """The number a unit chose, made impossible to guess by 128 bits of the operating system."""
    return f"{number}-{secrets.token_hex(16)}"


def pool_root(pool: tuple[Entry, ...]) -> str:
    """Merkle root (RFC 6962) over the canonical text of each entry, hexadecimal."""
    return root([leaf_hash(canonical(as_plain(entry))) for entry in pool]).hex()


def announcement_fingerprint(announcement: Announcement) -> str:
    """What is printed and published before there is any chance."""
    return fingerprint(as_plain(announcement))


def split_reveals(announcement: Announcement, reveals: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Reveals that match their commitment, and the units that committed but gave none that does.

    Raises:
        InvalidInput: `draw.stranger` for a value of a unit that committed to nothing.
    """
    for unit in reveals:
        if unit not in announcement.commitments:
            message = f"Đơn vị {unit} không nộp cam kết trước nên giá trị của họ không được tính."
            raise InvalidInput("draw.stranger", message, unit=unit)
    good = {
        unit: value
        for unit, value in sorted(reveals.items())
        if fingerprint([announcement.round, unit, value]) == announcement.commitments[unit]
    }
    return good, sorted(set(announcement.commitments) - set(good))


def seed_of(announcement: Announcement, chance: Chance) -> str:
    """SHA-256 over announcement, matching reveals and public results, hexadecimal.

    Raises:
        InvalidInput: `draw.results`, `draw.digits`, `draw.time`, `draw.order`, `draw.stranger`.
    """
    _check_results(announcement, chance)
    good, _ = split_reveals(announcement, chance.reveals)
    fixed = announcement_fingerprint(announcement)
    return fingerprint({"announcement": fixed, "results": dict(chance.results), "reveals": good})


def _check_results(announcement: Announcement, chance: Chance) -> None:
    kinds = {source.name: source.kind for source in announcement.sources}
    digits = 0
    for name, value in chance.results.items():
        if name not in kinds:
            raise InvalidInput("draw.results", f"Nguồn “{name}” không có trong thông báo trước khi bốc.")
        wanted = HEXADECIMAL if kinds[name] == "beacon" else DIGITS
        if not wanted.fullmatch(value):
            raise InvalidInput("draw.digits", f"Kết quả “{value}” của “{name}” không phải là dãy chữ số.")
        digits += len(value) if kinds[name] != "beacon" else 0
    for name, kind in kinds.items():
        if kind != "beacon" and name not in chance.results:
            raise InvalidInput("draw.results", f"Chưa có kết quả của “{name}”, nguồn đã nêu trong thông báo.")
    if digits < FEWEST_DIGITS:
        message = f"Xúc xắc và xổ số mới cho {digits} chữ số; cần ít nhất {FEWEST_DIGITS}."
        raise InvalidInput("draw.digits", message, digits=digits)
    times = [announcement.frozen_at, chance.reveals_closed_at, chance.results_at]
    if not all(map(TIME.fullmatch, times)):
        raise InvalidInput("draw.time", f"Giờ phải ghi như 2025-01-20T08:00:00: {', '.join(times)}.")
    if sorted(set(times)) != times:
        message = "Thứ tự phải là: chốt danh sách, đóng phần mở cam kết, rồi mới có xúc xắc hoặc xổ số."
        raise InvalidInput("draw.order", message)
