"""Importing a file: upload, map, look, apply, undo; and the blank templates."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from thucchat.engine.errors import InvalidInput
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.people.actions.imports import batches
from thucchat.web.people.actions.imports.batches import Upload
from thucchat.web.people.forms_imports import MappingForm, UploadForm
from thucchat.web.people.importers.kinds import KINDS
from thucchat.web.people.importers.tables import heading_row
from thucchat.web.people.models import ImportBatch
from thucchat.web.people.permissions import MAY_IMPORT
from thucchat.web.people.queries.previews import (
    PROBLEM_HEADINGS,
    all_problems,
    batches_visible_to,
    preview_page,
    tabs_of,
)
from thucchat.web.shared.downloads import download
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.jobs import start_work
from thucchat.web.shared.lists import Column, page_of
from thucchat.web.shared.spreadsheets.writing import Form, List, write_list

State = ImportBatch.State
COLUMNS = [
    Column[ImportBatch]("Tệp", lambda batch: batch.file_name),
    Column[ImportBatch]("Danh sách", lambda batch: batch.get_kind_display()),
    Column[ImportBatch]("Đơn vị", lambda batch: (batch.school or batch.unit).name),
    Column[ImportBatch]("Trạng thái", lambda batch: batch.get_state_display()),
    Column[ImportBatch]("Số dòng", lambda batch: batch.counts.get("rows"), numeric=True),
    Column[ImportBatch]("Người tải lên", lambda batch: batch.owner.full_name),
    Column[ImportBatch]("Lúc", lambda batch: f"{batch.created_at:%d/%m/%Y}"),
]


@requires(MAY_IMPORT)
def imports(request: ActingRequest) -> HttpResponse:
    page = page_of(batches_visible_to(request.acting), request, COLUMNS, related=("unit", "school", "owner"))
    return render(
        request, "people/imports.html", {"title": "Nhập dữ liệu", "page": page, "kinds": KINDS.values()}
    )


@requires(MAY_IMPORT)
def upload(request: ActingRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, acting=request.acting)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _take(request, form)
        except (InvalidInput, RuleBroken) as refusal:
            form.add_error("file" if isinstance(refusal, InvalidInput) else "effective_on", str(refusal))
        else:
            return redirect(_start(request, "read", f"Đọc tệp {batch.file_name}", batch))
    context = {
        "title": "Nhập danh sách từ tệp",
        "forms": [form],
        "is_multipart": True,
        "verb": "Tải lên và kiểm tra",
    }
    return render(request, "people/import_new.html", context | {"kinds": KINDS.values()})


def _take(request: ActingRequest, form: UploadForm) -> ImportBatch:
    facts = form.cleaned_data
    file = facts["file"]
    handed_in = Upload(
        kind=facts["kind"],
        file_name=file.name,
        data=file.read(),
        school=facts.get("school"),
        school_year=facts["school_year"],
        effective_on=facts["effective_on"],
    )
    return batches.upload_file(handed_in, unit=request.acting.unit, by=request.user)


def _start(request: ActingRequest, step: str, title: str, batch: ImportBatch) -> str:
    """Queue the next step; returns the address of its progress."""
    work = start_work(
        f"people.{step}_import",
        title=title,
        acting=request.acting,
        batch_id=batch.pk,
        user_id=request.user.pk,
    )
    return work.get_absolute_url()


@requires(MAY_IMPORT)
def detail(request: ActingRequest, batch_id: int) -> HttpResponse:
    batch = _find(request, batch_id)
    if batch.state == State.READ:
        return redirect("people:import-map", batch.pk)
    number = request.GET.get("trang", "1")
    has_preview = batch.state in {State.PREVIEWED, State.APPLIED, State.UNDONE}
    context = {
        "batch": batch,
        "tabs": tabs_of(batch),
        "page": preview_page(batch, request.GET.get("xem", ""), int(number) if number.isdecimal() else 1)
        if has_preview
        else None,
        "may_apply": batch.state == State.PREVIEWED and not batch.counts["errors"],
        "changes": batch.counts.get("new", 0) + batch.counts.get("changed", 0),
    }
    return render(request, "people/import.html", context)


@requires(MAY_IMPORT)
def map_columns(request: ActingRequest, batch_id: int) -> HttpResponse:
    batch = _find(request, batch_id)
    form = MappingForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        try:
            batches.map_columns(batch.pk, form.mapping, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return redirect(_start(request, "preview", f"Kiểm tra tệp {batch.file_name}", batch))
    context = {
        "title": f"Ghép cột của tệp {batch.file_name}",
        "note": "Chọn mỗi cột của tệp là thông tin nào. Lựa chọn được nhớ cho lần sau với tệp cùng mẫu.",
        "forms": [form],
        "verb": "Kiểm tra dữ liệu",
    }
    return render(request, "shared/form.html", context)


def _step(step: str, title: str) -> Callable[..., HttpResponse]:
    """A button that starts a background step."""

    @require_POST
    def view(request: ActingRequest, batch_id: int) -> HttpResponse:
        batch = _find(request, batch_id)
        return redirect(_start(request, step, f"{title} {batch.file_name}", batch))

    return view


preview = requires(MAY_IMPORT)(_step("preview", "Xem lại tệp"))
apply = requires(MAY_IMPORT)(_step("apply", "Ghi tệp"))
undo = requires(MAY_IMPORT)(_step("undo", "Hoàn tác tệp"))


@requires(MAY_IMPORT)
@require_POST
def drop(request: ActingRequest, batch_id: int) -> HttpResponse:
    try:
        batches.drop_import(_find(request, batch_id).pk)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "Đã bỏ lần nhập này; dữ liệu không thay đổi.")
    return redirect("people:imports")


@requires(MAY_IMPORT)
def problems(request: ActingRequest, batch_id: int) -> HttpResponse:
    """Every error and warning as a workbook, to be worked through beside the file."""
    batch = _find(request, batch_id)
    if batch.state not in {State.PREVIEWED, State.APPLIED, State.UNDONE}:
        raise Http404
    content = List("Lỗi và lưu ý", PROBLEM_HEADINGS, all_problems(batch).iter_rows())
    return download(write_list(content, Form.XLSX), f"Lỗi của lần nhập {batch.pk}.xlsx", Form.XLSX)


@requires(MAY_IMPORT)
def template(_request: ActingRequest, kind: str) -> HttpResponse:
    """A blank workbook with our headings and one example row."""
    if kind not in KINDS:
        raise Http404
    examples = [field.example.strip() for field in KINDS[kind].fields if field.example]
    content = List(KINDS[kind].label, heading_row(KINDS[kind]), [examples])
    return download(write_list(content, Form.XLSX), f"Mẫu {KINDS[kind].label}.xlsx", Form.XLSX)


def _find(request: ActingRequest, batch_id: int) -> ImportBatch:
    rows = batches_visible_to(request.acting).select_related(
        "unit", "school", "owner", "school_year", "applied_by", "undone_by"
    )
    return get_object_or_404(rows, pk=batch_id)
