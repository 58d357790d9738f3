"""Staff: the list, one person, and changes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thucchat.engine.vietnamese import unaccented, vi_date
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.queries.history import history_of
from thucchat.web.people.forms import StaffFilter, StaffForm
from thucchat.web.people.models import Staff
from thucchat.web.people.permissions import EDITS_STAFF, SEES_STAFF
from thucchat.web.people.queries.visible import staff_visible_to
from thucchat.web.people.views.listing import list_page
from thucchat.web.shared.forms import Because
from thucchat.web.shared.history import because
from thucchat.web.shared.lists import Column, page_of
from thucchat.web.shared.scope import below

COLUMNS = [
    Column[Staff]("Họ và tên", lambda staff: staff.full_name),
    Column[Staff]("Ngày sinh", lambda staff: vi_date(staff.born_on)),
    Column[Staff]("Vị trí", lambda staff: staff.get_position_display()),
    Column[Staff]("Tổ", lambda staff: staff.team and staff.team.name),
    Column[Staff]("Đơn vị", lambda staff: staff.unit.name),
    Column[Staff]("Mã cán bộ", lambda staff: staff.code),
]


@requires(SEES_STAFF)
def staff_list(request: ActingRequest) -> HttpResponse:
    filters = StaffFilter(request.GET, acting=request.acting)
    filters.is_valid()
    wanted = filters.cleaned_data
    rows = staff_visible_to(request.acting).filter(left_on=None)
    if wanted.get("truong"):
        rows = rows.filter(below(wanted["truong"].unit_path))
    if wanted.get("vi_tri"):
        rows = rows.filter(position=wanted["vi_tri"])
    for word in unaccented(wanted.get("q") or "").split():
        rows = rows.filter(code__startswith=word) if word.isdigit() else rows.filter(search__contains=word)
    page = page_of(rows.order_by("sort_key", "pk"), request, COLUMNS, related=("unit", "team"))
    return list_page(request, "Cán bộ, giáo viên", page, filters, export="people:export-staff")


@requires(SEES_STAFF)
def staff(request: ActingRequest, staff_id: int) -> HttpResponse:
    found = get_object_or_404(staff_visible_to(request.acting).select_related("unit", "team"), pk=staff_id)
    context = {
        "staff": found,
        "postings": found.postings.select_related("unit").order_by("-days"),
        "assignments": found.assignments.select_related("school_class__school_year", "subject").order_by(
            "-days"
        )[:60],
        "homerooms": found.homerooms.select_related("school_year").order_by("-school_year"),
        "changes": history_of(found),
        "may_edit": request.acting.is_one_of(EDITS_STAFF),
    }
    return render(request, "people/staff.html", context)


@requires(EDITS_STAFF)
def edit(request: ActingRequest, staff_id: int) -> HttpResponse:
    found = get_object_or_404(staff_visible_to(request.acting), pk=staff_id)
    form, why = StaffForm(request.POST or None, instance=found), Because(request.POST or None)
    if request.method == "POST" and form.is_valid() and why.is_valid():
        with because(why.cleaned_data["reason"]):
            form.save()
        messages.success(request, "Đã ghi thay đổi.")
        return redirect(found)
    context = {
        "title": f"Sửa thông tin {found.full_name}",
        "forms": [form, why],
        "back": found.get_absolute_url(),
    }
    return render(request, "shared/form.html", context)
