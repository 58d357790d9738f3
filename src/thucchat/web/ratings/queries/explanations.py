"""One rating explained on paper: what counted, which pupils, and the arithmetic again."""

from datetime import date
from decimal import Decimal

from thucchat.engine.documents.forms.rating_explanation import (
    ExplainedPart,
    RatingExplanation,
    explanation_document,
)
from thucchat.engine.documents.tree import Document, Signature
from thucchat.engine.growth.rating import rules_from_plain
from thucchat.web.org.models import Unit
from thucchat.web.org.queries.letterheads import letterhead
from thucchat.web.ratings.models import Rating
from thucchat.web.ratings.models.ratings import LACKING
from thucchat.web.ratings.queries.notices import day_of, object_by
from thucchat.web.ratings.queries.parts import ShownPart, parts_of

SIGNED = Signature(("TL. Giám đốc", "Trưởng phòng", "Quản lý chất lượng"))
SOURCES = {
    "progress": "Khảo sát đầu năm và cuối năm, mô hình giá trị gia tăng",
    "level": "Khảo sát cuối năm",
    "commitment": "Biên bản nghiệm thu",
}


def explanation_document_of(rating: Rating, issuer: Unit, day: date) -> Document:
    """For who was rated, by the office that computed it."""
    subject = f"Kết quả xếp loại năm học {rating.run.rules.school_year_id}: {rating.called}"
    head = letterhead(issuer, "BẢN GIẢI THÍCH", subject, day_of(rating.run, day))
    return explanation_document(explanation_of(rating, day), head, (SIGNED,))


def explanation_of(rating: Rating, day: date) -> RatingExplanation:
    """Numbers as they were computed, without rounding: printed, they add up to a few hundredths."""
    run = rating.run
    rules = rules_from_plain(run.rules.content)
    rated = rating.points is not None
    return RatingExplanation(
        holder=rating.called,
        school_year=run.rules.school_year_id,
        rule=str(run.rules),
        parts=tuple(map(_part, parts_of(rating))),
        points=_exact(rating.points),
        error=_exact(rating.error) if rated else None,
        label=rating.label,
        classes=tuple((name, _exactly(least)) for name, least in rules.classes),
        pupils=rating.pupils,
        excluded=excluded_of(rating),
        object_to="Sở Giáo dục và Đào tạo, trên hệ thống",
        object_by=object_by(run, day_of(run, day)),
        certain=rating.certain or not rated,
        reason=rating.reason[:1].lower() + rating.reason[1:].rstrip("."),
        inputs=run.inputs,
    )


def _part(part: ShownPart) -> ExplainedPart:
    component = part.component
    return ExplainedPart(
        name=component.name,
        unit=component.unit,
        weight=_exactly(part.weight),
        value=_exact(part.value),
        zero=_exactly(component.zero),
        full=_exactly(component.full),
        points=_exact(part.points),
        source=SOURCES.get(component.code, ""),
    )


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else _exactly(value)


def _exactly(value: float) -> Decimal:
    """Every digit, and none of a whole number's fraction."""
    return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))


def excluded_of(rating: Rating) -> tuple[tuple[str, int], ...]:
    """Reason and number; a rating made before reasons were kept tells their number alone."""
    if not rating.excluded:
        return (("thiếu một trong hai kết quả", rating.left_out),) if rating.left_out else ()
    found = ((why, rating.excluded.get(code, 0)) for code, why in LACKING.items())
    return tuple((why, count) for why, count in found if count)
