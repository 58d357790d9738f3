"""Writing long lists in the background: the file waits for the person who asked for it."""

from datetime import date

from django.db import transaction

from thucchat.web.org.models import User
from thucchat.web.people.models import ExportedFile
from thucchat.web.people.queries.lists import EXPORTS, Wanted, export_rows
from thucchat.web.shared.scope import Scope
from thucchat.web.shared.spreadsheets.writing import Form, write_list


@transaction.atomic
def export_list(kind: str, form: Form, *, scope: Scope, wanted: Wanted, by: User, on: date) -> ExportedFile:
    """Write the list; the same person's earlier files of this list go, so that no copies pile up."""
    ExportedFile.objects.filter(owner=by, name__startswith=f"{EXPORTS[kind].title}, ").delete()
    content = write_list(export_rows(kind, scope, wanted), form)
    name = export_name(kind, form, on)
    return ExportedFile.objects.create(name=name, content=content, owner=by, unit_path=scope.path)


def export_name(kind: str, form: Form, on: date) -> str:
    """The file's name: what it holds and of which day."""
    return f"{EXPORTS[kind].title}, {on:%d-%m-%Y}.{form.value}"
