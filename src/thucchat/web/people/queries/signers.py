"""Who signs for a unit, as its staff list stands today."""

from thucchat.engine.documents.tree import Signature
from thucchat.web.org.models import Unit
from thucchat.web.people.models import Staff

OFFICES = {
    Unit.Kind.PROVINCE: "Giám đốc",
    Unit.Kind.DISTRICT: "Trưởng phòng",
    Unit.Kind.COMMUNE: "Chủ tịch",
    Unit.Kind.SCHOOL: "Hiệu trưởng",
    Unit.Kind.TEAM: "Tổ trưởng",
}


def office_of(unit: Unit) -> str:
    """What the head of the unit is called."""
    is_centre = unit.school_type == Unit.SchoolType.CONTINUING
    return "Giám đốc" if is_centre else OFFICES[Unit.Kind(unit.kind)]


def head_name(unit: Unit) -> str:
    """The name of the head; empty where no staff list tells it."""
    if unit.kind == Unit.Kind.TEAM:
        rows = Staff.objects.filter(team=unit, is_team_head=True)
    else:
        rows = Staff.objects.filter(unit=unit, position=Staff.Position.PRINCIPAL)
    head = rows.filter(left_on=None).first()
    return head.full_name if head else ""


def signature_of(unit: Unit) -> Signature:
    """The signature of the unit's head."""
    return Signature((office_of(unit),), head_name(unit))
