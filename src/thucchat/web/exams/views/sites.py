"""A school's part in a survey: its rooms and candidates, what is printed of them, changes of the list."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import unaccented, vi_number
from thucchat.web.exams.actions.candidates import (
    Arrival,
    add_candidate,
    move_candidate,
    remove_candidate,
)
from thucchat.web.exams.actions.printing import answer_sheets, marks_template, room_lists
from thucchat.web.exams.forms_sites import ArrivalForm, RoomForm
from thucchat.web.exams.models import Campaign, Candidate, Site, Sitting, Supplement
from thucchat.web.exams.permissions import HOLDS_SITES, SEES_RESULTS, SEES_SITE_DETAILS
from thucchat.web.exams.queries.candidates import candidates_visible_to, counts_of, sites_visible_to
from thucchat.web.exams.queries.sites import progress_of, rooms_of
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.shared.downloads import list_or_file, save_as
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.forms import Because, StyledForm
from thucchat.web.shared.lists import Column


@requires(SEES_RESULTS)
def sites(request: ActingRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=campaign_id)
    rows = sites_visible_to(request.acting).filter(exam__campaign=found)
    school = request.GET.get("truong", "")
    if school.isascii() and school.isdigit() and len(school) < 19:
        rows = rows.filter(school=int(school))
    counts = counts_of(rows)
    columns = [
        Column[Site]("Trường", lambda row: row.school.name),
        Column[Site]("Khối", lambda row: vi_number(row.exam.grade or 0), numeric=True),
        Column[Site]("Thí sinh", lambda row: vi_number(counts.get(row.pk, 0)), numeric=True),
    ]
    links = [("Về đợt khảo sát", found.get_absolute_url())]
    title = f"Danh sách, phòng thi: {found}"
    return list_or_file(request, title, rows, columns, related=("school", "exam"), actions=links)


@requires(SEES_RESULTS)
def site(request: ActingRequest, site_id: int) -> HttpResponse:
    found = find_site(request, site_id)
    rooms = rooms_of(found)
    room = wanted_room(request, rooms)
    campaign = found.exam.campaign
    context = {
        "site": found,
        "campaign": campaign,
        "sittings": progress_of(found),
        "rooms": rooms,
        "room": room,
        "candidates": found.candidates.filter(removed_for="", room=room or 0),
        "removed": found.candidates.exclude(removed_for=""),
        "supplements": Supplement.objects.filter(campaign=campaign, school=found.school_id),
        "incidents": found.incidents.select_related("sitting", "candidate"),
        "listed": sum(rooms.values()),
        "sees_details": request.acting.is_one_of(SEES_SITE_DETAILS),
        "may_hold": request.acting.is_one_of(HOLDS_SITES),
        "is_open": campaign is not None and campaign.state != Campaign.State.CLOSED,
        "is_running": campaign is not None and campaign.state == Campaign.State.RUNNING,
    }
    return render(request, "exams/site.html", context)


@requires(SEES_SITE_DETAILS)
def lists(request: ActingRequest, site_id: int) -> HttpResponse:
    """Room lists and bag labels of a paper."""
    found = find_site(request, site_id)
    sitting = wanted_sitting(request, found)
    return _printed(request, found, f"danh-sach-phong-{sitting.subject}", lambda: room_lists(found, sitting))


@requires(HOLDS_SITES)
def sheets(request: ActingRequest, site_id: int) -> HttpResponse:
    """Answer sheets of a paper in one room."""
    found = find_site(request, site_id)
    sitting, room = wanted_sitting(request, found), wanted_room(request, rooms_of(found))
    name = f"phieu-{sitting.subject}-phong-{room or 0}"
    return _printed(request, found, name, lambda: answer_sheets(found, sitting, room or 0))


@requires(HOLDS_SITES)
def template(request: ActingRequest, site_id: int) -> HttpResponse:
    found = find_site(request, site_id)
    return save_as(marks_template(found), f"{_file_name(found)}-diem.xlsx")


@requires(HOLDS_SITES)
def arrive(request: ActingRequest, site_id: int) -> HttpResponse:
    found = find_site(request, site_id)
    form = ArrivalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        arrival = Arrival(facts["pupil_code"], request.acting.day, facts["room"])
        try:
            made = add_candidate(
                found.pk, arrival, reason=facts["reason"], by=request.user, at=timezone.now()
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, f"Đã bổ sung {made.full_name}, số báo danh {made.sbd}.")
            return redirect(f"{found.get_absolute_url()}?phong={made.room}")
    context = {"title": f"Bổ sung thí sinh: {found}", "forms": [form], "back": found.get_absolute_url()}
    return render(request, "shared/form.html", context | {"verb": "Bổ sung"})


@requires(HOLDS_SITES)
def candidate(request: ActingRequest, candidate_id: int) -> HttpResponse:
    found = _find(request, candidate_id)
    context = {"candidate": found, "room": RoomForm(), "removal": Because()}
    return render(request, "exams/candidate.html", context)


@requires(HOLDS_SITES)
@require_POST
def move(request: ActingRequest, candidate_id: int) -> HttpResponse:
    form = RoomForm(request.POST)
    return _changed(
        request,
        candidate_id,
        form,
        lambda: move_candidate(candidate_id, by=request.user, at=timezone.now(), **form.cleaned_data),
    )


@requires(HOLDS_SITES)
@require_POST
def remove(request: ActingRequest, candidate_id: int) -> HttpResponse:
    form = Because(request.POST)
    return _changed(
        request,
        candidate_id,
        form,
        lambda: remove_candidate(candidate_id, by=request.user, at=timezone.now(), **form.cleaned_data),
    )


def find_site(request: ActingRequest, site_id: int) -> Site:
    rows = sites_visible_to(request.acting).select_related("school", "exam__campaign")
    return get_object_or_404(rows, pk=site_id)


def wanted_sitting(request: ActingRequest, site: Site) -> Sitting:
    """The paper that the address asks for, else the first of the grade."""
    rows = Sitting.objects.filter(exam=site.exam_id).select_related("exam__campaign")
    subject = request.GET.get("mon")
    found = next((one for one in rows.order_by("day", "starts") if subject in {None, "", one.subject}), None)
    if found is None:
        raise Http404
    return found


def wanted_room(request: ActingRequest, rooms: dict[int, int]) -> int | None:
    """The room that the address asks for, else the first; none where nobody is listed."""
    text = request.GET.get("phong", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
    return number if number in rooms else next(iter(rooms), None)


def _printed(request: ActingRequest, site: Site, name: str, make: Callable[[], bytes]) -> HttpResponse:
    try:
        return save_as(make(), f"{_file_name(site)}-{name}.pdf")
    except InvalidInput as refusal:
        messages.error(request, str(refusal))
        return redirect(site)


def _file_name(site: Site) -> str:
    return unaccented(str(site)).replace(" ", "-").replace(",", "")


def _find(request: ActingRequest, candidate_id: int) -> Candidate:
    rows = candidates_visible_to(request.acting).select_related("site__school", "site__exam__campaign")
    return get_object_or_404(rows, pk=candidate_id)


def _changed(
    request: ActingRequest, candidate_id: int, form: StyledForm, act: Callable[[], Candidate]
) -> HttpResponse:
    found = _find(request, candidate_id)
    if not form.is_valid():
        messages.error(request, "Hãy nêu lí do (ít nhất 5 kí tự), và phòng nếu đổi phòng.")
        return redirect(found)
    return carried_out(request, found.site, act)
