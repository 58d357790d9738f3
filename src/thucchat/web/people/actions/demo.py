"""Accounts of the demonstration: one for each role, at places that have something to show."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, F

from thucchat.web.org.models import Grant, Role, Unit, User
from thucchat.web.people.models import Staff

PASSWORD = "thucchat-trinhdien"  # noqa: S105  the demonstration's, printed on its first page
NAMES = {
    Role.LEADER: "lanhdao",
    Role.TESTING: "khaothi",
    Role.OFFICE: "chuyenmon",
    Role.DISTRICT: "phong",
    Role.PRINCIPAL: "hieutruong",
    Role.TEAM_HEAD: "totruong",
    Role.TEACHER: "giaovien",
    Role.CLERK: "vanthu",
    Role.INSPECTOR: "thanhtra",
    Role.AUDITOR: "kiemtoan",
}


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the demonstration."""

    username: str
    role: str
    unit: str


@transaction.atomic
def make_accounts(on: date) -> list[Account]:
    """Make the accounts where they are missing; the scope of the province has been entered."""
    places = _places(on)
    accounts = []
    for role, username in NAMES.items():
        unit, staff = places[role]
        user, made = User.objects.get_or_create(
            username=username,
            defaults={"full_name": f"{role.label} (trình diễn)", "password": make_password(PASSWORD)},
        )
        if made:
            user.staff_code = staff.code if staff else ""
            user.full_name = staff.full_name if staff else user.full_name
            user.save(update_fields=["staff_code", "full_name"])
            Grant.objects.create(
                user=user, role=role, unit=unit, valid_from=unit.opened_on, unit_path=unit.unit_path
            )
        accounts.append(Account(username, str(role.label), unit.name))
    return accounts


def _places(on: date) -> dict[Role, tuple[Unit, Staff | None]]:
    """A district with many schools, its largest lower-secondary school, and people who teach there."""
    units = Unit.objects.open_on(on)
    province = units.get(kind=Unit.Kind.PROVINCE)
    district = (
        units.filter(kind__in=(Unit.Kind.DISTRICT, Unit.Kind.COMMUNE))
        .annotate(n=Count("children"))
        .latest("n")
    )
    schools = units.filter(parent=district, kind=Unit.Kind.SCHOOL, levels__contains=["THCS"])
    school = schools.annotate(n=Count("pupils", filter=None)).latest("n")
    staff = Staff.objects.filter(unit=school, left_on=None)
    principal = staff.filter(position=Staff.Position.PRINCIPAL).first()
    head = staff.filter(is_team_head=True, team__isnull=False).annotate(n=Count("assignments")).latest("n")
    teacher = (
        staff.filter(is_team_head=False, position="teacher", homerooms__school_year__starts__lte=on)
        .annotate(n=Count("assignments"), late=F("homerooms__school_year__ends"))
        .filter(late__gte=on)
        .latest("n")
    )
    places: dict[Role, tuple[Unit, Staff | None]] = dict.fromkeys(Role, (province, None))
    return places | {
        Role.DISTRICT: (district, None),
        Role.PRINCIPAL: (school, principal),
        Role.TEAM_HEAD: (head.team or school, head),
        Role.TEACHER: (school, teacher),
        Role.CLERK: (school, None),
    }
