"""Reported figures: the list, entering one, confirming or refusing it."""

from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.planning.indicators import all_indicators
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out, form_page
from thucchat.web.plans.actions import figures as acts
from thucchat.web.plans.forms import FigureForm, RefusalForm
from thucchat.web.plans.models import ReportedFigure
from thucchat.web.plans.permissions import CONFIRMS, ENTERS, SEES_PLANS, may_enter
from thucchat.web.plans.queries.reported import figures_visible_to
from thucchat.web.plans.views.choosing import find_indicator, find_unit, years_for
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column

NOT_YOURS = "Đơn vị trả lời chỉ tiêu, hoặc phòng chuyên môn của Sở, nhập số liệu này."
NO_YEAR = "Năm học này chưa được lập trong hệ thống nên chưa nhập số liệu được."

WAITING_FIRST = Case(When(state=ReportedFigure.State.ENTERED, then=0), default=1)


def _title(row: ReportedFigure) -> str:
    known = all_indicators().get(row.indicator)
    return known.title if known else row.indicator


COLUMNS = [
    Column[ReportedFigure]("Chỉ tiêu", _title),
    Column[ReportedFigure]("Đơn vị", lambda row: row.unit.name),
    Column[ReportedFigure]("Năm học", lambda row: row.school_year_id),
    Column[ReportedFigure]("Căn cứ", lambda row: row.evidence),
    Column[ReportedFigure]("Người nhập", lambda row: row.entered_by.full_name if row.entered_by else None),
    Column[ReportedFigure]("Nhập ngày", lambda row: f"{timezone.localtime(row.entered_at):%d/%m/%Y}"),
    Column[ReportedFigure]("Trạng thái", lambda row: row.get_state_display()),
]


@requires(SEES_PLANS)
def figures(request: ActingRequest) -> HttpResponse:
    """Every figure of the unit and below, those that wait first."""
    rows = figures_visible_to(request.acting).order_by(WAITING_FIRST, "-pk")
    if "cho" in request.GET:
        rows = rows.filter(state=ReportedFigure.State.ENTERED)
    return list_or_file(request, "Số liệu báo cáo", rows, COLUMNS, related=("unit", "entered_by"))


@requires(ENTERS)
def enter(request: ActingRequest, indicator: str, unit_id: int) -> HttpResponse:
    """A figure of one unit for the year chosen."""
    found, unit = find_indicator(indicator), find_unit(request, unit_id)
    year, _ = years_for(request)
    if year.row is None or not may_enter(request.acting, unit):
        messages.error(request, NO_YEAR if year.row is None else NOT_YOURS)
        return redirect("plans:unit-indicator", indicator, unit_id)
    form = FigureForm(request.POST or None, indicator=found)
    if request.method == "POST" and form.is_valid():
        report = acts.Report(found, year.row, unit, form.counts, form.cleaned_data["evidence"])
        try:
            made = acts.enter_figure(report, by=request.user, at=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, "Đã ghi số liệu, chờ một người khác xác nhận.")
            return redirect(made)
    note = (
        f"{unit.name}, năm học {year.code}. {found.formula}. Người khác xác nhận thì số liệu mới được tính."
    )
    target = ReportedFigure(indicator=found.code, unit=unit, school_year=year.row)
    return form_page(request, found.title, [form], back=target, verb="Ghi số liệu", note=note)


@requires(CONFIRMS)
@require_POST
def confirm(request: ActingRequest, figure_id: int) -> HttpResponse:
    figure = _find(request, figure_id)
    at = timezone.now()
    return carried_out(request, figure, lambda: acts.confirm_figure(figure_id, by=request.user, at=at))


@requires(CONFIRMS)
@require_POST
def refuse(request: ActingRequest, figure_id: int) -> HttpResponse:
    figure, form = _find(request, figure_id), RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu lí do không xác nhận để người nhập sửa.")
        return redirect(figure)
    why, at = form.cleaned_data["why"], timezone.now()
    return carried_out(request, figure, lambda: acts.refuse_figure(figure_id, why, by=request.user, at=at))


def _find(request: ActingRequest, figure_id: int) -> ReportedFigure:
    return get_object_or_404(figures_visible_to(request.acting).select_related("unit"), pk=figure_id)
