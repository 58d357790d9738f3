"""Files of results: handed in, looked at, written, taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from thucchat.web.exams.actions.uploading import receive_file
from thucchat.web.exams.forms import ApplyForm, FileForm, UndoForm
from thucchat.web.exams.models import Exam, ResultImport
from thucchat.web.exams.permissions import IMPORTS_RESULTS, SEES_IMPORTS
from thucchat.web.exams.queries.imports import SHOWN, imports_visible_to, shown_lines
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.jobs import start_work
from thucchat.web.shared.lists import Column

State = ResultImport.State
COLUMNS = [
    Column[ResultImport]("Tệp", lambda batch: batch.file_name),
    Column[ResultImport]("Kì thi", lambda batch: batch.exam.name if batch.exam else "Bảng toàn quốc"),
    Column[ResultImport]("Trạng thái", lambda batch: batch.get_state_display()),
    Column[ResultImport]("Người tải lên", lambda batch: batch.owner and batch.owner.full_name),
    Column[ResultImport]("Lúc", lambda batch: f"{batch.created_at:%d/%m/%Y}"),
]


@requires(SEES_IMPORTS)
def imports(request: ActingRequest) -> HttpResponse:
    rows = imports_visible_to(request.acting)
    return list_or_file(request, "Tệp kết quả đã nhập", rows, COLUMNS, related=("exam", "owner"))


@requires(IMPORTS_RESULTS)
def upload(request: ActingRequest, exam_id: int) -> HttpResponse:
    exam = get_object_or_404(Exam, pk=exam_id)
    note = (
        "Mỗi dòng một thí sinh, mỗi môn một cột điểm, có cột số báo danh. Trường được nhận theo cột "
        "mã trường, tên trường hoặc mã học sinh; thí sinh không rõ trường được tính chung cho cả tỉnh."
    )
    return _upload(request, exam, f"Nhập kết quả: {exam.name}", note, back=exam.get_absolute_url())


@requires(IMPORTS_RESULTS)
def upload_national(request: ActingRequest) -> HttpResponse:
    note = "Mỗi dòng một môn của một tỉnh trong một năm, với các cột năm, tỉnh, môn, số bài, điểm trung bình."
    return _upload(request, None, "Nhập bảng điểm trung bình toàn quốc", note, back=reverse("exams:national"))


@requires(SEES_IMPORTS)
def result_import(request: ActingRequest, result_import_id: int) -> HttpResponse:
    batch = _find(request, result_import_id)
    content, counts = batch.content, batch.counts
    is_open = batch.state == State.PREVIEWED  # before, there are no counts
    context = {
        "batch": batch,
        "problems": shown_lines(content.problems),
        "changes": shown_lines(content.changes),
        "shown": SHOWN,
        "may_apply": is_open and not counts["errors"] and bool(counts["new"] or counts["changed"]),
        "reason": ApplyForm() if is_open and counts["changed"] else None,
        "undo": UndoForm() if batch.state == State.APPLIED else None,
    }
    return render(request, "exams/import.html", context)


@requires(SEES_IMPORTS)
@require_POST
def apply(request: ActingRequest, result_import_id: int) -> HttpResponse:
    batch = _find(request, result_import_id)
    if batch.state == State.PREVIEWED and batch.counts["changed"]:
        form = ApplyForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Tệp đổi điểm đã ghi; hãy nêu lí do (ít nhất 5 kí tự).")
            return redirect(batch)
        batch.why = form.cleaned_data["reason"]
        batch.save(update_fields=["why"])
    return _start(request, "exams.apply", f"Ghi kết quả từ {batch.file_name}", batch, user_id=request.user.pk)


@requires(SEES_IMPORTS)
@require_POST
def undo(request: ActingRequest, result_import_id: int) -> HttpResponse:
    batch = _find(request, result_import_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy nêu lí do hoàn tác (ít nhất 5 kí tự).")
        return redirect(batch)
    reason = form.cleaned_data["reason"]
    return _start(
        request, "exams.undo", f"Hoàn tác {batch.file_name}", batch, user_id=request.user.pk, reason=reason
    )


def _find(request: ActingRequest, result_import_id: int) -> ResultImport:
    rows = imports_visible_to(request.acting).select_related(
        "exam", "owner", "applied_by", "undone_by", "content"
    )
    return get_object_or_404(rows, pk=result_import_id)


def _upload(request: ActingRequest, exam: Exam | None, title: str, note: str, *, back: str) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = receive_file(exam, form.cleaned_data["file"], by=request.acting)
        except RuleBroken as broken:
            form.add_error("file", str(broken))
        else:
            return _start(request, "exams.read", f"Đọc tệp {batch.file_name}", batch)
    context = {"title": title, "note": note, "forms": [form], "is_multipart": True, "back": back}
    return render(request, "shared/form.html", context | {"verb": "Tải lên và xem trước"})


def _start(
    request: ActingRequest, kind: str, title: str, batch: ResultImport, **arguments: Any
) -> HttpResponse:
    work = start_work(kind, title=title[:200], acting=request.acting, batch_id=batch.pk, **arguments)
    return redirect(work)
