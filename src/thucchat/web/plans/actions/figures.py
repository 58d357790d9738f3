"""Figures are entered by one person and confirmed or refused by another; what was said stays on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from thucchat.engine.errors import EngineError
from thucchat.engine.planning.indicators import Indicator
from thucchat.engine.planning.reported import checked
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import SchoolYear, Unit, User
from thucchat.web.plans.models import ReportedFigure
from thucchat.web.plans.queries.places import LEVELS
from thucchat.web.plans.queries.providers import is_reported
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

CALLED = {"province": "Sở", "district": "phòng giáo dục, xã", "school": "trường"}
State = ReportedFigure.State


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says of a unit and a school year, and on the grounds of which document."""

    indicator: Indicator
    year: SchoolYear
    unit: Unit
    counts: Mapping[str, Any]  # in the form of `engine.planning.reported`
    evidence: str


@transaction.atomic
def enter_figure(report: Report, *, by: User | None, at: datetime) -> ReportedFigure:
    """A figure that waits for confirmation; one that waited before gives way to it.

    Raises RuleBroken: `figure.computed`, `figure.level`, `figure.evidence`, `figure.twice`, and the codes of
    `engine.planning.reported.checked`.
    """
    indicator, unit = report.indicator, report.unit
    _check(report)
    try:
        counts = checked(indicator, report.counts)
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    same = ReportedFigure.objects.filter(indicator=indicator.code, school_year=report.year, unit=unit)
    for waiting in same.filter(state=State.ENTERED).select_for_update():
        _supersede(waiting)
    try:
        with transaction.atomic():
            made = ReportedFigure.objects.create(
                school_year=report.year, indicator=indicator.code, version=indicator.version, unit=unit,
                counts=counts, evidence=report.evidence.strip(), entered_by=by, entered_at=at,
                unit_path=unit.unit_path,
            )  # fmt: skip
    except IntegrityError as twice:
        message = "Vừa có người khác nhập số liệu này; hãy tải lại trang."
        raise RuleBroken("figure.twice", message) from twice
    _record("figure.entered", made, by=by, at=at)
    return made


@transaction.atomic
def confirm_figure(figure_id: int, *, by: User | None, at: datetime) -> ReportedFigure:
    """From now on the figure counts; the one before it is kept, superseded.

    Raises RuleBroken: `figure.state`, `figure.two_people`.
    """
    figure = _locked(figure_id, by)
    figure.move_to(State.CONFIRMED)
    same = ReportedFigure.objects.filter(
        indicator=figure.indicator, school_year=figure.school_year_id, unit=figure.unit_id
    )
    for before in same.filter(state=State.CONFIRMED).select_for_update():
        _supersede(before)
    return _answered(figure, "figure.confirmed", by=by, at=at)


@transaction.atomic
def refuse_figure(figure_id: int, why: str, *, by: User | None, at: datetime) -> ReportedFigure:
    """Raises RuleBroken: `figure.state`, `figure.two_people`, `figure.why`."""
    if not why.strip():
        raise RuleBroken("figure.why", "Hãy nêu lí do không xác nhận để người nhập sửa.")
    figure = _locked(figure_id, by)
    figure.move_to(State.REFUSED)
    figure.refusal = why.strip()
    return _answered(figure, "figure.refused", by=by, at=at)


def _check(report: Report) -> None:
    indicator, unit = report.indicator, report.unit
    if not is_reported(indicator):
        message = f"“{indicator.title}” do hệ thống tính từ số liệu đang có, không nhập."
        raise RuleBroken("figure.computed", message)
    if LEVELS.get(Unit.Kind(unit.kind)) != indicator.level:
        message = f"Chỉ tiêu này do {CALLED[indicator.level]} trả lời, không phải {unit.name}."
        raise RuleBroken("figure.level", message)
    if not report.evidence.strip():
        raise RuleBroken("figure.evidence", "Hãy ghi số, ngày của văn bản làm căn cứ.")


def _locked(figure_id: int, by: User | None) -> ReportedFigure:
    figure = ReportedFigure.objects.select_for_update(of=("self",)).get(pk=figure_id)
    if by is not None and figure.entered_by_id == by.pk:
        raise RuleBroken("figure.two_people", "Người nhập số liệu không tự xác nhận; hãy nhờ người khác.")
    return figure


def _supersede(figure: ReportedFigure) -> None:
    figure.move_to(State.SUPERSEDED)
    with because("Có số liệu khác thay"):
        figure.save(update_fields=["state"])


def _answered(figure: ReportedFigure, kind: str, *, by: User | None, at: datetime) -> ReportedFigure:
    figure.answered_by, figure.answered_at = by, at
    with because(figure.refusal or "Xác nhận số liệu"):
        figure.save(update_fields=["state", "refusal", "answered_by", "answered_at"])
    _record(kind, figure, by=by, at=at)
    return figure


def _record(kind: str, figure: ReportedFigure, *, by: User | None, at: datetime) -> None:
    facts = {"indicator": figure.indicator, "version": figure.version, "year": figure.school_year_id}
    record_event(kind, figure, by=by, at=at, unit_path=figure.unit_path, counts=figure.counts, **facts)
