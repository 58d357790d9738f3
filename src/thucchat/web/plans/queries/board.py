"""The targets of the documents as one unit sees them: its own verdicts, and counts over the units below."""

from collections import Counter
from dataclasses import dataclass

from thucchat.engine.planning.evaluation import Status
from thucchat.engine.planning.indicators import Indicator, all_indicators
from thucchat.engine.planning.reported import overall
from thucchat.web.org.models import Unit
from thucchat.web.plans.queries.measured import (
    LABELS,
    Answers,
    Measured,
    Question,
    levels_of,
    shown_goal,
    shown_value,
    unknown,
)
from thucchat.web.plans.queries.places import ORDER, Land, Place, land_on, place_of
from thucchat.web.plans.queries.providers import OF_EXAM_YEARS, PUBLIC, answers, has_parts
from thucchat.web.plans.queries.years import PlanYear
from thucchat.web.shared.scope import Scope, acting_for

NOBODY = "Không có đơn vị nào phải trả lời chỉ tiêu này."
COUNTED = {Status.MET: "đơn vị đạt", Status.NOT_MET: "chưa đạt", Status.UNKNOWN: "chưa đủ số liệu"}


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator for one unit and year."""

    indicator: Indicator
    status: Status
    value: str  # in words, with its unit; empty where nothing is known
    reason: str
    own: Measured | None  # the unit's own verdict
    below: dict[Status, int]  # units below by status, where they answer for it

    @property
    def label(self) -> str:
        return LABELS[self.status]

    @property
    def goal(self) -> str:
        return shown_goal(self.indicator)


@dataclass(frozen=True, slots=True)
class Section:
    """The indicators of one document."""

    document: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class View:
    """One unit in one year, with every place below it."""

    place: Place
    year: PlanYear
    land: Land


def view_of(unit: Unit, year: PlanYear) -> View:
    return View(place_of(unit), year, land_on(year.day, unit.unit_path))


def sections_of(unit: Unit, year: PlanYear) -> list[Section]:
    """Every indicator that the unit answers for, has a part in, or whose units below answer for it.

    The rows of the unit are read in full: a teacher sees how his school stands, not how his classes do.
    """
    with acting_for(Scope(unit.unit_path)):
        view = view_of(unit, year)
        rows = [row_of(one, view) for one in all_indicators().values() if concerns(one, view)]
    documents = dict.fromkeys(row.indicator.document for row in rows)
    return [Section(name, tuple(row for row in rows if row.indicator.document == name)) for name in documents]


def concerns(indicator: Indicator, view: View) -> bool:
    """Whether the unit has anything to do with the indicator; the province has with all."""
    place, depth = view.place, _depth(indicator) - ORDER.index(view.place.level)
    if place.level == "province" or indicator.code in PUBLIC:
        return True
    if depth > 0:
        return bool(_answering(indicator, view))
    if place.level == "school" and "district" in indicator.topics:
        return False  # districts are ranked among districts
    has_share = depth == 0 or has_parts(indicator)
    return has_share and bool(view.land.schools(place, levels_of(indicator)))


def row_of(indicator: Indicator, view: View) -> Row:
    """The unit's own verdict, or the count of the units below that answer for the indicator."""
    if _depth(indicator) > ORDER.index(view.place.level):
        return _counted(indicator, answers_below(indicator, view))
    question = Question(indicator, view.year, view.land, (view.place,))
    own = answers(question)[view.place.id]
    verdict = own.verdict
    return Row(indicator, verdict.status, shown_value(indicator, verdict), verdict.reason, own, {})


def answers_below(indicator: Indicator, view: View) -> dict[Place, Measured]:
    """What each unit below that answers for the indicator has reached, by name."""
    places = _answering(indicator, view)
    found: Answers = answers(Question(indicator, view.year, view.land, tuple(places))) if places else {}
    return {place: found.get(place.id, unknown(NOBODY)) for place in places}


def history_of(indicator: Indicator, unit: Unit, years: list[PlanYear]) -> list[tuple[PlanYear, Row]]:
    """The indicator through the years, those left out of which nothing can be known."""
    with acting_for(Scope(unit.unit_path)):
        kept = [year for year in years if year.row or indicator.code in OF_EXAM_YEARS]
        return [(year, row_of(indicator, view_of(unit, year))) for year in kept]


def _counted(indicator: Indicator, found: dict[Place, Measured]) -> Row:
    verdicts = {place: one.verdict for place, one in found.items()}
    counts = Counter(one.status for one in verdicts.values())
    below = {status: counts[status] for status in Status}
    text = ", ".join(f"{count} {COUNTED[status]}" for status, count in below.items() if count)
    reason = f"Trong {len(found)} đơn vị: {text}." if found else NOBODY
    value = f"{counts[Status.MET]}/{len(found)} đơn vị" if found else ""
    return Row(indicator, overall(verdicts), value, reason, None, below)


def _answering(indicator: Indicator, view: View) -> list[Place]:
    """The units below that answer for the indicator: all districts, or schools of its levels."""
    if indicator.level == "school":
        return view.land.schools(view.place, levels_of(indicator))
    return [place for place in view.land.of_level(indicator.level) if place.id != view.place.id]


def _depth(indicator: Indicator) -> int:
    return ORDER.index(indicator.level)
