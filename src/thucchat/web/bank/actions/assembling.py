"""Papers put together from items of the bank, under a blueprint."""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import F

from thucchat.engine.errors import EngineError, NoResult
from thucchat.engine.papers.assembly import Candidate, Shortage, Wanted, assemble, cell_name, demand_of
from thucchat.engine.papers.blueprint import KINDS, Level
from thucchat.engine.papers.blueprint_plain import blueprint_from_plain
from thucchat.engine.papers.writing.fragments import Fragment, composed, fragments_of
from thucchat.web.bank.actions.items import question_of
from thucchat.web.bank.models import Blueprint, Item, SourceFile
from thucchat.web.bank.queries.visible import items_visible_to
from thucchat.web.ledger.actions.recording import Entry, record_events
from thucchat.web.org.acting import Acting
from thucchat.web.shared.errors import RuleBroken

SECONDS = 10.0  # for each step of the solver: a page may not wait longer
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Put:
    """Forms of item ids, or what the bank lacks for them."""

    forms: tuple[tuple[int, ...], ...]
    shortages: tuple[Shortage, ...]


def put_together(blueprint: Blueprint, forms: int, acting: Acting) -> Put:
    """Choose items; those used less go first. Raises RuleBroken with the engine's code and reason."""
    rows = items_visible_to(acting).filter(
        subject=blueprint.subject_id, grade=blueprint.grade, state=Item.State.READY
    )
    bank = [_candidate(row) for row in rows.select_related("unit")]
    wanted = Wanted(demand_of(blueprint_from_plain(blueprint.content)), forms, seconds=SECONDS)
    try:
        made = assemble(bank, np.zeros((len(bank), 0)), wanted)
    except NoResult as short:
        lacking = short.facts.get("shortages")
        if not isinstance(lacking, tuple):
            raise RuleBroken(short.code, short.message) from short
        return Put((), lacking)
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    return Put(tuple(tuple(int(one) for one in form) for form in made.forms), ())


def _candidate(item: Item) -> Candidate:
    cells: dict[str, int] = defaultdict(int)
    for level in item.levels:
        place = (question_of(item).type, Level(level))
        cells[cell_name(item.topic, item.content, place)] += 1
    # Of the questions on one passage a paper takes one: two would print the passage twice.
    enemies = (f"{item.source_id}/{item.context[:200]}",) if item.context else ()
    return Candidate(str(item.pk), dict(cells), item.unit.code, enemies, item.exposure)


@transaction.atomic
def take_forms(
    blueprint: Blueprint, forms: Sequence[Sequence[int]], *, acting: Acting, at: datetime
) -> bytes:
    """The forms as an archive of Word files with their keys; from now on the items are frozen.

    Raises RuleBroken: `assembly.items` when an item is no longer there to be used.
    """
    wanted = {pk for form in forms for pk in form}
    rows = {
        row.pk: row
        for row in items_visible_to(acting)
        .filter(pk__in=wanted, state=Item.State.READY)
        .select_for_update(of=("self",))
    }
    if missing := wanted - rows.keys():
        raise RuleBroken("assembly.items", f"{len(missing)} câu không còn dùng được; hãy ghép lại.")
    sources = SourceFile.objects.filter(pk__in={row.source_id for row in rows.values()})
    parts = {source.pk: fragments_of(bytes(source.content)) for source in sources}
    Item.objects.filter(pk__in=wanted).update(exposure=F("exposure") + 1)
    label = Item._meta.label_lower  # noqa: SLF001  Django's documented door
    entries = [Entry("item.used", label, pk, rows[pk].unit_path) for pk in sorted(wanted)]
    record_events(entries, by=acting.user, at=at)
    ordered = [sorted((rows[pk] for pk in form), key=lambda row: KINDS.index(row.kind)) for form in forms]
    return _archive(blueprint, ordered, parts)


def _archive(
    blueprint: Blueprint, rows: Sequence[Sequence[Item]], parts: Mapping[int, Sequence[Fragment]]
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, form in enumerate(rows, 1):
            file = composed([parts[row.source_id][row.place - 1] for row in form], blueprint.title)
            archive.writestr(zipfile.ZipInfo(f"de-{number}.docx", FIRST_DAY), file)
        keys = {
            f"de-{number}": [
                {"number": place, "item": row.code, "key": row.key} for place, row in enumerate(form, 1)
            ]
            for number, form in enumerate(rows, 1)
        }
        text = json.dumps(keys, ensure_ascii=False, indent=1)
        archive.writestr(zipfile.ZipInfo("dap-an.json", FIRST_DAY), text.encode())
    return target.getvalue()
