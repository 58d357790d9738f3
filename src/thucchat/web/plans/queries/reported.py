"""What people reported: the confirmed figure of each place, or what is missing and who enters it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from thucchat.engine.planning.indicators import Indicator, Kind
from thucchat.engine.planning.reported import judge_reported
from thucchat.engine.vietnamese import vi_number
from thucchat.web.org.acting import Acting
from thucchat.web.plans.models import ReportedFigure
from thucchat.web.plans.queries.measured import Answers, Measured, Question, called, unknown
from thucchat.web.shared.scope import Scope, within

State = ReportedFigure.State
# Who enters the figures of an indicator, by the level that answers for it.
ENTERED_BY = {
    "province": "Phòng chuyên môn của Sở",
    "district": "Cán bộ phòng giáo dục, xã",
    "school": "Hiệu trưởng hoặc nhân viên dữ liệu của trường",
}


def figures_visible_to(acting: Acting) -> "QuerySet[ReportedFigure]":
    """Figures of his unit and below."""
    return ReportedFigure.objects.filter(within(Scope(acting.scope.path)))


def reported(question: Question) -> Answers:
    """Verdicts on confirmed figures; a figure that waits is told, but decides nothing."""
    rows = ReportedFigure.objects.filter(
        indicator=question.indicator.code,
        version=question.indicator.version,
        school_year=question.year.code,
        unit__in=[place.id for place in question.places],
        state__in=(State.CONFIRMED, State.ENTERED),
    )
    told = rows.values_list("unit_id", "state", "counts", "evidence")
    found = {(unit, state): (counts, evidence) for unit, state, counts, evidence in told}
    answers = {}
    for place in question.places:
        confirmed = found.get((place.id, State.CONFIRMED))
        waits = (place.id, State.ENTERED) in found
        answers[place.id] = (
            _judged(question.indicator, *confirmed)
            if confirmed
            else _missing(question.indicator, waits=waits)
        )
    return answers


def lines_of(indicator: Indicator, counts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """A figure in words, a line a number."""
    match indicator.kind:
        case Kind.SHARE:
            return (("Đạt trên tổng số", f"{_number(counts['reached'])}/{_number(counts['of'])}"),)
        case Kind.RISE | Kind.FALL:
            names = sorted(counts["now"].keys() | counts["before"].keys())
            return tuple((called(name), _change(counts, name)) for name in names)
        case Kind.EVIDENCE:
            return (("Kết luận", "đạt" if counts["met"] else "chưa đạt"),)
    return tuple((called(name), _number(count)) for name, count in counts.items())


def _judged(indicator: Indicator, counts: Mapping[str, Any], evidence: str) -> Measured:
    lines = (*lines_of(indicator, counts), ("Căn cứ", evidence))
    return Measured(judge_reported(indicator, counts, evidence), lines)


def _missing(indicator: Indicator, *, waits: bool) -> Measured:
    if waits:
        return unknown("Số liệu đã nhập, chờ một người khác xác nhận.")
    what = indicator.formula[:1].lower() + indicator.formula[1:]
    if indicator.kind == Kind.EVIDENCE:
        what = "kết luận từ minh chứng"
    return unknown(f"Còn thiếu {what}. {ENTERED_BY[indicator.level]} nhập, một người khác xác nhận.")


def _change(counts: Mapping[str, Any], name: str) -> str:
    before, now = (counts[when].get(name) for when in ("before", "now"))
    return " → ".join("không có" if text is None else vi_number(Decimal(text)) for text in (before, now))


def _number(count: int) -> str:
    return vi_number(Decimal(count))
