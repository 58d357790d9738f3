"""The draw: pledges, the public page of each draw, what happens in the meeting, opening what was drawn."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.documents.pdf import to_pdf
from thucchat.engine.papers.draw.printed import printed_minutes
from thucchat.engine.papers.draw.seed import new_value
from thucchat.engine.papers.draw.text import announcement_text, minutes_text
from thucchat.web.bank.actions.drawing import close_reveals, hold_draw, reveal
from thucchat.web.bank.actions.freezing import announce_again
from thucchat.web.bank.actions.opening import Wish, ask_to_open, open_and_shuffle
from thucchat.web.bank.actions.rounds import pledge
from thucchat.web.bank.forms import AskToOpenForm, ChanceForm, NumberForm, OpenForm, ReasonForm, ValueForm
from thucchat.web.bank.models import Draw, Pledge, Round
from thucchat.web.bank.permissions import HOLDS_ROUNDS, OPENS_SEALS, PROPOSES, SEES_ROUNDS
from thucchat.web.bank.queries.openings import openings_of
from thucchat.web.bank.queries.rounds import announcement_of, minutes_of
from thucchat.web.bank.views.units import unit_of
from thucchat.web.ledger.queries.roots import latest_root
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import Unit
from thucchat.web.org.views.acts import carried_out
from thucchat.web.shared.downloads import save_as
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.fonts import font_folders

State = Draw.State


@requires(PROPOSES)
@require_POST
def make_pledge(request: ActingRequest, round_id: int) -> HttpResponse:
    """The value is shown once, on the page that answers; only its commitment is kept."""
    found = get_object_or_404(Round, pk=round_id)
    form = NumberForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nhập số do đơn vị tự chọn.")
        return redirect(found)
    value = new_value(form.cleaned_data["number"].strip())
    try:
        made = pledge(round_id, unit_of(request.acting), value, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(found)
    response = render(request, "bank/pledge.html", {"round": found, "value": value, "pledge": made})
    response.headers["Cache-Control"] = "no-store"
    return response


@requires(SEES_ROUNDS)
def draw(request: ActingRequest, draw_id: int) -> HttpResponse:
    found = _find(draw_id)
    acting = request.acting
    is_holder, is_drawn = acting.is_one_of(HOLDS_ROUNDS), found.state == State.DRAWN
    announcement = announcement_of(found)
    names = [source.name for source in announcement.sources if source.kind != "beacon"]
    unit = unit_of(acting) if acting.is_one_of(PROPOSES) else None
    own = Pledge.objects.filter(round=found.round, number=found.number, unit=unit).first() if unit else None
    may_reveal = own is not None and found.state == State.ANNOUNCED
    context = {
        "draw": found,
        "round": found.round,
        "announcement": announcement,
        "minutes": minutes_of(found) if is_drawn else None,
        "text": minutes_text(minutes_of(found)) if is_drawn else announcement_text(announcement),
        "opened": _opened(found),
        "own": own,
        "reveal_form": ValueForm() if may_reveal else None,
        "may_close": is_holder and found.state == State.ANNOUNCED,
        "chance_form": ChanceForm(names=names) if is_holder and found.state == State.CLOSED else None,
        "ask_form": AskToOpenForm() if acting.is_one_of(OPENS_SEALS) and is_drawn else None,
        "openings": openings_of(found) if acting.is_one_of(OPENS_SEALS) and is_drawn else [],
        "open_form": OpenForm(),
        "is_time": timezone.now() >= found.round.opens_at,
    }
    return render(request, "bank/draw.html", context)


def _opened(found: Draw) -> list[str]:
    """Units whose values are open, of those the database shows."""
    rows = Pledge.objects.filter(round=found.round, number=found.number).exclude(value="")
    return list(rows.values_list("unit__name", flat=True))


@requires(PROPOSES)
@require_POST
def reveal_value(request: ActingRequest, draw_id: int) -> HttpResponse:
    found, form = _find(draw_id), ValueForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nhập giá trị đã lưu khi cam kết.")
        return redirect(found)
    value, unit = form.cleaned_data["value"], unit_of(request.acting)
    return carried_out(
        request, found, lambda: reveal(draw_id, unit, value, by=request.user, at=timezone.now())
    )


@requires(HOLDS_ROUNDS)
@require_POST
def close(request: ActingRequest, draw_id: int) -> HttpResponse:
    found = _find(draw_id)
    return carried_out(request, found, lambda: close_reveals(draw_id, by=request.user, at=timezone.now()))


@requires(HOLDS_ROUNDS)
@require_POST
def hold(request: ActingRequest, draw_id: int) -> HttpResponse:
    found = _find(draw_id)
    sources = [one.name for one in announcement_of(found).sources if one.kind != "beacon"]
    form = ChanceForm(request.POST, names=sources)
    if not form.is_valid():
        messages.error(request, "Hãy nhập kết quả của mọi nguồn đã công bố.")
        return redirect(found)
    results = form.results
    return carried_out(
        request, found, lambda: hold_draw(draw_id, results, by=request.user, at=timezone.now())
    )


@requires(HOLDS_ROUNDS)
@require_POST
def again(request: ActingRequest, round_id: int) -> HttpResponse:
    found, form = get_object_or_404(Round, pk=round_id), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu lý do bốc thăm lại (ít nhất 5 kí tự).")
        return redirect(found)
    reason = form.cleaned_data["reason"]
    return carried_out(
        request, found, lambda: announce_again(round_id, reason, by=request.user, at=timezone.now())
    )


@requires(SEES_ROUNDS)
def download(request: ActingRequest, draw_id: int) -> HttpResponse:
    """?dang=json: the file that verifies; txt: as read out; pdf: the minutes to be signed."""
    found, kind = _find(draw_id), request.GET.get("dang", "json")
    name = f"{found.round.code}-lan-{found.number}.{kind}"
    is_drawn = found.state == State.DRAWN
    if kind == "json":
        return save_as((found.minutes or found.announcement).encode(), name)
    if kind == "txt":
        text = minutes_text(minutes_of(found)) if is_drawn else announcement_text(announcement_of(found))
        return save_as(text.encode(), name)
    if kind != "pdf" or not is_drawn:
        raise Http404
    root = latest_root()
    names = dict(Unit.objects.filter(code__in=announcement_of(found).weights).values_list("code", "name"))
    document = printed_minutes(minutes_of(found), names, root.printed if root else "")
    return save_as(to_pdf(document, font_folders()), name)


@requires(OPENS_SEALS)
@require_POST
def ask(request: ActingRequest, draw_id: int) -> HttpResponse:
    found, form = _find(draw_id), AskToOpenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy chọn đề và nêu lý do (ít nhất 5 kí tự).")
        return redirect(found)
    facts, role = form.cleaned_data, request.acting.role
    return carried_out(
        request,
        found,
        lambda: ask_to_open(
            found, facts["form"], facts["reason"], by=request.user, role=role, at=timezone.now()
        ),
    )


@requires(OPENS_SEALS)
@require_POST
def open_seal(request: ActingRequest, draw_id: int) -> HttpResponse:
    """Variants as one archive, made in memory, once for each leave."""
    found, form = _find(draw_id), OpenForm(request.POST)
    opening = next((one for one in openings_of(found) if str(one.pk) == request.POST.get("decision")), None)
    if not form.is_valid() or opening is None:
        messages.error(request, "Cần đề nghị đã duyệt, các mã đề và khoá của những người giữ khoá.")
        return redirect(found)
    wish = Wish(opening.form, form.cleaned_data["codes"], form.cleaned_data["secrets"])
    try:
        content = open_and_shuffle(found, wish, opening.pk, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(found)
    return save_as(content, f"{found.round.code}-de-{opening.form}.zip")


def _find(draw_id: int) -> Draw:
    return get_object_or_404(Draw.objects.select_related("round__blueprint__subject"), pk=draw_id)
