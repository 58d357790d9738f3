"""Documents of a run: notices, decisions with their lists, the explanation of one rating."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from thucchat.engine.documents.tree import Document
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import Unit
from thucchat.web.ratings.models import Rating, Run
from thucchat.web.ratings.permissions import SEES_RATINGS
from thucchat.web.ratings.queries.explanations import explanation_document_of
from thucchat.web.ratings.queries.notices import decision_document_of, notice_document_of
from thucchat.web.ratings.queries.visible import ratings_visible_to
from thucchat.web.ratings.views.finding import rating_of, run_of
from thucchat.web.shared.downloads import document_file
from thucchat.web.shared.jobs import start_work
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for

Kind = Rating.Kind


@requires(SEES_RATINGS)
def notice(request: ActingRequest, run_id: int) -> HttpResponse:
    """The notice of a ranking: ?loai=school or district, ?dang=pdf or docx."""
    found, kind = run_of(request, run_id), _kind(request)
    if kind == Kind.TEACHER:
        raise Http404

    def make() -> Document:
        with acting_for(Scope(WHOLE_PROVINCE)):  # a ranking is published whole: a part of it would mislead
            return notice_document_of(found, kind, _department(), request.acting.day)

    return document_file(request, make, f"xep-hang-{found.pk}-{kind}", back=found.get_absolute_url())


@requires(SEES_RATINGS)
def decision(request: ActingRequest, run_id: int) -> HttpResponse:
    """The decision on ?loai=school or district, the department's; on teacher, that of their school."""
    found, kind = run_of(request, run_id), _kind(request)
    make = _on_teachers(request, found) if kind == Kind.TEACHER else _on_units(request, found, kind)
    return document_file(request, make, f"quyet-dinh-{found.pk}-{kind}", back=found.get_absolute_url())


@requires(SEES_RATINGS)
def explanation(request: ActingRequest, rating_id: int) -> HttpResponse:
    """?dang=pdf or docx."""
    found = rating_of(request, rating_id)
    return document_file(
        request,
        lambda: explanation_document_of(found, _department(), request.acting.day),
        f"giai-thich-{found.pk}",
        back=found.get_absolute_url(),
    )


@requires(SEES_RATINGS)
def pupils(request: ActingRequest, rating_id: int) -> HttpResponse:
    """Every pupil of the rating, counted or not, as a file to recompute from; written in the background."""
    found = rating_of(request, rating_id)
    work = start_work(
        "ratings.pupils",
        title=f"Ghi danh sách học sinh được tính của {found.called}",
        acting=request.acting,
        again=request.path,
        rating_id=found.pk,
        path=request.acting.scope.path,
        user_id=request.user.pk,
    )
    return redirect(work)


def _kind(request: ActingRequest) -> Rating.Kind:
    wanted = request.GET.get("loai", Kind.SCHOOL.value)
    if wanted not in Kind.values:
        raise Http404
    return Kind(wanted)


def _department() -> Unit:
    return Unit.objects.get(kind=Unit.Kind.PROVINCE)


def _on_units(request: ActingRequest, found: Run, kind: Rating.Kind) -> Callable[[], Document]:
    def make() -> Document:
        with acting_for(Scope(WHOLE_PROVINCE)):  # as the notice
            rows = found.ratings.filter(kind=kind).select_related("unit")
            return decision_document_of(found, kind, _department(), rows, day=request.acting.day)

    return make


def _on_teachers(request: ActingRequest, found: Run) -> Callable[[], Document]:
    """A school's own; a teacher, who sees nobody but himself, is shown none."""
    if not may_decide_on_teachers(request):
        raise Http404
    rows = ratings_visible_to(request.acting, Run.objects.filter(pk=found.pk)).filter(kind=Kind.TEACHER)
    return lambda: decision_document_of(
        found, Kind.TEACHER, request.acting.unit, rows.select_related("unit", "staff"), day=request.acting.day
    )


def may_decide_on_teachers(request: ActingRequest) -> bool:
    """Whether the person sees all the teachers of one school."""
    return request.acting.unit.is_school and not request.acting.scope.classes
