"""Proposals: handing in, the paper beside what was read, its settling, its reviews."""

from base64 import b64encode

from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from thucchat.engine.errors import EngineError
from thucchat.engine.papers.blueprint import Blueprint, Level
from thucchat.engine.papers.model import Question
from thucchat.engine.papers.proposed import Proposed, Tag, levels_needed
from thucchat.engine.papers.writing.pdf import page_pictures
from thucchat.web.bank.actions.custody import read_openly
from thucchat.web.bank.actions.proposals import LARGEST, Handing, hand_in, review_proposal, settle, withdraw
from thucchat.web.bank.forms import PaperFileForm, ReviewForm
from thucchat.web.bank.models import Proposal, Round
from thucchat.web.bank.permissions import PROPOSES, REVIEWS, SEES_PROPOSALS
from thucchat.web.bank.queries.rounds import blueprint_of
from thucchat.web.bank.queries.shown import ShownQuestion, shown_questions
from thucchat.web.bank.queries.visible import proposals_visible_to
from thucchat.web.bank.views.units import unit_of
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.fonts import font_folders


@csrf_exempt  # only until the upload handlers are set; `_hand_in` checks the token
@requires(PROPOSES)
@require_POST
def hand_in_paper(request: ActingRequest, round_id: int) -> HttpResponse:
    """The upload stays in memory, whatever its size: no word of a paper is written to a disk unencrypted."""
    found = get_object_or_404(Round.objects.select_related("blueprint"), pk=round_id)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + 2**16:
        messages.error(request, f"Tệp vượt {LARGEST >> 20} MB; hãy nén hình trong Word.")
        return redirect(found)
    request.upload_handlers = [InMemory(request)]
    return _hand_in(request, found)


class InMemory(MemoryFileUploadHandler):
    """Keeps every file in memory: the size was checked before."""

    def handle_raw_input(self, *_: object, **__: object) -> None:
        self.activated = True


@csrf_protect
def _hand_in(request: ActingRequest, found: Round) -> HttpResponse:
    form = PaperFileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Hãy chọn tệp đề Word (.docx).")
        return redirect(found)
    content = form.cleaned_data["file"].read()
    handing = Handing(unit_of(request.acting), request.user, timezone.now())
    try:
        proposal = hand_in(found, content, handing)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(found)
    messages.success(request, f"Đã nhận đề {proposal.code}. Mã biên nhận: {proposal.sha256}.")
    return redirect(proposal)


@requires(SEES_PROPOSALS)
def proposal(request: ActingRequest, proposal_id: int) -> HttpResponse:
    found = _find(request, proposal_id)
    is_author = found.author_id == request.user.pk
    may_read = found.is_readable and (is_author or request.acting.is_one_of(REVIEWS))
    context = {
        "proposal": found,
        "reviews": found.reviews.select_related("by"),
        "is_author": is_author,
        "may_read": may_read,
        "review": ReviewForm() if may_read and not is_author else None,
    }
    if may_read:
        content = read_openly(found)
        blueprint = blueprint_of(found.round)
        context |= {
            "rows": _rows(content, blueprint),
            "lines": [
                (number, f"{line.topic}: {line.content}") for number, line in enumerate(blueprint.lines)
            ],
            "levels": [level.value for level in Level],
            "pictures": _pictures(content.file) if "in" in request.GET else None,
        }
    response = render(request, "bank/proposal.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _rows(content: Proposed, blueprint: Blueprint) -> list[dict[str, object]]:
    """Each question with what its author settled, in the order of the paper."""
    shown = shown_questions(content.paper().questions)
    return [_row(one, content.tags.get(one.place), blueprint) for one in shown]


def _row(one: ShownQuestion, tag: Tag | None, blueprint: Blueprint) -> dict[str, object]:
    needed = levels_needed(one.question)
    levels = tag.levels if tag else ()
    return {
        "shown": one,
        "question": one.question,
        "line": tag.line if tag else None,
        "content": blueprint.lines[tag.line].content if tag and tag.line < len(blueprint.lines) else "",
        "levels": [
            (f"level-{one.place}-{number}", levels[number].value if number < len(levels) else "")
            for number in range(needed)
        ],
    }


def _pictures(file: bytes) -> list[str]:
    """Pages as data, inside the page itself: no address of a page picture exists."""
    try:
        return [
            f"data:image/png;base64,{b64encode(one).decode()}" for one in page_pictures(file, font_folders())
        ]
    except EngineError:
        return []


@requires(PROPOSES)
@require_POST
def settle_paper(request: ActingRequest, proposal_id: int) -> HttpResponse:
    found = _find(request, proposal_id)
    keys = {
        int(name[4:]): str(value)
        for name, value in request.POST.items()
        if name.startswith("key-") and name[4:].isdecimal() and 1 <= int(name[4:]) <= found.questions
    }

    def act() -> None:
        tags = _tags(request.POST, read_openly(found).paper().questions)
        settle(proposal_id, keys, tags, by=request.user, at=timezone.now())

    return carried_out(request, found, act)


def _tags(posted: QueryDict, questions: tuple[Question, ...]) -> dict[int, Tag]:
    """Tags that are whole: a line and every level."""
    found = {}
    for place, question in enumerate(questions, 1):
        line = posted.get(f"line-{place}", "")
        names = [f"level-{place}-{number}" for number in range(levels_needed(question))]
        levels = [posted.get(name, "") for name in names]
        if line.isascii() and line.isdigit() and len(line) < 4 and all(one in tuple(Level) for one in levels):
            found[place] = Tag(int(line), tuple(map(Level, levels)))
    return found


@requires(REVIEWS)
@require_POST
def review(request: ActingRequest, proposal_id: int) -> HttpResponse:
    found = _find(request, proposal_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy chọn kết luận.")
        return redirect(found)
    said = form.cleaned_data
    return carried_out(
        request,
        found,
        lambda: review_proposal(
            proposal_id, approves=said["approves"], remark=said["remark"], by=request.user, at=timezone.now()
        ),
    )


@requires(PROPOSES)
@require_POST
def take_back(request: ActingRequest, proposal_id: int) -> HttpResponse:
    found = _find(request, proposal_id)
    return carried_out(request, found, lambda: withdraw(proposal_id, by=request.user, at=timezone.now()))


def _find(request: ActingRequest, proposal_id: int) -> Proposal:
    rows = proposals_visible_to(request.acting).select_related("round__blueprint__subject", "unit", "author")
    return get_object_or_404(rows, pk=proposal_id)
