"""Report on who took part in a survey (báo cáo tham gia khảo sát), by school or by district."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thucchat.engine.documents.forms.common import opening, parts, percent, percent_text
from thucchat.engine.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import vi_date, vi_number

MOST_REASONS = 4  # columns of the table that a page can hold beside the others
UNREPORTED = "chưa báo cáo"
READING = (
    "“Chưa rõ” là học sinh có trong danh sách nhưng không có trong số dự cũng không có trong số vắng mà đơn "
    "vị báo cáo; đơn vị phải đối chiếu lại. Đơn vị chưa báo cáo thì chưa biết số dự: không tính là 0 và "
    "không tính vào tỉ lệ chung."
)
ASKED = "Đề nghị các đơn vị nêu trên báo cáo, đối chiếu lại danh sách với số học sinh dự và vắng./."


@dataclass(frozen=True, slots=True)
class UnitParticipation:
    """What one unit reported; `present` of None means that it has not, which is not nobody."""

    name: str
    listed: int  # pupils on the frozen list
    present: int | None = None
    absent: tuple[int, ...] = ()  # pupils by reason, in the order of the report's reasons
    reported_on: date | None = None

    @property
    def unknown(self) -> int | None:
        """Pupils listed who are neither present nor absent."""
        return None if self.present is None else self.listed - self.present - sum(self.absent)

    @property
    def share(self) -> float | None:
        """Percent of the pupils listed who were present."""
        return None if self.present is None else percent(self.present, self.listed)


@dataclass(frozen=True, slots=True)
class ParticipationReport:
    """One survey as of one day."""

    survey: str  # such as “khảo sát đầu năm học 2024-2025”
    as_of: date
    due: date  # until when units were to report
    bar: Decimal  # percent of the listed that a unit is to reach
    kind: str  # “trường”, “huyện” or “xã”
    reasons: tuple[str, ...]  # of absence
    units: tuple[UnitParticipation, ...]
    bases: tuple[str, ...] = ()

    @property
    def reported(self) -> tuple[UnitParticipation, ...]:
        """Units whose report is in."""
        return tuple(one for one in self.units if one.present is not None)


def participation_document(
    report: ParticipationReport, head: Letterhead, signature: Signature, *, recipients: tuple[str, ...] = ()
) -> Document:
    """The report as a document tree.

    Raises:
        InvalidInput: `participation.reasons`, `participation.absent`, `participation.count`,
            `participation.unreported`.
    """
    if len(report.reasons) > MOST_REASONS:
        message = f"Có {len(report.reasons)} lí do vắng, bảng chỉ đủ chỗ cho {MOST_REASONS}; hãy gộp bớt."
        raise InvalidInput("participation.reasons", message)
    for one in report.units:
        _check(one, len(report.reasons))
    body = opening(report.bases) + parts(
        ("KẾT QUẢ CHUNG", [Paragraph(text) for text in _summary(report)]),
        (f"THEO TỪNG {report.kind.upper()}", (_units(report), Paragraph(READING, small=True))),
        ("ĐƠN VỊ CẦN XỬ LÍ", _attention(report)),
    )
    return Document(head, tuple(body), recipients, (signature,))


def _check(one: UnitParticipation, reasons: int) -> None:
    if one.present is None:
        if one.absent or one.reported_on:
            message = f"{one.name} chưa có số dự nhưng đã có số vắng hoặc ngày báo cáo; hãy bổ sung số dự."
            raise InvalidInput("participation.unreported", message)
        return
    if len(one.absent) != reasons:
        message = f"{one.name} có {len(one.absent)} số vắng cho {reasons} lí do; hãy ghi đủ, kể cả số 0."
        raise InvalidInput("participation.absent", message)
    if min(one.present, one.listed, *one.absent) < 0 or (one.unknown or 0) < 0:
        message = (
            f"{one.name}: {one.present} dự và {sum(one.absent)} vắng không khớp {one.listed} trong danh sách."
        )
        raise InvalidInput("participation.count", message)


def _summary(report: ParticipationReport) -> list[str]:
    done, kind = report.reported, report.kind
    whole = _whole(report)
    state = f"{len(done)}/{len(report.units)} {kind} đã báo cáo {report.survey}"
    texts = [f"Đến ngày {vi_date(report.as_of)}, {state}."]
    if done:
        texts.append(
            f"Các {kind} đã báo cáo có {vi_number(whole.listed)} học sinh trong danh sách: "
            f"{vi_number(whole.present or 0)} em dự ({percent_text(whole.present or 0, whole.listed)}), "
            f"{vi_number(sum(whole.absent))} em ghi vắng, {vi_number(whole.unknown or 0)} em chưa rõ."
        )
    if left := [one for one in report.units if one.present is None]:
        pupils = vi_number(sum(one.listed for one in left))
        texts.append(f"Còn {len(left)} {kind} {UNREPORTED}, có {pupils} học sinh trong danh sách.")
    return texts


def _whole(report: ParticipationReport) -> UnitParticipation:
    """The units that reported, as one."""
    done = report.reported
    return UnitParticipation(
        f"Cộng {len(done)} {report.kind}",
        sum(one.listed for one in done),
        sum(one.present for one in done if one.present is not None),
        tuple(map(sum, zip(*(one.absent for one in done), strict=True))),
    )


def _units(report: ParticipationReport) -> Table:
    columns = (
        Column("TT", 0, 0.5),
        Column(report.kind.capitalize(), share=3),
        Column("Trong danh sách", 0),
        Column("Dự khảo sát", 0, 1.1),
        *(Column(f"Vắng: {reason}", 0) for reason in report.reasons),
        Column("Chưa rõ", 0, 0.8),
        Column("Tỉ lệ dự (%)", 1, 0.9),
    )
    rows = [_row(place, one, len(report.reasons)) for place, one in enumerate(report.units, 1)]
    if report.reported:
        rows.append(("", *_row(0, _whole(report), len(report.reasons))[1:]))
    title = f"Tham gia {report.survey}, tính đến ngày {vi_date(report.as_of)}"
    return Table(title, "Tham gia", columns, tuple(rows), f"Dòng cộng chỉ gồm các {report.kind} đã báo cáo.")


def _row(place: int, one: UnitParticipation, reasons: int) -> tuple[Cell, ...]:
    if one.present is None:
        return (place, one.name, one.listed, UNREPORTED, *(None,) * (reasons + 2))
    return (place, one.name, one.listed, one.present, *one.absent, one.unknown, one.share)


def _attention(report: ParticipationReport) -> list[Block]:
    told = ((one.name, "; ".join(_faults(report, one))) for one in report.units)
    found = [(name, text[0].upper() + text[1:]) for name, text in told if text]
    if not found:
        return [Paragraph(f"Các {report.kind} đã báo cáo đúng hạn, đủ số học sinh.")]
    columns = (
        Column("TT", 0, 0.4),
        Column(report.kind.capitalize(), share=3),
        Column("Việc cần xử lí", share=5),
    )
    rows = tuple((place, *row) for place, row in enumerate(found, 1))
    limits = f"Hạn báo cáo {vi_date(report.due)}; tỉ lệ dự cần đạt {vi_number(report.bar)} %."
    return [Table(f"Các {report.kind} cần xử lí", "Cần xử lí", columns, rows, limits), Paragraph(ASKED)]


def _faults(report: ParticipationReport, one: UnitParticipation) -> list[str]:
    if one.share is None:
        return [UNREPORTED] if one.present is None else []
    faults = []
    if one.reported_on and one.reported_on > report.due:
        faults.append(f"báo cáo muộn, ngày {vi_date(one.reported_on)}")
    if one.share < report.bar:
        faults.append(f"tỉ lệ dự {vi_number(one.share, 1)}\u00a0%, dưới mức cần đạt")
    if one.unknown:
        faults.append(f"{vi_number(one.unknown)} em chưa rõ dự hay vắng")
    return faults
