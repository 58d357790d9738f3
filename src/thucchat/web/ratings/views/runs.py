"""Runs and ratings: the list, a ranking, one rating explained, publication, objections."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.custody.canonical import fingerprint
from thucchat.engine.vietnamese import vi_number
from thucchat.web.ledger.models import Decision
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.views.acts import carried_out
from thucchat.web.people.queries.holders import answers_for
from thucchat.web.ratings.actions import publishing as acts
from thucchat.web.ratings.forms import AnswerForm, ObjectionForm, PublishForm
from thucchat.web.ratings.models import Objection, Rating, RuleBook, Run
from thucchat.web.ratings.permissions import ANSWERS, MAKES_RATINGS, OBJECTS, SEES_RATINGS
from thucchat.web.ratings.queries.explanations import excluded_of
from thucchat.web.ratings.queries.parts import parts_of
from thucchat.web.ratings.queries.visible import ratings_visible_to
from thucchat.web.ratings.views.finding import open_runs, rating_of, run_of
from thucchat.web.ratings.views.papers import may_decide_on_teachers
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.lists import Column
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for, within

COLUMNS = [
    Column[Run]("Lần xếp loại", str),
    Column[Run]("Quy tắc", lambda row: f"bản {row.rules.version}"),
    Column[Run]("Tính lúc", lambda row: f"{timezone.localtime(row.made_at):%H:%M %d/%m/%Y}"),
    Column[Run]("Trạng thái", lambda row: row.get_state_display()),
]

RANKED = (Rating.Kind.DISTRICT, Rating.Kind.SCHOOL)
TEACHER_COLUMNS = [
    Column[Rating]("Giáo viên", lambda row: row.staff and row.staff.full_name),
    Column[Rating]("Trường", lambda row: row.unit.name),
    Column[Rating](
        "Điểm", lambda row: None if row.points is None else vi_number(row.points, 1), numeric=True
    ),
    Column[Rating](
        "Sai số", lambda row: None if row.points is None else vi_number(row.error, 1), numeric=True
    ),
    Column[Rating]("Xếp loại", lambda row: row.label or row.reason),
    Column[Rating]("Chắc chắn", lambda row: "có" if row.certain else "sát ranh giới" if row.label else None),
    Column[Rating]("Học sinh", lambda row: row.pupils, numeric=True),
]


@requires(SEES_RATINGS)
def runs(request: ActingRequest) -> HttpResponse:
    links = [(str(book), book.get_absolute_url()) for book in RuleBook.objects.all()[:3]]
    if request.acting.is_one_of(MAKES_RATINGS):
        links.insert(0, ("Lập bộ quy tắc", reverse("ratings:rules-write")))
    rows = open_runs(request)
    return list_or_file(request, "Xếp loại, xếp hạng", rows, COLUMNS, related=("rules",), actions=links)


@requires(SEES_RATINGS)
def run(request: ActingRequest, run_id: int) -> HttpResponse:
    found = run_of(request, run_id)
    rows = ratings_visible_to(request.acting, Run.objects.filter(pk=found.pk)).select_related("unit", "staff")
    is_maker = request.acting.is_one_of(MAKES_RATINGS)
    context = {
        "run": found,
        "kinds": [(kind, kind.label, list(rows.filter(kind=kind))) for kind in RANKED],
        "teachers": rows.filter(kind=Rating.Kind.TEACHER).count(),
        "papers": [*RANKED, *([Rating.Kind.TEACHER] if may_decide_on_teachers(request) else [])],
        "may_ask": is_maker and found.state == Run.State.COMPUTED,
        "form": PublishForm(),
        "decisions": _decisions(found) if is_maker else [],
    }
    return render(request, "ratings/run.html", context)


@requires(SEES_RATINGS)
def teachers(request: ActingRequest, run_id: int) -> HttpResponse:
    found = run_of(request, run_id)
    rows = ratings_visible_to(request.acting, Run.objects.filter(pk=found.pk))
    rows = rows.filter(kind=Rating.Kind.TEACHER).order_by("unit_path", "pk")
    return list_or_file(request, f"{found}: giáo viên", rows, TEACHER_COLUMNS, related=("unit", "staff"))


def _decisions(found: Run) -> list[Decision]:
    content = fingerprint(acts.publishing_content(found))
    return list(Decision.objects.filter(kind=Decision.Kind.PUBLISH, content=content))


@requires(MAKES_RATINGS)
@require_POST
def ask(request: ActingRequest, run_id: int) -> HttpResponse:
    found, form = run_of(request, run_id), PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu lý do (ít nhất 5 kí tự).")
        return redirect(found)
    reason, role = form.cleaned_data["reason"], request.acting.role
    return carried_out(
        request,
        found,
        lambda: acts.ask_to_publish(found, reason, by=request.user, role=role, at=timezone.now()),
    )


@requires(MAKES_RATINGS)
@require_POST
def publish_run(request: ActingRequest, run_id: int) -> HttpResponse:
    found = run_of(request, run_id)
    decision = next((one for one in _decisions(found) if one.state == Decision.State.APPROVED), None)
    if decision is None:
        messages.error(request, "Chưa có đề nghị công bố nào được duyệt.")
        return redirect(found)
    return carried_out(
        request, found, lambda: acts.publish(run_id, decision.pk, by=request.user, at=timezone.now())
    )


@requires(SEES_RATINGS)
def rating(request: ActingRequest, rating_id: int) -> HttpResponse:
    found = rating_of(request, rating_id)
    objections = found.objections.select_related("by", "answered_by")
    may_object = answers_for(request.user, found.staff, found.unit_id) and request.acting.is_one_of(OBJECTS)
    context = {
        "rating": found,
        "parts": parts_of(found),
        "excluded": excluded_of(found),
        "total": _ranked_with(found),
        "objections": objections,
        "form": ObjectionForm() if may_object and found.run.object_by else None,
        "answer": AnswerForm() if request.acting.is_one_of(ANSWERS) else None,
    }
    return render(request, "ratings/rating.html", context)


def _ranked_with(found: Rating) -> int:
    """How many were ranked in the province, few of whom the person may see."""
    with acting_for(Scope(WHOLE_PROVINCE)):
        return Rating.objects.filter(run=found.run, kind=found.kind).exclude(rank=None).count()


@requires(OBJECTS)
@require_POST
def make_objection(request: ActingRequest, rating_id: int) -> HttpResponse:
    found, form = rating_of(request, rating_id), ObjectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu số liệu nào chưa đúng và căn cứ.")
        return redirect(found)
    text = form.cleaned_data["text"]
    return carried_out(
        request, found, lambda: acts.object_to(found, text, by=request.user, at=timezone.now())
    )


@requires(ANSWERS)
@require_POST
def answer(request: ActingRequest, objection_id: int) -> HttpResponse:
    rows = Objection.objects.filter(within(Scope(request.acting.scope.path))).select_related("rating__run")
    found, form = get_object_or_404(rows, pk=objection_id), AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu căn cứ của câu trả lời.")
        return redirect(found.rating)
    text, upheld = form.cleaned_data["answer"], "uphold" in request.POST
    return carried_out(
        request,
        found.rating,
        lambda: acts.answer_objection(objection_id, text, upheld=upheld, by=request.user, at=timezone.now()),
    )
