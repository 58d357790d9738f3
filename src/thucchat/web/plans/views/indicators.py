"""Targets of the documents: the board, one target through the years, the units that answer for it."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thucchat.engine.planning.evaluation import Status
from thucchat.engine.planning.indicators import Indicator
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import Unit
from thucchat.web.plans.forms import RefusalForm, UnitsForm, YearForm
from thucchat.web.plans.models import ReportedFigure
from thucchat.web.plans.permissions import CONFIRMS, SEES_PLANS, may_confirm, may_enter
from thucchat.web.plans.queries.board import (
    Section,
    answers_below,
    history_of,
    row_of,
    sections_of,
    view_of,
)
from thucchat.web.plans.queries.measured import Measured, shown_value
from thucchat.web.plans.queries.national import rank_years
from thucchat.web.plans.queries.places import LEVELS, Place, home_of
from thucchat.web.plans.queries.providers import PUBLIC, is_reported
from thucchat.web.plans.queries.reported import figures_visible_to, lines_of
from thucchat.web.plans.queries.years import PlanYear
from thucchat.web.plans.views.choosing import find_indicator, find_unit, years_for
from thucchat.web.shared.downloads import file_links, wanted_file
from thucchat.web.shared.scope import Scope, acting_for
from thucchat.web.shared.spreadsheets.writing import Cell

BOARD = ("Văn bản", "Mục", "Chỉ tiêu", "Mức đề ra", "Giá trị", "Trạng thái", "Vì sao", "Cách tính")
UNITS = ("Đơn vị", "Giá trị", "Trạng thái", "Vì sao")
PAGE_SIZE = 50


@requires(SEES_PLANS)
def board(request: ActingRequest) -> HttpResponse:
    """Every target that concerns the unit, document by document."""
    year, years = years_for(request)
    home = home_of(request.acting)
    sections = sections_of(home, year)
    title = f"Chỉ tiêu của các văn bản, {home.name}, năm học {year.code}"
    file = wanted_file(request, title, BOARD, _board_cells(sections))
    if file is not None:
        return file
    counts = {status: sum(row.status == status for one in sections for row in one.rows) for status in Status}
    context = {
        "sections": sections,
        "year": year,
        "unit": home,
        "counts": [counts[status] for status in Status],
        "form": _year_form(year, years),
        "links": file_links(request),
        "waiting": _waiting(request) if request.acting.is_one_of(CONFIRMS) else 0,
    }
    return render(request, "plans/board.html", context)


@requires(SEES_PLANS)
def indicator(request: ActingRequest, indicator: str) -> HttpResponse:
    """One target of the user's own unit."""
    return _page(request, find_indicator(indicator), home_of(request.acting))


@requires(SEES_PLANS)
def of_unit(request: ActingRequest, indicator: str, unit_id: int) -> HttpResponse:
    """One target of a unit below."""
    found, unit = find_indicator(indicator), find_unit(request, unit_id)
    if unit.kind == Unit.Kind.TEAM:
        return redirect("plans:indicator", indicator)  # teams have no targets of their own
    return _page(request, found, unit)


@requires(SEES_PLANS)
def units(request: ActingRequest, indicator: str) -> HttpResponse:
    """The units below that answer for one target."""
    found, home = find_indicator(indicator), home_of(request.acting)
    year, years = years_for(request)
    form = UnitsForm(request.GET or None, years=[one.code for one in years], initial={"nam": year.code})
    wanted = form.cleaned_data["trang_thai"] if form.is_bound and form.is_valid() else ""
    with acting_for(Scope(home.unit_path)):
        below = answers_below(found, view_of(home, year))
    rows = [(place, one) for place, one in below.items() if wanted in {"", one.verdict.status}]
    title = f"{found.title}, năm học {year.code}"
    file = wanted_file(request, title, UNITS, _unit_cells(found, rows))
    if file is not None:
        return file
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    shown = [(place, one, shown_value(found, one.verdict)) for place, one in page]
    context = {"indicator": found, "home": home, "year": year, "page": page, "rows": shown, "form": form}
    return render(request, "plans/units.html", context | {"links": file_links(request)})


def _page(request: ActingRequest, found: Indicator, unit: Unit) -> HttpResponse:
    year, years = years_for(request)
    with acting_for(Scope(unit.unit_path)):
        row = row_of(found, view_of(unit, year))
    context = {
        "row": row,
        "indicator": found,
        "unit": unit,
        "is_home": unit.pk == home_of(request.acting).pk,
        "year": year,
        "form": _year_form(year, years),
        "history": [] if found.code in PUBLIC else history_of(found, unit, years),
        "ranks": rank_years(found)[::-1] if found.code in PUBLIC else [],
    }
    return render(request, "plans/indicator.html", context | _figures(request, found, unit, year))


def _figures(request: ActingRequest, found: Indicator, unit: Unit, year: PlanYear) -> dict[str, object]:
    """What was reported of the unit in the year, and what the user may do about it."""
    rows = figures_visible_to(request.acting).filter(indicator=found.code, school_year=year.code, unit=unit)
    figures = list(rows.select_related("entered_by", "answered_by"))
    waiting = next((one for one in figures if one.state == ReportedFigure.State.ENTERED), None)
    answers_for_it = LEVELS.get(Unit.Kind(unit.kind)) == found.level
    enters = is_reported(found) and answers_for_it and year.row and may_enter(request.acting, unit)
    confirms = waiting is not None and may_confirm(request.acting, unit, waiting.entered_by_id)
    address = reverse("plans:figure-enter", args=[found.code, unit.pk])
    return {
        "figures": [(one, lines_of(found, one.counts)) for one in figures],
        "enter": f"{address}?nam={year.code}" if enters else "",
        "waiting": waiting if confirms else None,
        "refusal": RefusalForm() if confirms else None,
    }


def _waiting(request: ActingRequest) -> int:
    rows = figures_visible_to(request.acting).filter(state=ReportedFigure.State.ENTERED)
    return rows.exclude(entered_by=request.user).count()


def _year_form(year: PlanYear, years: list[PlanYear]) -> YearForm:
    return YearForm(years=[one.code for one in years or [year]], initial={"nam": year.code})


def _board_cells(sections: list[Section]) -> Iterator[list[Cell]]:
    for section in sections:
        for row in section.rows:
            one = row.indicator
            found = (row.goal, row.value, row.label, row.reason)
            yield [section.document, one.clause, one.title, *found, one.formula]


def _unit_cells(found: Indicator, rows: list[tuple[Place, Measured]]) -> Iterator[list[Cell]]:
    for place, one in rows:
        yield [place.name, shown_value(found, one.verdict), one.label, one.verdict.reason]
