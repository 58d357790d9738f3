"""Papers of an audit: the form that auditors fill in from the paper without seeing the reading; minutes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

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
from thucchat.engine.vietnamese import vi_number

SIGNERS = ("TỔ KIỂM TOÁN", "ĐƠN VỊ CHẤM", "GIÁM SÁT")
DOTS_PER_ANSWER, MOST_DOTS = 4, 90
FORM_COLUMNS = (
    Column("Lượt", 0, 0.6),
    Column("Phiếu", share=1.6),
    Column("SBD, nơi cất", share=1.4),
    Column("Chép từ giấy", share=5.0),
    Column("Người đọc", share=1.0),
)
HOW_DRAWN = (
    "Hạt giống được gieo công khai sau khi mã gốc của ảnh và của kết quả đọc đã gửi ra ngoài. Thứ tự rút là "
    "thứ tự của SHA-256 (hạt giống, xuống dòng, tên phiếu); ai cũng lập lại được. Nới mẫu là đi tiếp theo "
    "thứ tự này, không rút lại."
)
HOW_FILLED = (
    "Người của đơn vị khác mở túi, tìm đúng tờ giấy và chép những gì thấy trên giấy mà không xem kết quả máy "
    "đọc. Câu bỏ trống ghi gạch ngang; câu tô hai ô ghi cả hai. Tờ không tìm thấy: ghi “không có giấy”."
)


@dataclass(frozen=True, slots=True)
class AuditState:
    """Where an audit stands, in the words of its minutes."""

    subject: str  # what was audited: a batch, a school
    source: str  # file of the reading
    sha256: str  # of that file
    seed: str
    sheets: int
    rule: str  # limit and risk
    needed: int  # sheets or draws
    examined: int
    wrong: tuple[str, ...]  # names of sheets with a discrepancy
    passed: bool
    sample: tuple[str, ...]  # names in the order drawn


def auditors_form(
    states: Sequence[AuditState],
    places: Mapping[str, Sequence[str]],
    parts: Mapping[str, int],
    head: Letterhead,
) -> Document:
    """One row per sheet of the samples, to be filled in from the paper.

    `places` says for each sheet where it is kept (number, room); `parts` how many answers each part has.
    """
    answers = "   ".join(
        f"{part}: {'.' * min(DOTS_PER_ANSWER * count, MOST_DOTS)}" for part, count in parts.items()
    )
    body: list[Block] = [Paragraph(HOW_FILLED)]
    for state in states:
        names = list(dict.fromkeys(state.sample))
        rows = tuple(
            (place, name, ", ".join(places.get(name, ())), answers, "") for place, name in enumerate(names, 1)
        )
        title = f"{state.subject}: {vi_number(len(rows))} phiếu, hạt giống {state.seed}"
        body.append(Table(title, state.subject[:31], FORM_COLUMNS, rows))
    signatures = tuple(Signature((one,)) for one in ("NGƯỜI ĐỌC 1", "NGƯỜI ĐỌC 2", "TỔ TRƯỞNG"))
    return Document(replace(head, kind="PHIẾU ĐỌC GIẤY"), tuple(body), signatures=signatures)


def audit_minutes(states: Sequence[AuditState], head: Letterhead) -> Document:
    """Minutes of one audit or of several under one seed, with the verdict and everything to repeat it."""
    body: list[Block] = [Heading("I. CĂN CỨ RÚT MẪU", 1), Paragraph(HOW_DRAWN)]
    for (source, digest, seed), _ in groupby(states, key=lambda one: (one.source, one.sha256, one.seed)):
        body.append(Paragraph(f"Kết quả đọc: {source}. Hạt giống: {seed}."))
        body.append(Paragraph(f"SHA-256: {digest}", small=True))
    body += [Heading("II. KẾT QUẢ", 1), _verdicts(states)]
    body += list(_discrepancies(states))
    body += [Heading("IV. KẾT LUẬN", 1), Paragraph(_conclusion(states))]
    signatures = tuple(Signature((one,)) for one in SIGNERS)
    return Document(replace(head, kind="BIÊN BẢN"), tuple(body), signatures=signatures)


def _verdicts(states: Sequence[AuditState]) -> Table:
    columns = (
        Column("Đối tượng", share=2.2),
        Column("Quy tắc", share=2.4),
        Column("Số phiếu", 0),
        Column("Cần xem", 0),
        Column("Đã xem", 0),
        Column("Sai", 0, 0.7),
        Column("Kết quả"),
    )
    rows = tuple(
        (
            one.subject,
            one.rule,
            one.sheets,
            one.needed or "đọc hết",
            one.examined,
            len(one.wrong),
            "đạt" if one.passed else "chưa đạt",
        )
        for one in states
    )
    return Table("Kết quả đối chiếu", "Kết quả", columns, rows)


def _discrepancies(states: Sequence[AuditState]) -> Iterator[Block]:
    yield Heading("III. PHIẾU LỆCH", 1)
    if not any(one.examined for one in states):
        yield Paragraph("Chưa đối chiếu phiếu nào.")
        return
    found = [(one.subject, name) for one in states for name in one.wrong]
    if not found:
        yield Paragraph("Không có phiếu nào mà giấy khác kết quả đọc.")
        return
    columns = (Column("Đối tượng"), Column("Phiếu", share=2.0), Column("Nguyên nhân, xử lí", share=2.0))
    rows = tuple((subject, name, "") for subject, name in found)
    yield Table("Phiếu mà giấy khác kết quả đọc", "Lệch", columns, rows)


def _conclusion(states: Sequence[AuditState]) -> str:
    failed = [one.subject for one in states if not one.passed]
    if not failed:
        return "Mọi đối tượng nêu trên đạt; được công bố kết quả."
    return (
        f"Chưa đạt hoặc chưa xem đủ: {'; '.join(failed)}. Không công bố kết quả của các đối tượng này; "
        "đọc thêm theo thứ tự đã rút cho đến khi đạt hoặc đọc hết."
    )
