"""Is a target met? Each kind of indicator has its own evaluator; what is missing is unknown, not failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from thucchat.engine.planning.indicators import Indicator
from thucchat.engine.vietnamese import vi_number

Number = Decimal | Fraction
AWARDS = ("nhat", "nhi", "ba", "khuyen-khich")  # best first


class Status(StrEnum):
    """What can be said today."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status, the value behind it, and a Vietnamese sentence that says why."""

    status: Status
    value: Fraction | None  # in the indicator's unit
    reason: str
    failing: tuple[str, ...] = ()  # subjects or members that keep it from being met


def judge_share(indicator: Indicator, reached: int | None, of: int) -> Verdict:
    """`reached` of `of`, as a percentage against the goal; compared as fractions, never rounded."""
    if reached is None or of == 0:
        return _unknown("Chưa có số liệu." if reached is None else "Không có đối tượng nào để tính.")
    value = Fraction(100 * reached, of)
    goal = _goal(indicator)
    short = f"{reached}/{of} = {_text(value)} %, chỉ tiêu {_text(goal)} %."
    return Verdict(_status(value >= goal), value, short)


def judge_change(
    indicator: Indicator, now: Mapping[str, Number | None], before: Mapping[str, Number | None]
) -> Verdict:
    """Every subject (or the one key "") above last year for a rise, below for a fall.

    Subjects without a value in both years cannot be compared; they are named, and count neither way.
    """
    both = [(k, now[k], before.get(k)) for k in now]
    compared = [(k, Fraction(a) - Fraction(b)) for k, a, b in both if a is not None and b is not None]
    if not compared:
        return _unknown("Thiếu số liệu của năm nay hoặc năm trước.")
    sign = 1 if indicator.kind == "rise" else -1
    failing = tuple(k for k, change in compared if sign * change <= 0)
    left_out = len(now) - len(compared)
    lowest = min((change for _, change in compared), key=lambda change: sign * change)
    text = f"{len(compared) - len(failing)}/{len(compared)} đạt; thay đổi kém nhất {_signed(lowest)}."
    note = f" {left_out} mục chưa so sánh được." if left_out else ""
    return Verdict(_status(not failing), lowest, text + note, failing)


def judge_gap(indicator: Indicator, units: Mapping[str, Sequence[tuple[Number, int]]]) -> Verdict:
    """Best mean minus last mean per subject, over units (mean, papers) with enough papers.

    A subject with fewer than two such units has no gap.
    """
    goal, gaps = _goal(indicator), dict[str, Fraction]()
    for subject, rows in units.items():
        means = [Fraction(mean) for mean, papers in rows if papers >= indicator.minimum]
        if len(means) > 1:
            gaps[subject] = max(means) - min(means)
    if not gaps:
        return _unknown(f"Chưa có hai đơn vị nào đủ {indicator.minimum} bài thi để so sánh.")
    failing = tuple(subject for subject, gap in gaps.items() if gap > goal)
    widest = max(gaps.values())
    text = f"Rộng nhất {_text(widest)} điểm, chỉ tiêu không quá {_text(goal)}; {len(failing)} môn vượt."
    return Verdict(_status(not failing), widest, text, failing)


def judge_places(
    indicator: Indicator, now: tuple[int, int] | None, before: tuple[int, int] | None
) -> Verdict:
    """Places won since last year, from (rank, number of provinces) of both years.

    Where the number of provinces changed, places are not the same thing: nothing is concluded.
    """
    if now is None or before is None:
        return _unknown("Thiếu thứ hạng của năm nay hoặc năm trước.")
    if now[1] != before[1]:
        text = f"Số tỉnh, thành phố đổi từ {before[1]} sang {now[1]}: số bậc không so sánh được."
        return _unknown(text)
    won = before[0] - now[0]
    wanted = f"{won:+d} bậc, chỉ tiêu +{_text(_goal(indicator))}"
    text = f"Từ hạng {before[0]} đến hạng {now[0]} trong {now[1]}: {wanted}."
    return Verdict(_status(won >= _goal(indicator)), Fraction(won), text)


def judge_count(indicator: Indicator, awards: Mapping[str, int] | None) -> Verdict:
    """So many in all, and of each award so many of it or better: a better prize serves for a lesser one."""
    if awards is None:
        return _unknown("Chưa có kết quả.")
    total = sum(awards.values())
    failing = [] if total >= _goal(indicator) else ["tổng số"]
    wanted = have = 0
    reached = {name: awards.get(name, 0) for name in AWARDS}
    parts = dict(indicator.parts)
    for name in AWARDS:
        have += reached[name]
        wanted += parts.get(name, 0)
        if name in parts and have < wanted:
            failing.append(name)
    text = f"{total} giải, chỉ tiêu {_text(_goal(indicator))}."
    return Verdict(_status(not failing), Fraction(total), text, tuple(failing))


def judge_each(indicator: Indicator, counts: Mapping[str, int] | None) -> Verdict:
    """Every member at least `goal` times; a member that is not in `counts` has none."""
    if counts is None:
        return _unknown("Chưa có kết quả.")
    failing = tuple(name for name in indicator.members if counts.get(name, 0) < _goal(indicator))
    reached = len(indicator.members) - len(failing)
    text = f"{reached}/{len(indicator.members)} môn đạt."
    return Verdict(_status(not failing), Fraction(reached), text, failing)


def judge_evidence(conclusion: bool | None, evidence: str) -> Verdict:  # noqa: FBT001  what was concluded
    """What people concluded from documents; there is no number."""
    if conclusion is None:
        return _unknown("Chưa có kết luận từ minh chứng.")
    return Verdict(_status(conclusion), None, f"Kết luận theo minh chứng: {evidence}")


def _unknown(reason: str) -> Verdict:
    return Verdict(Status.UNKNOWN, None, reason)


def _status(met: bool) -> Status:  # noqa: FBT001  the verdict itself, not a switch
    return Status.MET if met else Status.NOT_MET


def _goal(indicator: Indicator) -> Fraction:
    return Fraction(indicator.goal or 0)


def _text(value: Fraction) -> str:
    """To two decimals at most, half up, with a comma."""
    exact = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    return vi_number(exact.normalize() if exact != exact.to_integral() else exact.quantize(Decimal(1)))


def _signed(value: Fraction) -> str:
    return f"{'+' if value > 0 else ''}{_text(value)}"
