"""Classes: the list, one class, its homeroom teacher and its teaching; admission and the turn of the year."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thucchat.engine.vietnamese import text_key
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.queries.history import history_of
from thucchat.web.people.actions.enrolment import admit_pupil
from thucchat.web.people.actions.teaching import assign_teacher
from thucchat.web.people.forms import AdmitForm, AssignmentForm, ClassFilter, ClassForm
from thucchat.web.people.models import Enrolment, SchoolClass
from thucchat.web.people.permissions import EDITS_CLASSES, MOVES_PUPILS, SEES_CLASSES
from thucchat.web.people.queries.visible import classes_visible_to, years_begun
from thucchat.web.people.views.listing import list_page
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.forms import Because
from thucchat.web.shared.history import because
from thucchat.web.shared.lists import Column, page_of
from thucchat.web.shared.scope import below

COLUMNS = [
    Column[SchoolClass]("Lớp", lambda row: row.name),
    Column[SchoolClass]("Khối", lambda row: row.grade, numeric=True),
    Column[SchoolClass]("Trường", lambda row: row.school.name),
    Column[SchoolClass]("Năm học", lambda row: row.school_year_id),
    Column[SchoolClass]("Giáo viên chủ nhiệm", lambda row: row.homeroom and row.homeroom.full_name),
    Column[SchoolClass]("Mã lớp", lambda row: row.code),
]


@requires(SEES_CLASSES)
def classes(request: ActingRequest) -> HttpResponse:
    filters = ClassFilter(request.GET, acting=request.acting)
    filters.is_valid()
    wanted = filters.cleaned_data
    rows = classes_visible_to(request.acting).filter(
        school_year=wanted.get("nam_hoc") or Subquery(years_begun(request.acting.day).values("pk")[:1])
    )
    if wanted.get("truong"):
        rows = rows.filter(below(wanted["truong"].unit_path))
    if wanted.get("khoi"):
        rows = rows.filter(grade=int(wanted["khoi"]))
    if name := (wanted.get("q") or "").strip():
        rows = rows.filter(Q(sort_key__startswith=text_key(name).split(" ")[0]) | Q(code=name))
    page = page_of(
        rows.order_by("school__sort_key", "grade", "sort_key"),
        request,
        COLUMNS,
        related=("school", "homeroom"),
    )
    return list_page(request, "Lớp", page, filters, export="people:export-classes")


@requires(SEES_CLASSES)
def school_class(request: ActingRequest, class_id: int) -> HttpResponse:
    found = _find(request, class_id)
    stays = (
        Enrolment.objects.filter(school_class=found)
        .select_related("pupil")
        .order_by("pupil__sort_key", "days")
    )
    counts = stays.aggregate(
        now=Count("pk", filter=Q(days__upper_inf=True)),
        girls=Count("pk", filter=Q(days__upper_inf=True, pupil__sex="02")),
    )
    context = {
        "school_class": found,
        "stays": stays,
        "counts": counts,
        "assignments": found.assignments.select_related("subject", "staff").order_by("subject__name", "days"),
        "changes": history_of(found),
        "may_edit": request.acting.is_one_of(EDITS_CLASSES),
        "may_admit": request.acting.is_one_of(MOVES_PUPILS),
    }
    return render(request, "people/class.html", context)


@requires(EDITS_CLASSES)
def edit(request: ActingRequest, class_id: int) -> HttpResponse:
    found = _find(request, class_id)
    form = ClassForm(request.POST or None, instance=found, acting=request.acting)
    why = Because(request.POST or None)
    if request.method == "POST" and form.is_valid() and why.is_valid():
        try:
            with transaction.atomic(), because(why.cleaned_data["reason"]):
                form.save()
        except IntegrityError:
            form.add_error("name", f"Trường đã có lớp “{form.cleaned_data['name']}” trong năm học này.")
        else:
            messages.success(request, "Đã ghi thay đổi.")
            return redirect(found)
    return _form(request, f"Sửa lớp {found.name}", [form, why], found)


@requires(EDITS_CLASSES)
def assign(request: ActingRequest, class_id: int) -> HttpResponse:
    found = _find(request, class_id)
    form = AssignmentForm(
        request.POST or None, acting=request.acting, school_class=found, initial={"on": request.acting.day}
    )
    why = Because(request.POST or None)
    if request.method == "POST" and form.is_valid() and why.is_valid():
        facts = form.cleaned_data
        try:
            assign_teacher(
                found,
                facts["subject"],
                facts["staff"],
                share=facts["share"],
                on=facts["on"],
                reason=why.cleaned_data["reason"],
            )
        except RuleBroken as broken:
            messages.error(request, str(broken))
        else:
            messages.success(request, "Đã ghi phân công.")
            return redirect(found)
    return _form(request, f"Phân công giảng dạy lớp {found.name}", [form, why], found)


@requires(MOVES_PUPILS)
def admit(request: ActingRequest, class_id: int) -> HttpResponse:
    found = _find(request, class_id)
    form, why = (
        AdmitForm(request.POST or None, initial={"on": request.acting.day}),
        Because(request.POST or None),
    )
    if request.method == "POST" and form.is_valid() and why.is_valid():
        facts = form.cleaned_data
        try:
            pupil = admit_pupil(
                found, facts["code"], facts["born_on"], on=facts["on"], reason=why.cleaned_data["reason"]
            )
        except RuleBroken as broken:
            messages.error(request, str(broken))
        else:
            messages.success(request, f"Đã tiếp nhận {pupil.full_name} vào lớp {found.name}.")
            return redirect(found)
    return _form(request, f"Tiếp nhận học sinh vào lớp {found.name}", [form, why], found, verb="Tiếp nhận")


def _find(request: ActingRequest, class_id: int) -> SchoolClass:
    rows = classes_visible_to(request.acting).select_related("school", "homeroom", "school_year")
    return get_object_or_404(rows, pk=class_id)


def _form(
    request: ActingRequest, title: str, forms: list[object], found: SchoolClass, verb: str = "Lưu"
) -> HttpResponse:
    context = {"title": title, "forms": forms, "back": found.get_absolute_url(), "verb": verb}
    return render(request, "shared/form.html", context)
