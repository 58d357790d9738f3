"""What happened to one row, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from thucchat.web.shared.models import Change

HIDDEN = {"sort_key", "search", "unit_path", "id"}
MOST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One field that changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the row: when, by whom, why, and its lines."""

    at: datetime
    actor: Any
    reason: str
    operation: str
    lines: list[Line]

    def get_operation_display(self) -> str:
        return str(Change.Operation(self.operation).label)


def history_of(row: Model) -> list[Entry]:
    """The latest changes of `row`, newest first, with fields named as on its page."""
    changes = Change.objects.filter(table=row._meta.db_table, row_id=row.pk).select_related("actor")[:MOST]  # noqa: SLF001  Django's way to the table's name
    return [
        Entry(change.at, change.actor, change.reason, change.operation, _lines(row, change))
        for change in changes
    ]


def _lines(row: Model, change: Change) -> list[Line]:
    before, after = change.before or {}, change.after or {}
    if change.operation != Change.Operation.UPDATE:
        return []
    fields = {field.column: field for field in row._meta.concrete_fields}  # noqa: SLF001  as above
    names = [name for name in after if name in fields and name not in HIDDEN]
    return [
        Line(
            str(fields[name].verbose_name),
            _told(fields[name], before[name]),
            _told(fields[name], after[name]),
        )
        for name in names
    ]


def _told(field: Any, value: object) -> str:
    if value in (None, ""):
        return "–"
    choices = dict(field.flatchoices or ())
    return str(choices.get(value, "có" if value is True else "không" if value is False else value))
