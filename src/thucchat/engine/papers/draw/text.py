"""Minutes as people read and sign them: what was fixed, what chance gave, the result, how to check."""

from thucchat.engine.papers.draw.ceremony import minutes_fingerprint
from thucchat.engine.papers.draw.model import PAPER_CELL, Announcement, Minutes, Rules
from thucchat.engine.papers.draw.seed import announcement_fingerprint, pool_root

KINDS = {"dice": "xúc xắc", "lottery": "xổ số", "beacon": "đèn hiệu công cộng"}
RECIPE = """CÁCH KIỂM TRA (không cần phần mềm của Sở)
1. Mã thông báo = SHA-256 của phần “announcement”, ghi JSON không khoảng trắng, khoá xếp theo bảng mã.
2. Mỗi giá trị được mở phải cho đúng cam kết: SHA-256 của [kỳ, đơn vị, giá trị].
3. Hạt giống = SHA-256 của {"announcement": mã, "results": kết quả, "reveals": giá trị đúng cam kết}.
4. Số thứ n = SHA-256(hạt giống ‖ n, 8 byte), bỏ phần lẻ rồi lấy dư; bốc đơn vị theo trọng số, rồi bốc đề.
Chương trình 60 dòng trong tài liệu “draw.md”, hoặc lệnh: thucchat draw verify TỆP"""


def announcement_text(announcement: Announcement) -> str:
    """What is read out and pinned up before the draw."""
    return "\n".join(["THÔNG BÁO BỐC THĂM", *_fixed(announcement)]) + "\n"


def minutes_text(minutes: Minutes) -> str:
    """The minutes (biên bản bốc thăm)."""
    chance = minutes.chance
    lines = ["BIÊN BẢN BỐC THĂM", *_fixed(minutes.announcement), ""]
    lines.append(f"Đóng phần mở cam kết: {chance.reveals_closed_at}")
    lines += [f"  {unit}: {value}" for unit, value in sorted(chance.reveals.items())]
    if minutes.withheld:
        lines.append(f"Không mở, hoặc mở sai cam kết (không được tính): {', '.join(minutes.withheld)}")
    lines.append(f"Kết quả công khai: {chance.results_at}")
    lines += [f"  {name}: {value}" for name, value in sorted(chance.results.items())]
    absent = [s.name for s in minutes.announcement.sources if s.name not in chance.results]
    lines += [f"  {name}: không lấy được, không dùng" for name in absent]
    lines += [f"Hạt giống: {minutes.seed}", "", "KẾT QUẢ", *_result(minutes), ""]
    lines += [f"Mã biên bản: {minutes_fingerprint(minutes)}", "", RECIPE]
    return "\n".join(lines) + "\n"


def _fixed(announcement: Announcement) -> list[str]:
    again = [f"Bốc lại, lý do: {announcement.reason}; biên bản trước {announcement.previous}"]
    lines = [
        announcement.title,
        f"Kỳ: {announcement.round}. Lần bốc: {announcement.number}. Chốt lúc: {announcement.frozen_at}",
        *(again if announcement.number > 1 else []),
        f"Mã thông báo: {announcement_fingerprint(announcement)}",
        f"Gốc của danh sách ({len(announcement.pool)} mục): {pool_root(announcement.pool)}",
        *_rule_lines(announcement.rules),
        "Trọng số đơn vị: " + ", ".join(f"{unit} {n}" for unit, n in sorted(announcement.weights.items())),
    ]
    lines += [f"Nguồn ngẫu nhiên: {KINDS[source.kind]}, {source.name}" for source in announcement.sources]
    lines += [f"Cam kết của {unit}: {value}" for unit, value in sorted(announcement.commitments.items())]
    lines += [f"Loại {one.id} ({one.unit}): {' '.join(one.reasons)}" for one in announcement.refused]
    return lines


def _rule_lines(rules: Rules) -> list[str]:
    lines = [f"Số đề bốc: {rules.forms} (đề đầu dùng chính thức, các đề sau dự phòng)"]
    if rules.matrix != ((PAPER_CELL, 1),):
        lines.append("Ma trận: " + ", ".join(f"{cell} × {count}" for cell, count in rules.matrix))
    if rules.form_cap is not None:
        lines.append(f"Trần của một đơn vị trong mỗi đề: {rules.form_cap}")
    if rules.draw_cap is not None:
        lines.append(f"Trần của một đơn vị trong cả lần bốc: {rules.draw_cap}")
    if rules.own_cap is not None:
        lines.append(f"Đơn vị dự thi không làm đề có quá {rules.own_cap} phần do mình đề xuất")
    return lines


def _result(minutes: Minutes) -> list[str]:
    units = {entry.id: entry.unit for entry in minutes.announcement.pool}
    lines = []
    for number, form in enumerate(minutes.selection.forms, start=1):
        shown = ", ".join(f"{one} ({units[one]})" for one in form)
        lines.append(f"Đề {number}: {shown}")
    spare = {unit: form for unit, form in minutes.selection.seats.items() if form > 1}
    if minutes.selection.seats:
        lines.append("Mọi đơn vị dự thi làm đề 1" + (", trừ:" if spare else "."))
    return lines + [f"  {unit} làm đề {form}" for unit, form in sorted(spare.items())]
