"""The gate before the pool, and the checks before it is frozen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from thucchat.engine.custody.canonical import HASH, canonical
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.draw.model import SOURCE_KINDS, Announcement, Entry, Refused, Rules
from thucchat.engine.papers.draw.writing import as_plain

REVIEWS = 2  # by different people, none of whom proposed the paper


@dataclass(frozen=True, slots=True)
class Proposal:
    """A paper handed in, with what the testing office found out about it."""

    entry: Entry
    author: str
    reviewers: tuple[str, ...]  # who approved it
    matrix_faults: tuple[str, ...] = ()  # Vietnamese sentences
    copies: tuple[str, ...] = ()  # ids of papers or items it repeats


def gate(proposals: Iterable[Proposal]) -> tuple[tuple[Entry, ...], tuple[Refused, ...]]:
    """The entries that may be drawn, sorted by id, and the refused ones with every reason."""
    entries, refused = [], []
    for proposal in proposals:
        reasons = _reasons(proposal)
        if reasons:
            refused.append(Refused(proposal.entry.id, proposal.entry.unit, reasons))
        else:
            entries.append(proposal.entry)
    return tuple(sorted(entries, key=_id)), tuple(sorted(refused, key=_id))


def _id(one: Entry | Refused) -> str:
    return one.id


def _reasons(proposal: Proposal) -> tuple[str, ...]:
    reasons = list(proposal.matrix_faults)
    reviews = len(set(proposal.reviewers) - {proposal.author})
    if reviews < REVIEWS:
        reasons.append(f"Mới có {reviews} người khác tác giả phản biện; cần {REVIEWS}.")
    if proposal.copies:
        reasons.append(f"Trùng hoặc gần trùng với {', '.join(proposal.copies)}.")
    return tuple(reasons)


def check_announcement(announcement: Announcement) -> None:
    """Refuse what could not be drawn, or not be repeated.

    Raises:
        InvalidInput: `draw.pool`, `draw.weights`, `draw.rules`, `draw.sources`, `draw.commitment`,
            `draw.again`, `draw.short` naming each cell that lacks entries, `canonical.value`.
    """
    canonical(as_plain(announcement))
    _check_pool(announcement)
    _check_rules(announcement.rules)
    _check_cells(announcement)
    _check_sources(announcement)
    stated = [bool(announcement.previous), bool(announcement.reason)]
    if announcement.number < 1 or stated != [announcement.number > 1] * 2:
        message = "Lần bốc lại phải nêu mã biên bản lần trước và lý do; lần đầu thì không."
        raise InvalidInput("draw.again", message)


def _check_pool(announcement: Announcement) -> None:
    ids = [entry.id for entry in announcement.pool]
    if not ids or ids != sorted(set(ids)):
        raise InvalidInput("draw.pool", "Danh sách đề trống, trùng mã hoặc chưa xếp theo mã.")
    for entry in announcement.pool:
        if not (entry.id and entry.unit and HASH.fullmatch(entry.fingerprint)) or entry.size < 1:
            message = f"Đề {entry.id}: cần mã, đơn vị, dấu vân tay SHA-256 (64 chữ số hex) và cỡ từ 1."
            raise InvalidInput("draw.pool", message, entry=entry.id)
    units = {entry.unit for entry in announcement.pool}
    if set(announcement.weights) != units or min(announcement.weights.values()) < 1:
        message = "Trọng số phải là số nguyên từ 1 cho đúng các đơn vị có đề trong danh sách."
        raise InvalidInput("draw.weights", message)


def _check_rules(rules: Rules) -> None:
    cells = [cell for cell, _ in rules.matrix]
    caps = [cap for cap in (rules.form_cap, rules.draw_cap) if cap is not None]
    if not cells or len(set(cells)) < len(cells) or min(count for _, count in rules.matrix) < 1:
        raise InvalidInput("draw.rules", "Ma trận trống, trùng ô, hoặc có ô lấy ít hơn 1.")
    if rules.forms < 1 or any(cap < 1 for cap in caps) or (rules.own_cap or 0) < 0:
        raise InvalidInput("draw.rules", "Số đề và các mức trần phải là số nguyên từ 1.")
    if (rules.own_cap is None) != (not rules.sitting) or len(set(rules.sitting)) < len(rules.sitting):
        message = "Quy tắc không thi đề của mình cần mức trần và danh sách đơn vị dự thi không trùng."
        raise InvalidInput("draw.rules", message)


def _check_cells(announcement: Announcement) -> None:
    """Necessary, not sufficient: entries per cell, counting of each unit no more than its caps allow."""
    rules, short = announcement.rules, []
    present = Counter(entry.cell for entry in announcement.pool)
    for cell, count in rules.matrix:
        missing = count * rules.forms - present[cell]
        if missing > 0:
            short.append(f"“{cell}” thiếu {missing}")
    if short:
        raise InvalidInput("draw.short", f"Danh sách không đủ cho ma trận: {'; '.join(short)}.")


def _check_sources(announcement: Announcement) -> None:
    names = [source.name for source in announcement.sources]
    if any(source.kind not in SOURCE_KINDS for source in announcement.sources):
        raise InvalidInput("draw.sources", f"Loại nguồn phải là một trong: {', '.join(SOURCE_KINDS)}.")
    if len(set(names)) < len(names) or all(source.kind == "beacon" for source in announcement.sources):
        message = "Cần ít nhất một nguồn công khai là xúc xắc hoặc xổ số, tên các nguồn khác nhau."
        raise InvalidInput("draw.sources", message)
    for unit, commitment in announcement.commitments.items():
        if not HASH.fullmatch(commitment):
            raise InvalidInput("draw.commitment", f"Cam kết của {unit} không phải là mã SHA-256.")
