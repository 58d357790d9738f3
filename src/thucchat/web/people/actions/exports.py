"""Writing long lists in the background: the file waits for the person who asked for it."""

from datetime import date

from django.db import transaction

from thucchat.web.org.models import User
from thucchat.web.people.models import ExportedFile
from thucchat.web.people.queries.lists import EXPORTS, Wanted, export_rows
from thucchat.web.shared.scope import Scope
from thucchat.web.shared.spreadsheets.writing import Form, write_list


def export_list(kind: str, form: Form, *, scope: Scope, wanted: Wanted, by: User, on: date) -> ExportedFile:
    """Write one of the lists of people, classes and schools."""
    content = write_list(export_rows(kind, scope, wanted), form)
    return keep_file(EXPORTS[kind].title, form, content, scope=scope, by=by, on=on)


@transaction.atomic
def keep_file(title: str, form: Form, content: bytes, *, scope: Scope, by: User, on: date) -> ExportedFile:
    """Keep a file for its asker; his earlier files of this title go, so that no copies pile up."""
    ExportedFile.objects.filter(owner=by, name__startswith=f"{title}, ").delete()
    name = file_name(title, form, on)
    return ExportedFile.objects.create(name=name, content=content, owner=by, unit_path=scope.path)


def file_name(title: str, form: Form, on: date) -> str:
    """What it holds and of which day."""
    return f"{title}, {on:%d-%m-%Y}.{form.value}"
