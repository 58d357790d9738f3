"""Units are edited, moved, merged, split and closed; what was true before stays on record."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from thucchat.web.org.models import Succession, Unit, UnitSpell
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because
from thucchat.web.shared.scope import END


@transaction.atomic
def edit_unit(unit: Unit, values: dict[str, Any], *, on: date, reason: str) -> Unit:
    """Change what is true of a unit; a new name counts from `on`, the old one keeps its days."""
    renamed = "name" in values and values["name"] != unit.name
    for name, value in values.items():
        setattr(unit, name, value)
    with because(reason):
        unit.save()
    if renamed:
        _turn_page(unit, on)
    return unit


@transaction.atomic
def move_unit(unit: Unit, parent: Unit, *, on: date, reason: str) -> None:
    """Put a unit under another parent from `on`. Everything below it follows.

    Raises RuleBroken: `unit.under_itself`, `unit.before_spell`.
    """
    if parent.unit_path.startswith(unit.unit_path):
        raise RuleBroken(
            "unit.under_itself", f"“{parent.name}” nằm dưới “{unit.name}” nên không thể là cấp trên."
        )
    old, new = unit.unit_path, f"{parent.unit_path}{unit.pk}/"
    unit.parent = parent
    with because(reason):
        unit.save(update_fields=["parent"])
        _turn_page(unit, on)
        rewrite_paths(old, new)
    unit.unit_path = new


@transaction.atomic
def merge_units(units: Sequence[Unit], into: Unit, *, on: date, decision: str) -> None:
    """Close `units` on `on`; they go on in `into`, and so do the schools of an office.

    Raises RuleBroken: `unit.kinds`, `unit.closed`.
    """
    for unit in units:
        if unit.kind != into.kind:
            raise RuleBroken("unit.kinds", f"“{unit.name}” và “{into.name}” không cùng loại đơn vị.")
        for child in Unit.objects.open_on(on).filter(parent=unit).exclude(kind=Unit.Kind.TEAM):
            move_unit(child, into, on=on, reason=decision)
        close_unit(unit, on=on, decision=decision)
        Succession.objects.create(
            predecessor=unit,
            successor=into,
            kind=Succession.Kind.MERGER,
            day=on,
            decision=decision,
            unit_path=into.unit_path,
        )


@transaction.atomic
def close_unit(unit: Unit, *, on: date, decision: str) -> None:
    """End a unit: `on` is the first day it no longer is. Raises RuleBroken: `unit.closed`."""
    if unit.closed_on is not None:
        raise RuleBroken("unit.closed", f"“{unit.name}” đã giải thể từ {unit.closed_on:%d/%m/%Y}.")
    unit.closed_on = on
    with because(decision):
        unit.save(update_fields=["closed_on"])
        # What was decided for a later day falls away with the unit.
        UnitSpell.objects.filter(unit=unit, days__startswith__gte=on).delete()
        spell = UnitSpell.objects.select_for_update().filter(unit=unit).latest("days")
        spell.days = DateRange(spell.days.lower, on)
        spell.save(update_fields=["days"])


@transaction.atomic
def split_off(unit: Unit, values: dict[str, Any], *, on: date, decision: str) -> Unit:
    """Found a new unit beside `unit`, which goes on."""
    part = found_unit(unit.parent, values | {"kind": unit.kind, "opened_on": on}, reason=decision)
    Succession.objects.create(
        predecessor=unit,
        successor=part,
        kind=Succession.Kind.SPLIT,
        day=on,
        decision=decision,
        unit_path=part.unit_path,
    )
    return part


@transaction.atomic
def found_unit(parent: Unit | None, values: dict[str, Any], *, reason: str = "") -> Unit:
    """Make a unit that begins to be on `values["opened_on"]`."""
    unit = Unit(parent=parent, **values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('org_unit', 'id'))")
        (unit.pk,) = cursor.fetchone() or (None,)
    unit.unit_path = f"{parent.unit_path if parent else ''}{unit.pk}/"
    with because(reason):
        unit.save(force_insert=True)
    UnitSpell.objects.create(
        unit=unit,
        parent=parent,
        name=unit.name,
        days=DateRange(unit.opened_on, None),
        unit_path=unit.unit_path,
    )
    return unit


def _turn_page(unit: Unit, on: date) -> None:
    """End the spell of the day before `on` and begin one with the unit's present name and parent."""
    current = UnitSpell.objects.select_for_update().get(unit=unit, days__upper_inf=True)
    if current.days.lower is not None and on < current.days.lower:
        raise RuleBroken("unit.before_spell", f"Ngày {on:%d/%m/%Y} trước lần thay đổi gần nhất của đơn vị.")
    if current.days.lower == on:
        current.name, current.parent = unit.name, unit.parent
        current.save(update_fields=["name", "parent"])
        return
    _end_spell(unit, on)
    UnitSpell.objects.create(
        unit=unit, parent=unit.parent, name=unit.name, days=DateRange(on, None), unit_path=unit.unit_path
    )


def _end_spell(unit: Unit, on: date) -> None:
    current = UnitSpell.objects.select_for_update().get(unit=unit, days__upper_inf=True)
    current.days = DateRange(current.days.lower, on)
    current.save(update_fields=["days"])


def rewrite_paths(old: str, new: str) -> None:
    """Move every row of a subtree, in every table that has a unit path, to its new place."""
    move_subtrees([(old, new)])


@transaction.atomic
def bring_tree_to(day: date) -> int:
    """Let units, and all rows below them, stand where their spells put them on `day`.

    Re-organisations are recorded ahead with their day; this runs on that day, and changes nothing on others.
    Returns how many units got another parent.
    """
    spells = list(UnitSpell.objects.filter(days__contains=day).select_related("unit"))
    parents = {spell.unit_id: spell.parent_id for spell in spells}
    moved = [
        spell for spell in spells if spell.unit.parent_id != spell.parent_id or spell.unit.name != spell.name
    ]
    for spell in moved:
        spell.unit.parent_id, spell.unit.name = spell.parent_id, spell.name
        spell.unit.save()
    moves = [(spell.unit.unit_path, _path(spell.unit_id, parents)) for spell in spells]
    tops = {old: new for old, new in moves if old != new}
    move_subtrees([move for move in tops.items() if not _covered(move[0], tops)])
    return len(moved)


def _path(unit_id: int, parents: Mapping[int, int | None]) -> str:
    parent = parents.get(unit_id)
    return (f"{_path(parent, parents)}" if parent is not None else "") + f"{unit_id}/"


def _covered(old: str, moves: Mapping[str, str]) -> bool:
    """Whether the move of a unit above already brings `old` to its new place."""
    above = (old[: place + 1] for place, letter in enumerate(old[:-1]) if letter == "/")
    return any(moves[one] + old[len(one) :] == moves[old] for one in above if one in moves)


def move_subtrees(moves: Sequence[tuple[str, str]]) -> None:
    """Rewrite the paths of many subtrees, one statement a table."""
    if not moves:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE a.attname = 'unit_path' AND c.relkind = 'r' "
            "AND has_column_privilege(c.oid, a.attnum, 'UPDATE')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"UPDATE {table} SET unit_path = m.new || substr(unit_path, length(m.old) + 1) "  # noqa: S608  names from the catalogue
                "FROM unnest(%s::text[], %s::text[]) AS m(old, new) "
                'WHERE unit_path >= m.old COLLATE "C" AND unit_path < m.old || %s COLLATE "C"',
                [[old for old, _ in moves], [new for _, new in moves], END],
            )
