"""Pupils: the list, one pupil, and what is done to him."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from thucchat.engine.vietnamese import unaccented, vi_date
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.queries.history import history_of
from thucchat.web.people.actions import enrolment
from thucchat.web.people.forms import LeaveForm, PupilFilter, PupilForm, TransferForm
from thucchat.web.people.models import Enrolment, Pupil
from thucchat.web.people.permissions import EDITS_PUPILS, MOVES_PUPILS, SEES_PUPILS
from thucchat.web.people.queries.visible import pupils_visible_to
from thucchat.web.people.views.listing import list_page
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.forms import Because
from thucchat.web.shared.history import because
from thucchat.web.shared.lists import Column, page_of
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for, below

COLUMNS = [
    Column[Pupil]("Họ và tên", lambda pupil: pupil.full_name),
    Column[Pupil]("Ngày sinh", lambda pupil: vi_date(pupil.born_on)),
    Column[Pupil]("Giới tính", lambda pupil: pupil.get_sex_display()),
    Column[Pupil]("Dân tộc", lambda pupil: pupil.get_ethnic_display()),
    Column[Pupil]("Lớp", lambda pupil: pupil.current_class and pupil.current_class.name),
    Column[Pupil]("Trường", lambda pupil: pupil.school.name),
    Column[Pupil]("Mã định danh", lambda pupil: pupil.code),
]


@requires(SEES_PUPILS)
def pupils(request: ActingRequest) -> HttpResponse:
    filters = PupilFilter(request.GET, acting=request.acting)
    filters.is_valid()
    rows = chosen(pupils_visible_to(request.acting), filters.cleaned_data)
    page = page_of(
        rows.order_by("sort_key", "pk"),
        request,
        COLUMNS,
        related=("school", "current_class"),
        exact=not filters.cleaned_data.get("q"),
    )
    return list_page(request, "Học sinh", page, filters, export="people:export-pupils")


def chosen(rows: "QuerySet[Pupil]", wanted: dict[str, Any]) -> "QuerySet[Pupil]":
    """The rows that fit the filters. A part of a name may be typed without accents; a number is a code."""
    status = wanted.get("trang_thai")
    if status != "tat-ca":
        rows = rows.filter(status=status or Pupil.Status.STUDYING)
    if wanted.get("truong"):
        rows = rows.filter(below(wanted["truong"].unit_path))
    if wanted.get("khoi"):
        rows = rows.filter(grade=int(wanted["khoi"]))
    for word in unaccented(wanted.get("q") or "").split():
        rows = rows.filter(code__startswith=word) if word.isdigit() else rows.filter(search__contains=word)
    return rows


@requires(SEES_PUPILS)
def pupil(request: ActingRequest, pupil_id: int) -> HttpResponse:
    found = get_object_or_404(
        pupils_visible_to(request.acting).select_related("school", "current_class"), pk=pupil_id
    )
    with acting_for(Scope(WHOLE_PROVINCE)):  # his way through other schools belongs to his record
        stays = list(
            Enrolment.objects.filter(pupil=found).select_related(
                "school_class__school", "school_class__school_year"
            )
        )
    context = {
        "pupil": found,
        "stays": stays,
        "changes": history_of(found),
        "may_edit": request.acting.is_one_of(EDITS_PUPILS),
        "may_move": request.acting.is_one_of(MOVES_PUPILS) and found.status == Pupil.Status.STUDYING,
    }
    return render(request, "people/pupil.html", context)


@requires(EDITS_PUPILS)
def edit(request: ActingRequest, pupil_id: int) -> HttpResponse:
    found = get_object_or_404(pupils_visible_to(request.acting), pk=pupil_id)
    form, why = PupilForm(request.POST or None, instance=found), Because(request.POST or None)
    if request.method == "POST" and form.is_valid() and why.is_valid():
        with because(why.cleaned_data["reason"]):
            form.save()
        messages.success(request, "Đã ghi thay đổi.")
        return redirect(found)
    return _form(request, f"Sửa thông tin {found.full_name}", [form, why], found)


@requires(MOVES_PUPILS)
def transfer(request: ActingRequest, pupil_id: int) -> HttpResponse:
    found = get_object_or_404(pupils_visible_to(request.acting), pk=pupil_id)
    form, why = (
        TransferForm(request.POST or None, initial={"on": request.acting.day}),
        Because(request.POST or None),
    )
    if request.method == "POST" and form.is_valid() and why.is_valid():
        facts = form.cleaned_data
        return _act(
            request,
            found,
            lambda: enrolment.transfer_pupil(
                found.pk, facts["class_code"], on=facts["on"], reason=why.cleaned_data["reason"]
            ),
        )
    return _form(request, f"Chuyển lớp, chuyển trường: {found.full_name}", [form, why], found, verb="Chuyển")


@requires(MOVES_PUPILS)
def leave(request: ActingRequest, pupil_id: int) -> HttpResponse:
    found = get_object_or_404(pupils_visible_to(request.acting), pk=pupil_id)
    form, why = (
        LeaveForm(request.POST or None, initial={"on": request.acting.day}),
        Because(request.POST or None),
    )
    if request.method == "POST" and form.is_valid() and why.is_valid():
        on, reason = form.cleaned_data["on"], why.cleaned_data["reason"]
        return _act(request, found, lambda: enrolment.let_pupil_go(found.pk, on=on, reason=reason))
    return _form(request, f"Thôi học: {found.full_name}", [form, why], found, verb="Ghi thôi học")


def _act(request: ActingRequest, found: Pupil, act: Any) -> HttpResponse:
    try:
        act()
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(found)
    messages.success(request, f"Đã ghi cho {found.full_name}.")
    return redirect(reverse("people:pupils"))


def _form(
    request: ActingRequest, title: str, forms: list[Any], found: Pupil, verb: str = "Lưu"
) -> HttpResponse:
    context = {"title": title, "forms": forms, "back": found.get_absolute_url(), "verb": verb}
    return render(request, "shared/form.html", context)
