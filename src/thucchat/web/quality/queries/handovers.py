"""One handover as its page and its minute show it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from thucchat.engine.documents.forms.handover_minute import HandedPupil, HandoverMinute, handover_document
from thucchat.engine.documents.tree import Document
from thucchat.web.ledger.queries.roots import latest_root
from thucchat.web.org.queries.letterheads import letterhead
from thucchat.web.people.models import Pupil
from thucchat.web.people.queries.signers import head_name, office_of
from thucchat.web.quality.models import Band, Handover

NOBODY = "chưa có"
RECIPIENTS = ("Bên giao, bên nhận", "Tổ chuyên môn", "Lưu: VT")


@dataclass(frozen=True, slots=True)
class PupilLine:
    """One pupil of a handover; score and error in points, None where not measured."""

    key: int
    name: str
    score: Decimal | None
    error: Decimal | None
    group: str  # Vietnamese; empty when not measured
    weak: str
    corrected: bool  # after the state was handed over


def pupil_lines(handover: Handover) -> list[PupilLine]:
    """Every pupil in the order of the handover, with the last correction where there is one."""
    names = dict(Pupil.objects.filter(pk__in=handover.pupils).values_list("pk", "full_name"))
    later = {row.pupil_id: row for row in handover.corrections.all()}
    found = []
    columns = (handover.pupils, handover.scores, handover.errors, handover.bands, handover.weak)
    for key, score, error, band, weak in zip(*columns, strict=True):
        correction = later.get(key)
        now = (correction.score, correction.error) if correction else (score, error)
        group = Band(band).label if band and now[0] is not None else ""
        found.append(
            PupilLine(
                key, names.get(key, "(đã chuyển đi)"), _points(now[0]), _points(now[1]), group, weak,
                correction is not None,
            )
        )  # fmt: skip
    return found


def _points(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100


def minute_of(handover: Handover) -> HandoverMinute:
    """What the printed minute says."""
    root = latest_root()
    is_level = handover.kind == Handover.Kind.LEVEL
    lines, school = pupil_lines(handover), handover.school_class.school
    return HandoverMinute(
        class_name=handover.school_class.name,
        subject=handover.subject.name,
        exam=handover.source.lower(),
        giver=handover.giver_called or NOBODY,
        receiver=f"{handover.receiver.full_name}, {_office(handover)}",
        witness="" if is_level else head_name(school),
        witness_office="Đại diện phòng giáo dục và đào tạo" if is_level else office_of(school),
        pupils=tuple(HandedPupil(line.name, line.score, line.error, line.group, line.weak) for line in lines),
        answer_by=handover.answer_by or date.max,
        root=root.printed if root else "",
    )


def _office(handover: Handover) -> str:
    """As what the receiver takes the class."""
    if handover.kind == Handover.Kind.LEVEL:
        return f"hiệu trưởng {handover.school_class.school.name}"
    return f"giáo viên môn {handover.subject.name}"


def handover_document_of(handover: Handover, day: date) -> Document:
    """The minute that both sides and the witness sign, of the school."""
    school_class = handover.school_class
    subject = f"Bàn giao chất lượng môn {handover.subject.name}, lớp {school_class.name}"
    signed_on = timezone.localdate(handover.closed_at) if handover.closed_at else day
    head = letterhead(school_class.school, "BIÊN BẢN", subject, signed_on)
    return handover_document(minute_of(handover), head, RECIPIENTS)
