"""What responses told about items goes back to the bank."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from thucchat.web.bank.models import Item
from thucchat.web.ledger.actions.recording import Entry, record_events
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken

LARGEST = 5 * 2**20  # bytes


@transaction.atomic
def read_statistics(content: bytes, *, by: User, at: datetime) -> int:
    """Write difficulty and discrimination of the items a report names; returns how many.

    The file is that of `thucchat analyse responses --json`. Nothing is written when any item is unknown.
    Raises RuleBroken: `statistics.file`, `statistics.item`.
    """
    persons, found = _parsed(content)
    rows = {row.code: row for row in Item.objects.filter(pk__in=_keys(found)).select_for_update(of=("self",))}
    if unknown := sorted(found.keys() - rows.keys()):
        raise RuleBroken("statistics.item", f"Ngân hàng không có câu {', '.join(unknown[:5])}.")
    for code, (difficulty, discrimination) in found.items():
        row = rows[code]
        row.difficulty, row.discrimination, row.measured_on = difficulty, discrimination, persons
    Item.objects.bulk_update(rows.values(), ["difficulty", "discrimination", "measured_on"], batch_size=500)
    label = Item._meta.label_lower  # noqa: SLF001  Django's documented door
    entries = [Entry("item.measured", label, row.pk, row.unit_path) for row in rows.values()]
    return record_events(entries, by=by, at=at)


def _parsed(content: bytes) -> tuple[int, dict[str, tuple[float, float | None]]]:
    try:
        plain: Any = json.loads(content[:LARGEST])  # a longer file breaks off, and is refused
        persons = int(plain["persons"])
        found = {
            str(one["item"]): (float(one["difficulty"]), _maybe(one["item_rest"])) for one in plain["items"]
        }
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = "Tệp không phải là kết quả JSON của lệnh “thucchat analyse responses”."
        raise RuleBroken("statistics.file", message) from error
    if persons < 1 or not all(0 <= share <= 1 for share, _ in found.values()):
        raise RuleBroken("statistics.file", "Độ khó phải là tỉ lệ từ 0 đến 1 trên ít nhất một bài làm.")
    return persons, found


def _maybe(value: object) -> float | None:
    return None if value is None else float(str(value))


def _keys(found: dict[str, tuple[float, float | None]]) -> list[int]:
    return [int(code[2:]) for code in found if code[:2] == "CH" and code[2:].isdecimal() and len(code) < 18]
