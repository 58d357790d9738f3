"""Figures that people report for an indicator: their form by kind, and the verdict that follows.

A share is {"reached": n, "of": n}; a change {"now": {subject: text}, "before": {subject: text}} with decimal
texts, the subject "" where subjects do not count apart; prizes {award: n}; members {member: n}; evidence
{"met": true or false}. Numbers are whole or texts, so that a figure has one fingerprint.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.evaluation import (
    AWARDS,
    Status,
    Verdict,
    judge_change,
    judge_count,
    judge_each,
    judge_evidence,
    judge_share,
)
from thucchat.engine.planning.indicators import Indicator, Kind, Unit

REPORTABLE = frozenset({Kind.SHARE, Kind.RISE, Kind.FALL, Kind.COUNT, Kind.EACH, Kind.EVIDENCE})
MOST = 10_000_000  # pupils, schools or prizes in one figure
DIGITS = 4  # decimals of a reported value
SCALES = {Unit.PERCENT: (Decimal(0), Decimal(100)), Unit.POINTS: (Decimal(-10), Decimal(10))}


def checked(indicator: Indicator, counts: Mapping[str, Any]) -> dict[str, Any]:
    """`counts` in the form of the indicator's kind, with nothing else in it.

    Raises:
        InvalidInput: `figure.kind` where the kind is computed only; `figure.empty`, `figure.missing`,
            `figure.names`, `figure.count`, `figure.share`, `figure.value`, `figure.conclusion`.
    """
    if indicator.kind not in REPORTABLE:
        raise InvalidInput("figure.kind", f"“{indicator.title}” do hệ thống tính, không nhập số liệu.")
    if not counts:
        raise InvalidInput("figure.empty", "Chưa có số nào; hãy ghi ít nhất một số.")
    match indicator.kind:
        case Kind.SHARE:
            return _share(counts)
        case Kind.RISE | Kind.FALL:
            return {when: _values(indicator, counts.get(when, {})) for when in ("now", "before")}
        case Kind.EVIDENCE:
            return _conclusion(counts)
    return _numbers(counts, indicator.members or AWARDS)


def judge_reported(indicator: Indicator, counts: Mapping[str, Any], evidence: str) -> Verdict:
    """The verdict on a figure in the form that `checked` gives."""
    match indicator.kind:
        case Kind.SHARE:
            return judge_share(indicator, counts["reached"], counts["of"])
        case Kind.RISE | Kind.FALL:
            now, before = (_decimals(counts[when]) for when in ("now", "before"))
            return judge_change(indicator, now, before)
        case Kind.COUNT:
            return judge_count(indicator, counts)
        case Kind.EACH:
            return judge_each(indicator, counts)
    return judge_evidence(counts["met"], evidence)


def overall(verdicts: Mapping[Any, Verdict]) -> Status:
    """Met when every unit has met it, not met when one has not; else it is not known yet."""
    found = {one.status for one in verdicts.values()}
    if Status.NOT_MET in found:
        return Status.NOT_MET
    return Status.MET if found == {Status.MET} else Status.UNKNOWN


def _share(counts: Mapping[str, Any]) -> dict[str, int]:
    found = _numbers(counts, ("reached", "of"))
    if not 0 < found["of"] >= found["reached"]:
        shown = f"{found['reached']}/{found['of']}"
        raise InvalidInput("figure.share", f"“{shown}” chưa hợp lý: số đạt không quá tổng số, tổng từ 1.")
    return found


def _numbers(counts: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, int]:
    """Every name with its number: what is left out is not known, so it must not pass for none."""
    _known(counts, names)
    if missing := [name for name in names if name not in counts]:
        raise InvalidInput("figure.missing", f"Còn thiếu {', '.join(missing)}; nếu không có thì ghi 0.")
    for name, value in counts.items():
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
            raise InvalidInput("figure.count", f"“{value}” ({name}) không phải số nguyên từ 0 đến {MOST}.")
    return dict(counts)


def _values(indicator: Indicator, values: Mapping[str, Any]) -> dict[str, str]:
    if not values or (not indicator.per_subject and set(values) != {""}):
        raise InvalidInput("figure.missing", "Cần giá trị của cả năm nay và năm trước.")
    return {name: _value(text, SCALES[indicator.unit]) for name, text in values.items()}


def _value(text: object, scale: tuple[Decimal, Decimal]) -> str:
    """A decimal on the scale, of at most DIGITS decimals, written one way."""
    low, high = scale
    try:
        number = Decimal(str(text))
        if low <= number <= high and number == number.quantize(Decimal(1).scaleb(-DIGITS)):
            return f"{number:f}"
    except InvalidOperation:
        pass  # no number at all, or none that can be compared
    message = f"“{text}” không phải số từ {low} đến {high}, nhiều nhất {DIGITS} chữ số thập phân."
    raise InvalidInput("figure.value", message)


def _decimals(values: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in values.items()}


def _conclusion(counts: Mapping[str, Any]) -> dict[str, bool]:
    _known(counts, ("met",))
    if not isinstance(counts["met"], bool):
        raise InvalidInput("figure.conclusion", f"“{counts['met']}” không phải kết luận đạt hay chưa đạt.")
    return dict(counts)


def _known(counts: Mapping[str, Any], names: tuple[str, ...]) -> None:
    unknown = sorted(set(counts) - set(names))
    if unknown:
        raise InvalidInput("figure.names", f"Không có mục “{', '.join(unknown)}” trong chỉ tiêu này.")
