"""Recording what was done, in the transaction of the act: both are kept, or neither."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import connection, models

from thucchat.engine.custody.canonical import canonical
from thucchat.web.ledger.models import Event

COLUMNS = "kind, subject_kind, subject_id, facts, unit_path"
INSERT = f"""
INSERT INTO ledger_event ({COLUMNS}, at, actor_id, actor_name)
SELECT {COLUMNS}, %s, %s, %s FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[])
AS entry ({COLUMNS})
"""  # noqa: S608  the names are ours


class Actor(Protocol):
    """A user of any app."""

    @property
    def pk(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of many recorded at once."""

    kind: str  # such as handover.accepted
    subject_kind: str  # such as quality.handover
    subject_id: int
    unit_path: str
    facts: Mapping[str, object] = field(default_factory=dict)


def record_event(
    kind: str,
    subject: models.Model,
    *,
    by: Actor | None,
    at: datetime,
    unit_path: str,
    **facts: object,
) -> Event:
    """Record that `by` (None: the system) did `kind` to `subject`, a saved row.

    `facts` hold what canonical text can: ids, whole numbers, texts. Of names and scores they hold salted
    commitments (`engine.custody.chain.commitment`) only, for the ledger outlives the right to know them.

    Raises:
        InvalidInput: `canonical.value`.
    """
    return Event.objects.create(
        kind=kind,
        subject_kind=subject._meta.label_lower,  # noqa: SLF001  Django's documented door
        subject_id=subject.pk,
        at=at,
        actor_id=by.pk if by else None,
        actor_name=str(by or ""),
        facts=canonical(facts).decode(),
        unit_path=unit_path,
    )


def record_events(entries: Iterable[Entry], *, by: Actor | None, at: datetime) -> int:
    """Record many events in one statement; returns how many."""
    rows = [
        (one.kind, one.subject_kind, one.subject_id, canonical(one.facts).decode(), one.unit_path)
        for one in entries
    ]
    if not rows:
        return 0
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [at, by.pk if by else None, str(by or ""), *columns])
    return len(rows)
