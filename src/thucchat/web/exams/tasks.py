"""Background work of exams: thin callers of actions.

Drawing libraries take seconds and hundreds of megabytes to load, and the web process, which loads this file
too, never draws: the jobs that do import their actions when they run.
"""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from thucchat.web.exams.actions.applying import apply_import, undo_import
from thucchat.web.exams.actions.files import make_file
from thucchat.web.exams.actions.uploading import read_file
from thucchat.web.exams.models import Exam, Snapshot
from thucchat.web.exams.queries.cuts import Cut
from thucchat.web.org.models import Unit, User
from thucchat.web.shared.clock import today
from thucchat.web.shared.jobs import Progress, job


@job("exams.read")
def read(progress: Progress, **arguments: Any) -> str:
    return read_file(arguments["batch_id"], progress).get_absolute_url()


@job("exams.apply")
def apply(progress: Progress, **arguments: Any) -> str:
    by = User.objects.get(pk=arguments["user_id"])
    return apply_import(arguments["batch_id"], by=by, at=timezone.now(), progress=progress).get_absolute_url()


@job("exams.undo")
def undo(progress: Progress, **arguments: Any) -> str:
    progress(0, 1, "Đang hoàn tác")
    by = User.objects.get(pk=arguments["user_id"])
    batch = undo_import(arguments["batch_id"], by=by, at=timezone.now(), reason=arguments["reason"])
    return batch.get_absolute_url()


@job("exams.report")
def report(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.exams.actions.reporting import make_exam_report

    exam, unit = Exam.objects.get(pk=arguments["exam_id"]), Unit.objects.get(pk=arguments["unit_id"])
    make_exam_report(exam, Cut(unit, arguments["grouping"], by_area=arguments["by_area"]), progress)
    return str(arguments["url"])


@job("exams.national")
def national(progress: Progress, **arguments: Any) -> str:
    from thucchat.web.exams.actions.standing import make_national_report

    make_national_report(
        arguments["province"], arguments["target"], path=arguments["path"], day=today(), progress=progress
    )
    return reverse("exams:national")


@job("exams.file")
def file(progress: Progress, **arguments: Any) -> str:
    progress(0, 1, "Đang vẽ biểu đồ vào văn bản")
    make_file(Snapshot.objects.get(pk=arguments["snapshot_id"]), arguments["form"])
    return str(arguments["url"])
