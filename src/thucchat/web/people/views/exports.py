"""Every list as Excel or CSV, with the filters of its page."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thucchat.web.org.acting import ActingRequest, View, requires
from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE, SEES_TREE
from thucchat.web.people.actions.exports import file_name
from thucchat.web.people.forms import ClassFilter, PupilFilter, SchoolFilter, StaffFilter
from thucchat.web.people.models import ExportedFile
from thucchat.web.people.permissions import SEES_CLASSES, SEES_PUPILS, SEES_STAFF
from thucchat.web.people.queries.lists import EXPORTS, Wanted, count_rows, export_rows
from thucchat.web.people.queries.visible import year_of
from thucchat.web.shared.downloads import download
from thucchat.web.shared.jobs import start_work
from thucchat.web.shared.models import Work
from thucchat.web.shared.spreadsheets.writing import Form, write_list

AT_ONCE = 2_000  # rows; longer lists are written in the background


def export_view(kind: str, roles: frozenset[Role], filters: type[SchoolFilter]) -> View:
    """The export of one list, for the roles that see it."""

    def view(request: ActingRequest, form: str) -> HttpResponse:
        if form not in tuple(Form):
            raise Http404
        wanted = _wanted(request, filters)
        if count_rows(kind, request.acting.scope, wanted) > AT_ONCE:
            return redirect(_start(request, kind, form, wanted))
        content = write_list(export_rows(kind, request.acting.scope, wanted), Form(form))
        return download(content, file_name(EXPORTS[kind].title, Form(form), request.acting.day), Form(form))

    return requires(roles)(view)


def _wanted(request: ActingRequest, filters: type[SchoolFilter]) -> Wanted:
    """The filters of the list page, as its address gives them; what is not valid is left out."""
    chosen = filters(request.GET, acting=request.acting)
    chosen.is_valid()
    facts: dict[str, Any] = chosen.cleaned_data
    this_year = None if facts.get("nam_hoc") else year_of(request.acting.day)
    return Wanted(
        q=facts.get("q") or "",
        path=facts["truong"].unit_path if facts.get("truong") else "",
        grade=int(facts["khoi"]) if facts.get("khoi") else None,
        status=facts.get("trang_thai") or "",
        year=this_year.pk if this_year else facts.get("nam_hoc") or "",
        position=facts.get("vi_tri") or "",
    )


def _start(request: ActingRequest, kind: str, form: str, wanted: Wanted) -> str:
    scope = request.acting.scope
    work = start_work(
        "people.export",
        title=f"Xuất {EXPORTS[kind].title.lower()} ra tệp {form.upper()}",
        acting=request.acting,
        again=request.get_full_path(),
        list=kind,
        form=form,
        wanted=asdict(wanted),
        path=scope.path,
        classes=list(scope.classes),
        user_id=request.user.pk,
    )
    return work.get_absolute_url()


units = export_view("units", SEES_TREE, SchoolFilter)
pupils = export_view("pupils", SEES_PUPILS, PupilFilter)
staff = export_view("staff", SEES_STAFF, StaffFilter)
classes = export_view("classes", SEES_CLASSES, ClassFilter)
assignments = export_view("assignments", SEES_CLASSES, ClassFilter)


@requires(EVERYONE)
def exported(request: ActingRequest, file_id: int) -> HttpResponse:
    """A file written in the background, for its asker; or the word that a later one replaced it."""
    file = ExportedFile.objects.filter(pk=file_id, owner=request.user).first()
    if file is None:
        work = get_object_or_404(Work, owner=request.user, result_url=request.path)
        return render(request, "people/export_gone.html", {"work": work}, status=HTTPStatus.GONE)
    return download(bytes(file.content), file.name, Form(file.name.rpartition(".")[2]))
