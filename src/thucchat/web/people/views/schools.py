"""Schools that merge, split or close, with everybody in them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.forms import CloseForm, MergeForm
from thucchat.web.org.models import Unit
from thucchat.web.org.permissions import REORGANISES
from thucchat.web.org.queries.tree import units_visible_to
from thucchat.web.org.views.acts import carried_out, form_page
from thucchat.web.people.actions.reorganising import close_school, merge_school, split_school
from thucchat.web.people.forms_schools import SplitForm
from thucchat.web.people.models import Pupil


@requires(REORGANISES)
def merge(request: ActingRequest, school_id: int) -> HttpResponse:
    school = _school(request, school_id)
    form = MergeForm(request.POST or None, acting=request.acting, unit=school)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        into = facts["into"]
        return carried_out(
            request,
            into,
            lambda: merge_school(
                school, into, on=facts["on"], today=request.acting.day, decision=facts["decision"]
            ),
        )
    note = "Lớp, học sinh, tổ chuyên môn và cán bộ, giáo viên cùng sang trường tiếp nhận."
    return form_page(request, f"Sáp nhập {school.name}", [form], back=school, verb="Sáp nhập", note=note)


@requires(REORGANISES)
def split(request: ActingRequest, school_id: int) -> HttpResponse:
    school = _school(request, school_id)
    initial = {"school_type": school.school_type, "levels": school.levels, "on": request.acting.day}
    form = SplitForm(request.POST or None, school=school, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        values = {name: facts.pop(name) for name in ("name", "code", "school_type", "levels")}
        return carried_out(
            request, school, lambda: split_school(school, values, today=request.acting.day, **facts)
        )
    note = "Học sinh đi cùng lớp. Những lớp và người không chọn ở lại trường cũ."
    return form_page(request, f"Chia tách {school.name}", [form], back=school, verb="Chia tách", note=note)


@requires(REORGANISES)
def close(request: ActingRequest, school_id: int) -> HttpResponse:
    school = _school(request, school_id)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        return carried_out(
            request, school, lambda: close_school(school, on=facts["on"], decision=facts["decision"])
        )
    left = Pupil.objects.filter(school=school, status=Pupil.Status.STUDYING).count()
    note = f"Trường còn {left} học sinh đang học; phải chuyển hết trước khi giải thể." if left else ""
    return form_page(request, f"Giải thể {school.name}", [form], back=school, verb="Giải thể", note=note)


def _school(request: ActingRequest, school_id: int) -> Unit:
    found: Unit = get_object_or_404(units_visible_to(request.acting), pk=school_id, kind=Unit.Kind.SCHOOL)
    return found
