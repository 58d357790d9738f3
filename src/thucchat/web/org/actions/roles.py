"""Giving and ending roles."""

from datetime import date

from django.db import transaction

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Grant, Role, Unit, User
from thucchat.web.org.permissions import MAY_GIVE
from thucchat.web.shared.errors import RuleBroken


@transaction.atomic
def give_role(user: User, role: Role, unit: Unit, *, by: Acting, on: date) -> Grant:
    """Give `user` a role in `unit` from `on`.

    Raises RuleBroken: `grant.role` when the giver may not give it, `grant.unit` when the unit is not his.
    """
    if role not in MAY_GIVE.get(by.role, frozenset()):
        raise RuleBroken("grant.role", f"Vai trò của bạn không được giao vai trò “{role.label}”.")
    if not unit.unit_path.startswith(by.unit.unit_path):
        raise RuleBroken("grant.unit", f"“{unit.name}” không thuộc đơn vị của bạn.")
    return Grant.objects.create(
        user=user, role=role, unit=unit, valid_from=on, given_by=by.user, unit_path=unit.unit_path
    )


@transaction.atomic
def end_role(grant_id: int, *, by: Acting, on: date) -> Grant:
    """End a role: `on` is the first day it no longer counts. Raises RuleBroken: as `give_role`."""
    grant = Grant.objects.select_for_update().get(pk=grant_id)
    if Role(grant.role) not in MAY_GIVE.get(by.role, frozenset()):
        raise RuleBroken(
            "grant.role", f"Vai trò của bạn không được thu lại vai trò “{grant.get_role_display()}”."
        )
    if grant.valid_from >= on:
        grant.delete()
        return grant
    grant.valid_to = on
    grant.save(update_fields=["valid_to"])
    return grant


def carry_roles(unit: Unit, into: Unit, *, on: date) -> None:
    """Teachers of a school that goes on in another hold their role there from `on`.

    A closed unit's own roles count no longer; who leads the new one, or keeps its data, is decided anew.
    """
    held = Grant.objects.filter(unit=unit, role=Role.TEACHER, valid_to=None)
    Grant.objects.bulk_create(
        Grant(user=grant.user, role=grant.role, unit=into, valid_from=on, unit_path=into.unit_path)
        for grant in held.select_related("user")
    )
