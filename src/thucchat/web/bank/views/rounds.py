"""Rounds: the list, one round, its custodians, its opening and the freezing of its list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.web.bank.actions.freezing import freeze
from thucchat.web.bank.actions.rounds import name_custodian, open_round, prepare_round
from thucchat.web.bank.forms import CustodianForm, NumberForm, PaperFileForm, ReasonForm, RoundForm
from thucchat.web.bank.models import Draw, Pledge, Round
from thucchat.web.bank.permissions import HOLDS_ROUNDS, PROPOSES, REVIEWS, SEES_PROPOSALS, SEES_ROUNDS
from thucchat.web.bank.queries.rounds import faults_of, handed_in_by_unit
from thucchat.web.bank.queries.visible import proposals_visible_to
from thucchat.web.bank.views.units import unit_of
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column

State = Round.State
COLUMNS = [
    Column[Round]("Kì", lambda row: row.title),
    Column[Round]("Môn", lambda row: row.blueprint.subject.name),
    Column[Round]("Khối", lambda row: row.blueprint.grade, numeric=True),
    Column[Round]("Hạn nộp đề", lambda row: f"{timezone.localtime(row.propose_by):%H:%M %d/%m/%Y}"),
    Column[Round]("Mở niêm phong từ", lambda row: f"{timezone.localtime(row.opens_at):%H:%M %d/%m/%Y}"),
    Column[Round]("Trạng thái", lambda row: row.get_state_display()),
]


@requires(SEES_ROUNDS)
def rounds(request: ActingRequest) -> HttpResponse:
    links = [("Ma trận đề", reverse("bank:blueprints"))]
    if request.acting.is_one_of(HOLDS_ROUNDS):
        links.append(("Lập kì mới", reverse("bank:round-add")))
    rows = Round.objects.all()
    related = ("blueprint__subject",)
    return list_or_file(request, "Đề đề xuất và bốc thăm", rows, COLUMNS, related=related, actions=links)


@requires(HOLDS_ROUNDS)
def add(request: ActingRequest) -> HttpResponse:
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values, blueprint = form.facts
        try:
            made = prepare_round(values, blueprint, by=request.user, at=timezone.now())
        except RuleBroken as broken:
            form.add_error("blueprint", str(broken))
        else:
            messages.success(request, "Đã lập kì. Hãy cử những người giữ khoá.")
            return redirect(made)
    context = {"title": "Lập kì đề xuất và bốc thăm", "forms": [form], "back": reverse("bank:rounds")}
    return render(request, "shared/form.html", context | {"verb": "Lập kì"})


@requires(SEES_ROUNDS)
def round_page(request: ActingRequest, round_id: int) -> HttpResponse:
    found = _find(round_id)
    acting, now = request.acting, timezone.now()
    is_holder = acting.is_one_of(HOLDS_ROUNDS)
    rows = proposals_visible_to(acting).filter(round=found).select_related("unit", "author")
    draws = list(found.draws.all())
    may_propose = acting.is_one_of(PROPOSES)
    is_collecting = found.state == State.COLLECTING
    is_over = bool(draws) and draws[-1].state == Draw.State.DRAWN
    context = {
        "round": found,
        "custodians": found.custodians.all(),
        "draws": draws,
        "proposals": rows if acting.is_one_of(SEES_PROPOSALS) else None,
        "units": handed_in_by_unit(found) if acting.is_one_of(REVIEWS) else None,
        "faults": faults_of(found) if is_over else None,
        "custodian_form": CustodianForm() if is_holder and found.state == State.PREPARING else None,
        "may_open": is_holder and found.state == State.PREPARING,
        "may_freeze": is_holder and is_collecting,
        "is_past": now > found.propose_by,
        "paper_form": PaperFileForm() if may_propose and is_collecting and now <= found.propose_by else None,
        "pledge_form": NumberForm() if may_propose and _takes_pledges(found, draws) else None,
        "pledged": _pledged(found, draws, request) if may_propose else None,
        "again_form": ReasonForm() if is_holder and is_over else None,
    }
    return render(request, "bank/round.html", context)


def _takes_pledges(found: Round, draws: list[Draw]) -> bool:
    return found.state == State.COLLECTING or (bool(draws) and draws[-1].state == Draw.State.DRAWN)


def _pledged(found: Round, draws: list[Draw], request: ActingRequest) -> Pledge | None:
    unit = unit_of(request.acting)
    return Pledge.objects.filter(round=found, number=len(draws) + 1, unit=unit).first()


@requires(HOLDS_ROUNDS)
@require_POST
def custodian(request: ActingRequest, round_id: int) -> HttpResponse:
    found = _find(round_id)
    form = CustodianForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy điền đủ họ tên, cơ quan và khoá công khai.")
        return redirect(found)
    return carried_out(request, found, lambda: name_custodian(round_id, **form.cleaned_data))


@requires(HOLDS_ROUNDS)
@require_POST
def open_to_units(request: ActingRequest, round_id: int) -> HttpResponse:
    found = _find(round_id)
    return carried_out(request, found, lambda: open_round(round_id, by=request.user, at=timezone.now()))


@requires(HOLDS_ROUNDS)
@require_POST
def freeze_list(request: ActingRequest, round_id: int) -> HttpResponse:
    found = _find(round_id)
    try:
        draw = freeze(round_id, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(found)
    messages.success(request, "Đã chốt danh sách và công bố. Hãy đọc to và niêm yết mã thông báo.")
    return redirect(draw)


def _find(round_id: int) -> Round:
    return get_object_or_404(Round.objects.select_related("blueprint__subject"), pk=round_id)
