"""The tree, a unit's page, and what is done to a unit."""

from datetime import date

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.actions import units as actions
from thucchat.web.org.forms import CloseForm, FoundForm, MergeForm, MoveForm, UnitForm
from thucchat.web.org.models import Unit
from thucchat.web.org.permissions import EDITS_UNITS, REORGANISES, SEES_TREE, may_found_below
from thucchat.web.org.queries.history import history_of
from thucchat.web.org.queries.tree import ancestors_of, name_on, tree_on, units_visible_to
from thucchat.web.org.views.acts import carried_out, form_page
from thucchat.web.shared.forms import Because

SHOWN_IN_TREE = frozenset({Unit.Kind.PROVINCE, Unit.Kind.DISTRICT, Unit.Kind.COMMUNE, Unit.Kind.SCHOOL})


@requires(SEES_TREE)
def tree(request: ActingRequest) -> HttpResponse:
    day = day_asked(request)
    kinds = SHOWN_IN_TREE if not request.acting.unit.is_school else SHOWN_IN_TREE | {Unit.Kind.TEAM}
    nodes = tree_on(day, request.acting, kinds=kinds)
    return render(
        request, "org/tree.html", {"nodes": nodes, "day": day, "is_today": day == request.acting.day}
    )


@requires(SEES_TREE)
def unit(request: ActingRequest, unit_id: int) -> HttpResponse:
    found = get_object_or_404(units_visible_to(request.acting), pk=unit_id)
    day = day_asked(request)
    own = ancestors_of(found)
    return render(
        request,
        "org/unit.html",
        {
            "unit": found,
            "day": day,
            "name_then": name_on(found, day),
            "ancestors": [
                above for above in own if above.unit_path.startswith(request.acting.unit.unit_path)
            ],
            "above": own,
            "spells": found.spells.select_related("parent").order_by("days"),
            "origins": found.origins.select_related("predecessor"),
            "successions": found.successions.select_related("successor"),
            "memberships": found.memberships.select_related("cluster"),
            "children": found.children.open_on(day).annotate(n=Count("children")),
            "changes": history_of(found),
            "may_edit": request.acting.is_one_of(EDITS_UNITS),
            "may_found": may_found_below(request.acting, found),
            "may_reorganise": request.acting.is_one_of(REORGANISES) and found.kind != Unit.Kind.PROVINCE,
        },
    )


@requires(EDITS_UNITS)
def edit(request: ActingRequest, unit_id: int) -> HttpResponse:
    found = get_object_or_404(units_visible_to(request.acting), pk=unit_id)
    form = UnitForm(request.POST or None, instance=found, initial={"on": request.acting.day})
    why = Because(request.POST or None)
    if request.method == "POST" and form.is_valid() and why.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "on"}
        fresh = Unit.objects.get(pk=found.pk)
        on = form.cleaned_data["on"] or request.acting.day
        return carried_out(
            request, fresh, lambda: actions.edit_unit(fresh, values, on=on, reason=why.cleaned_data["reason"])
        )
    return form_page(request, f"Sửa {found.name}", [form, why], back=found)


@requires(EDITS_UNITS | REORGANISES)
def found(request: ActingRequest, unit_id: int) -> HttpResponse:
    """A new unit below this one: the province founds schools and offices, a school its teams."""
    parent = get_object_or_404(units_visible_to(request.acting), pk=unit_id)
    if not may_found_below(request.acting, parent):
        messages.error(request, f"Bạn không lập được đơn vị thuộc {parent.name}.")
        return redirect(parent)
    form = FoundForm(request.POST or None, parent=parent, initial={"opened_on": request.acting.day})
    why = Because(request.POST or None)
    if request.method == "POST" and form.is_valid() and why.is_valid():
        made = actions.found_unit(parent, form.cleaned_data, reason=why.cleaned_data["reason"])
        messages.success(request, f"Đã lập {made.name}.")
        return redirect(made)
    return form_page(request, f"Lập đơn vị thuộc {parent.name}", [form, why], back=parent, verb="Lập")


@requires(REORGANISES)
def merge(request: ActingRequest, unit_id: int) -> HttpResponse:
    found = get_object_or_404(units_visible_to(request.acting), pk=unit_id)
    if found.is_school:  # whose classes, pupils and staff go along
        return redirect("people:school-merge", found.pk)
    form = MergeForm(request.POST or None, acting=request.acting, unit=found)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        into = facts["into"]
        return carried_out(
            request,
            into,
            lambda: actions.merge_units([found], into, on=facts["on"], decision=facts["decision"]),
        )
    return form_page(request, f"Sáp nhập {found.name}", [form], back=found, verb="Sáp nhập")


@requires(REORGANISES)
def move(request: ActingRequest, unit_id: int) -> HttpResponse:
    found = get_object_or_404(units_visible_to(request.acting), pk=unit_id)
    form = MoveForm(request.POST or None, acting=request.acting, unit=found)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        return carried_out(
            request,
            found,
            lambda: actions.move_unit(found, facts["parent"], on=facts["on"], reason=facts["decision"]),
        )
    return form_page(request, f"Chuyển {found.name} về đơn vị khác", [form], back=found, verb="Chuyển")


@requires(REORGANISES)
def close(request: ActingRequest, unit_id: int) -> HttpResponse:
    found = get_object_or_404(units_visible_to(request.acting), pk=unit_id)
    if found.is_school:
        return redirect("people:school-close", found.pk)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        return carried_out(
            request, found, lambda: actions.close_unit(found, on=facts["on"], decision=facts["decision"])
        )
    return form_page(request, f"Giải thể {found.name}", [form], back=found, verb="Giải thể")


def day_asked(request: ActingRequest) -> date:
    """The day in the address, or today."""
    try:
        return parse_date(request.GET.get("ngay", "")) or request.acting.day
    except ValueError:
        return request.acting.day
