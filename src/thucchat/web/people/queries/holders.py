"""Who answers for something: the teacher it belongs to, or whoever holds a role in its unit."""

from thucchat.web.org.models import User
from thucchat.web.people.models import Staff


def answers_for(user: User, staff: Staff | None, unit_id: int) -> bool:
    """Whether `user` is the teacher it belongs to; where it is a unit's, whether he holds a role there."""
    if staff is not None:
        return bool(user.staff_code) and staff.code == user.staff_code
    return user.grants.filter(unit=unit_id).exists()
