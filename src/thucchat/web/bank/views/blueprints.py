"""Blueprints: the list, the editor, files both ways, papers put together from the bank."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.papers.blueprint import (
    KIND_NAMES,
    KINDS,
    PLACES,
    WORTH,
    Blueprint,
    Level,
    Line,
    Place,
    by_kind,
    by_level,
)
from thucchat.engine.papers.blueprint_checks import blueprint_faults
from thucchat.engine.papers.blueprint_docx import blueprint_to_docx
from thucchat.engine.papers.blueprint_plain import blueprint_from_plain, place_key
from thucchat.engine.papers.blueprint_xlsx import blueprint_to_xlsx
from thucchat.engine.vietnamese import vi_number
from thucchat.web.bank.actions.assembling import put_together, take_forms
from thucchat.web.bank.actions.blueprints import keep, lines_from_grid, read_file, rewrite
from thucchat.web.bank.forms import AssembleForm, BlueprintFileForm
from thucchat.web.bank.models import Blueprint as Kept
from thucchat.web.bank.models import Item
from thucchat.web.bank.permissions import EDITS_BLUEPRINTS, SEES_ITEMS, SEES_ROUNDS, WRITES_ITEMS
from thucchat.web.bank.queries.visible import items_visible_to
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.shared.downloads import list_or_file, save_as
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column

SPARE_LINES = 3  # empty ones at the end of the editor
COLUMNS = [
    Column[Kept]("Ma trận", lambda row: row.title),
    Column[Kept]("Môn", lambda row: row.subject.name),
    Column[Kept]("Khối", lambda row: row.grade, numeric=True),
    Column[Kept]("Ngày lập", lambda row: f"{timezone.localtime(row.made_at):%d/%m/%Y}"),
]


@requires(SEES_ROUNDS)
def blueprints(request: ActingRequest) -> HttpResponse:
    may_edit = request.acting.is_one_of(EDITS_BLUEPRINTS)
    links = [("Thêm ma trận", reverse("bank:blueprint-add"))] if may_edit else []
    rows = Kept.objects.all()
    return list_or_file(request, "Ma trận đề", rows, COLUMNS, related=("subject",), actions=links)


@requires(EDITS_BLUEPRINTS)
def add(request: ActingRequest) -> HttpResponse:
    form = BlueprintFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            read = read_file(facts["file"].read()) if facts["file"] else Blueprint(facts["title"], ())
        except RuleBroken as broken:
            form.add_error("file", str(broken))
        else:
            kept = keep(
                read, title=facts["title"], subject=facts["subject"], grade=facts["grade"], by=request.user
            )
            return redirect("bank:blueprint-edit", kept.pk)
    context = {"title": "Thêm ma trận đề", "forms": [form], "is_multipart": True, "verb": "Đọc tệp"}
    return render(request, "shared/form.html", context | {"back": reverse("bank:blueprints")})


@requires(SEES_ROUNDS)
def blueprint(request: ActingRequest, blueprint_id: int) -> HttpResponse:
    kept = get_object_or_404(Kept.objects.select_related("subject", "made_by"), pk=blueprint_id)
    return render(request, "bank/blueprint.html", _page(request, kept))


@requires(EDITS_BLUEPRINTS)
def edit(request: ActingRequest, blueprint_id: int) -> HttpResponse:
    kept = get_object_or_404(Kept.objects.select_related("subject"), pk=blueprint_id)
    model = blueprint_from_plain(kept.content)
    if request.method == "POST":
        try:
            rewrite(kept, lines_from_grid(request.POST, model.lines))
        except RuleBroken as broken:
            messages.error(request, str(broken))
            return redirect("bank:blueprint-edit", kept.pk)
        messages.success(request, "Đã ghi ma trận.")
        return redirect(kept)
    rows = [*model.lines, *[Line("", "", {})] * SPARE_LINES]
    context = {
        "blueprint": kept,
        "kinds": _headings(),
        "lines": [_editable(number, line) for number, line in enumerate(rows)],
    }
    return render(request, "bank/blueprint_edit.html", context)


@requires(SEES_ROUNDS)
def download(request: ActingRequest, blueprint_id: int) -> HttpResponse:
    """The matrix with its specification as a file: ?dang=xlsx or docx."""
    kept = get_object_or_404(Kept, pk=blueprint_id)
    model = blueprint_from_plain(kept.content)
    writers = {"xlsx": blueprint_to_xlsx, "docx": blueprint_to_docx}
    kind = request.GET.get("dang", "xlsx")
    if kind not in writers:
        raise Http404
    return save_as(writers[kind](model), f"ma-tran-{kept.pk}.{kind}")


@requires(WRITES_ITEMS)
@require_POST
def assemble(request: ActingRequest, blueprint_id: int) -> HttpResponse:
    kept = get_object_or_404(Kept.objects.select_related("subject", "made_by"), pk=blueprint_id)
    form = AssembleForm(request.POST)
    context = _page(request, kept)
    if form.is_valid():
        try:
            put = put_together(kept, form.cleaned_data["forms_wanted"], request.acting)
        except RuleBroken as broken:
            messages.error(request, str(broken))
            return redirect(kept)
        rows = items_visible_to(request.acting).in_bulk([pk for one in put.forms for pk in one])
        context |= {
            "made": [[rows[pk] for pk in one] for one in put.forms],
            "chosen": ";".join(",".join(map(str, one)) for one in put.forms),
            "shortages": [(one.cell.replace("|", ", "), one.missing) for one in put.shortages],
        }
    return render(request, "bank/blueprint.html", context | {"assemble": form})


@requires(WRITES_ITEMS)
@require_POST
def take(request: ActingRequest, blueprint_id: int) -> HttpResponse:
    """The forms just shown, as Word files; their items are frozen from now on."""
    kept = get_object_or_404(Kept, pk=blueprint_id)
    forms = [part.split(",") for part in request.POST.get("chosen", "").split(";") if part]
    if not forms or not all(one.isascii() and one.isdigit() for form in forms for one in form):
        messages.error(request, "Hãy ghép đề trước khi lấy tệp.")
        return redirect(kept)
    numbers = [[int(one) for one in form] for form in forms]
    try:
        content = take_forms(kept, numbers, acting=request.acting, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(kept)
    return save_as(content, f"de-ghep-{kept.pk}.zip")


def _page(request: ActingRequest, kept: Kept) -> dict[str, object]:
    model = blueprint_from_plain(kept.content)
    points = model.points()
    ready = items_visible_to(request.acting).filter(
        subject=kept.subject_id, grade=kept.grade, state=Item.State.READY
    )
    may_assemble = request.acting.is_one_of(WRITES_ITEMS)
    sees_items = request.acting.is_one_of(SEES_ITEMS)
    return {
        "blueprint": kept,
        "kinds": _headings(),
        "lines": [(line, [_shown(line, place) for place in PLACES], _outcomes(line)) for line in model.lines],
        "foot": [vi_number(count) if count else "" for count in model.counts().values()],
        "by_kind": [(KIND_NAMES[kind], value) for kind, value in by_kind(points).items() if value],
        "by_level": [(level.value, value) for level, value in by_level(points).items()],
        "faults": [fault.message for fault in blueprint_faults(model)],
        "may_edit": request.acting.is_one_of(EDITS_BLUEPRINTS) and not kept.rounds.exists(),
        "assemble": AssembleForm() if may_assemble else None,
        "ready": ready.count() if sees_items else None,
    }


def _headings() -> list[tuple[str, list[str]]]:
    return [(KIND_NAMES[kind], [level.value for level in Level]) for kind in KINDS]


def _shown(line: Line, place: Place) -> str:
    cell = line.cells.get(place)
    if cell is None or not cell.count:
        return ""
    return f"{cell.count}" if cell.points is None else f"{cell.count} ({vi_number(cell.points)}đ)"


def _outcomes(line: Line) -> list[tuple[str, tuple[str, ...]]]:
    return [(level.value, texts) for level, texts in line.outcomes.items() if texts]


def _editable(number: int, line: Line) -> dict[str, object]:
    cells = []
    for place in PLACES:
        cell = line.cells.get(place)
        points = "" if cell is None or cell.points is None else vi_number(cell.points)
        cells.append(
            {
                "name": f"{place_key(place)}-{number}",
                "points_name": f"{place_key(place)}-points-{number}",
                "label": f"Dòng {number + 1}, {KIND_NAMES[place[0]]}, {place[1]}",
                "count": cell.count if cell and cell.count else "",
                "points": points,
                "has_points": place[0] not in WORTH or bool(points),
            }
        )
    outcomes = [
        (level.value, f"{level.value}-outcome-{number}", "\n".join(line.outcomes.get(level, ())))
        for level in Level
    ]
    return {"number": number, "line": line, "cells": cells, "outcomes": outcomes}
