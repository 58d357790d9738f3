"""What is asked of an indicator, and what is answered: a verdict with the numbers behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.engine.planning.evaluation import Status, Verdict
from thucchat.engine.planning.indicators import Indicator, Kind, Unit
from thucchat.engine.vietnamese import vi_number
from thucchat.web.plans.queries.places import SCHOOL_LEVELS, Land, Place
from thucchat.web.plans.queries.years import PlanYear

LABELS = {Status.MET: "đạt", Status.NOT_MET: "chưa đạt", Status.UNKNOWN: "chưa đủ số liệu"}
SIGNS = {Unit.PERCENT: "%", Unit.POINTS: "điểm", Unit.PLACES: "bậc", Unit.COUNT: "", Unit.NONE: ""}
NAMES = {
    "ANH": "Tiếng Anh",
    "nhat": "giải Nhất",
    "nhi": "giải Nhì",
    "ba": "giải Ba",
    "khuyen-khich": "giải Khuyến khích",
    "": "chung",
}
# School levels whose pupils sit an exam, for indicators that name the exam only.
SITTING = {"graduation": ("THPT",), "entrance": ("THCS",), "entry": ("TH", "THCS")}
SHOWN_NAMES = 12  # of units in one line
FEWEST = {Kind.SHARE: "từ", Kind.GAP: "không quá", Kind.PLACES: "tăng từ", Kind.COUNT: "từ"}


@dataclass(frozen=True, slots=True)
class Question:
    """One indicator in one year, asked of places of one level."""

    indicator: Indicator
    year: PlanYear
    land: Land
    places: tuple[Place, ...]

    @property
    def school_levels(self) -> frozenset[str]:
        """Of the schools that the indicator speaks of."""
        return levels_of(self.indicator)


@dataclass(frozen=True, slots=True)
class Measured:
    """The verdict on one place, and lines of what it rests on."""

    verdict: Verdict
    lines: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        return LABELS[self.verdict.status]

    @property
    def failing(self) -> str:
        """Subjects, prizes or members that keep it from being met, as people call them."""
        return ", ".join(map(called, self.verdict.failing))


Answers = dict[int, Measured]  # by id of the place
Provider = Callable[[Question], Answers]


def levels_of(indicator: Indicator) -> frozenset[str]:
    """School levels among the topics, else those that sit its exam; all where neither is named."""
    sitting = frozenset(level for topic in indicator.topics for level in SITTING.get(topic, ()))
    return frozenset(indicator.topics) & SCHOOL_LEVELS or sitting or SCHOOL_LEVELS


def unknown(reason: str, *lines: tuple[str, str]) -> Measured:
    """Nothing can be said yet, and why."""
    return Measured(Verdict(Status.UNKNOWN, None, reason), lines)


def unless_met(measured: Measured, reason: str) -> Measured:
    """While more may still come in, only what is already met is said."""
    if measured.verdict.status == Status.MET:
        return measured
    return replace(measured, verdict=Verdict(Status.UNKNOWN, None, reason))


def called(code: str) -> str:
    """A subject, a prize or a member by its usual name."""
    return NAMES.get(code) or subject_label(code)


def listed(names: Iterable[str]) -> str:
    """Names in one line, the rest as a number."""
    found = list(names)
    rest = f"; và {len(found) - SHOWN_NAMES} đơn vị khác" if len(found) > SHOWN_NAMES else ""
    return "; ".join(found[:SHOWN_NAMES]) + rest


def shown_value(indicator: Indicator, verdict: Verdict) -> str:
    """The value in the indicator's unit, with a sign where it is a change; empty where there is none."""
    if verdict.value is None:
        return ""
    signed = indicator.kind in {Kind.RISE, Kind.FALL, Kind.PLACES} and verdict.value > 0
    number = rounded(verdict.value)
    if indicator.kind == Kind.EACH:
        return f"{number}/{len(indicator.members)} môn"
    unit = "giải" if indicator.kind == Kind.COUNT else SIGNS[indicator.unit]
    return f"{'+' if signed else ''}{number} {unit}".strip()


def shown_goal(indicator: Indicator) -> str:
    """What the document asks for, in words."""
    if indicator.kind in {Kind.RISE, Kind.FALL}:
        return f"{'cao' if indicator.kind == Kind.RISE else 'thấp'} hơn năm trước"
    if indicator.kind == Kind.EVIDENCE:
        return "xét theo minh chứng"
    goal = vi_number(indicator.goal or Decimal(0))
    if indicator.kind == Kind.EACH:
        return f"mỗi môn từ {goal}"
    if indicator.kind == Kind.SHARE and indicator.goal == 100:
        return f"{goal} %"
    unit = "giải" if indicator.kind == Kind.COUNT else SIGNS[indicator.unit]
    return f"{FEWEST[indicator.kind]} {goal} {unit}".strip()


def rounded(value: Fraction, digits: int = 2) -> str:
    """To `digits` decimals, half up; whole numbers without any."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return vi_number(exact.quantize(Decimal(1))) if value.denominator == 1 else vi_number(exact, digits)
