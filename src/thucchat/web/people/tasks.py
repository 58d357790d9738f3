"""Background jobs of importing and exporting: thin callers of actions."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from thucchat.web.org.models import User
from thucchat.web.people.actions.exports import export_list
from thucchat.web.people.actions.imports import batches
from thucchat.web.people.queries.lists import Wanted
from thucchat.web.shared.clock import today
from thucchat.web.shared.jobs import Progress, job
from thucchat.web.shared.scope import Scope
from thucchat.web.shared.spreadsheets.writing import Form


@job("people.read_import")
def read(progress: Progress, **arguments: Any) -> str:
    batch = batches.read_file(arguments["batch_id"], today=today(), progress=progress)
    return batch.get_absolute_url()


@job("people.preview_import")
def preview(progress: Progress, **arguments: Any) -> str:
    batch = batches.preview(arguments["batch_id"], today=today(), progress=progress)
    return batch.get_absolute_url()


@job("people.apply_import")
def apply(progress: Progress, **arguments: Any) -> str:
    by = User.objects.get(pk=arguments["user_id"])
    batch = batches.apply_import(
        arguments["batch_id"], by=by, at=timezone.now(), today=today(), progress=progress
    )
    return batch.get_absolute_url()


@job("people.undo_import")
def undo(progress: Progress, **arguments: Any) -> str:
    progress(0, 1, "Đang hoàn tác")
    by = User.objects.get(pk=arguments["user_id"])
    return batches.undo_import(arguments["batch_id"], by=by, at=timezone.now()).get_absolute_url()


@job("people.export")
def export(progress: Progress, **arguments: Any) -> str:
    progress(0, 1, "Đang ghi tệp")
    scope = Scope(arguments["path"], arguments["classes"])
    file = export_list(
        arguments["list"],
        Form(arguments["form"]),
        scope=scope,
        wanted=Wanted(**arguments["wanted"]),
        by=User.objects.get(pk=arguments["user_id"]),
        on=today(),
    )
    return reverse("people:exported", args=[file.pk])
