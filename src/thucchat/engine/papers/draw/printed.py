"""Minutes of a draw as a document to be signed, with the QR code that leads back to the file."""

from collections.abc import Mapping
from datetime import date

from thucchat.engine.documents.root_mark import root_mark
from thucchat.engine.documents.tree import (
    Block,
    Column,
    Document,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from thucchat.engine.papers.draw.ceremony import minutes_fingerprint
from thucchat.engine.papers.draw.model import Announcement, Minutes
from thucchat.engine.papers.draw.seed import announcement_fingerprint
from thucchat.engine.papers.draw.text import KINDS, RECIPE

MOST_ROWS = 60  # of the pool; a longer one is printed by its root, and stands whole in the file
MARK = "THUCCHAT-DRAW"


def printed_minutes(minutes: Minutes, names: Mapping[str, str], root: str = "") -> Document:
    """The minutes as a document tree.

    `names` are those of the units by code; `root` is the line of the ledger's newest root, if there is one.
    """
    notice = minutes.announcement
    day = date.fromisoformat(minutes.chance.results_at[:10])
    head = Letterhead(
        "UBND TỈNH", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", f"Kì: {notice.round}", "", day, "BIÊN BẢN", notice.title
    )
    body: list[Block] = [Heading("1. Công bố trước khi bốc thăm", 1), *map(Paragraph, _fixed(notice))]
    body += [_pool(notice, names), Heading("2. Mở cam kết và kết quả công khai", 1), _chance(minutes, names)]
    body += [Heading("3. Kết quả bốc thăm", 1), *map(Paragraph, _result(minutes, names))]
    body += [Heading("4. Cách kiểm tra", 1)]
    body += [Paragraph(line, small=True) for line in RECIPE.split("\n")[1:]]
    line = f"{MARK} {notice.round} {notice.number} {minutes_fingerprint(minutes)}"
    body.append(root_mark(line, "Mã biên bản"))
    if root:
        body.append(Paragraph(f"Mã gốc của sổ sự kiện khi in: {root}", small=True))
    offices = (("Chủ trì phiên bốc thăm",), ("Thư ký",), ("Người chứng kiến",))
    return Document(head, tuple(body), ("Các đơn vị có đề", "Lưu: VT, KT"), tuple(map(Signature, offices)))


def _fixed(notice: Announcement) -> list[str]:
    lines = [
        f"Lần bốc thăm {notice.number}; chốt lúc {_time(notice.frozen_at)}, gồm {len(notice.pool)} mục.",
        f"Mã thông báo đã đọc và niêm yết: {_grouped(announcement_fingerprint(notice))}.",
    ]
    if notice.reason:
        lines.append(
            f"Bốc lại vì: {notice.reason}. Mã biên bản lần trước: {_grouped(notice.previous or '')}."
        )
    return lines + [f"Nguồn ngẫu nhiên ({KINDS[one.kind]}): {one.name}." for one in notice.sources]


def _pool(notice: Announcement, names: Mapping[str, str]) -> Table:
    columns = (
        Column("TT", 0, 0.5),
        Column("Mã", share=1.3),
        Column("Đơn vị", share=2.6),
        Column("Mã băm của tệp (16 chữ đầu)", share=2),
    )
    rows = tuple(
        (number, entry.id, names.get(entry.unit, entry.unit), entry.fingerprint[:16])
        for number, entry in enumerate(notice.pool[:MOST_ROWS], 1)
    )
    more = len(notice.pool) - len(rows)
    left_out = f"Còn {more} mục nữa trong tệp kiểm chứng. " if more > 0 else ""
    refused = "; ".join(f"{one.id}: {' '.join(one.reasons)}" for one in notice.refused)
    note = left_out + (f"Không vào danh sách: {refused}" if refused else "Không có đề nào bị loại.")
    return Table("Danh sách được bốc", "Danh sách", columns, rows, note)


def _chance(minutes: Minutes, names: Mapping[str, str]) -> Table:
    chance = minutes.chance
    rows = [
        (
            f"Cam kết của {names.get(unit, unit)}",
            chance.reveals.get(unit, "không mở") + _spoilt(minutes, unit),
        )
        for unit in sorted(minutes.announcement.commitments)
    ]
    rows += [(name, value) for name, value in sorted(chance.results.items())]
    rows.append(("Hạt giống", _grouped(minutes.seed)))
    closed, held = _time(chance.reveals_closed_at), _time(chance.results_at)
    note = f"Đóng mở cam kết lúc {closed}; kết quả công khai lúc {held}."
    columns = (Column("Nguồn", share=2), Column("Giá trị", share=3))
    return Table("Giá trị đã mở và kết quả công khai", "Nguồn", columns, tuple(rows), note)


def _spoilt(minutes: Minutes, unit: str) -> str:
    wrong = unit in minutes.withheld and unit in minutes.chance.reveals
    return " (sai cam kết, không tính)" if wrong else ""


def _result(minutes: Minutes, names: Mapping[str, str]) -> list[str]:
    units = {entry.id: entry.unit for entry in minutes.announcement.pool}
    lines = []
    for number, form in enumerate(minutes.selection.forms, 1):
        use = "chính thức" if number == 1 else "dự phòng"
        shown = ", ".join(f"{one} ({names.get(units[one], units[one])})" for one in form)
        lines.append(f"Đề {number} ({use}): {shown}.")
    return lines + [
        f"{names.get(unit, unit)} làm đề {seat}, vì không thi đề do mình đề xuất."
        for unit, seat in sorted(minutes.selection.seats.items())
        if seat > 1
    ]


def _time(text: str) -> str:
    """2025-01-20T08:00:00 as people write it."""
    day, clock = date.fromisoformat(text[:10]), text[11:16]
    return f"{clock} ngày {day:%d/%m/%Y}"


def _grouped(code: str) -> str:
    """A hash in groups of eight, which eyes can compare and lines can break."""
    return " ".join(code[place : place + 8] for place in range(0, len(code), 8))
