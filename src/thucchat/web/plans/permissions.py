"""Who may see the targets of the documents, and who reports and confirms figures. Scope is added by queries.

Two persons: whoever enters a figure does not confirm it. Figures of a district or school may also be
confirmed by the offices above, for a school under the department itself has one head only.
"""

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Role, Unit
from thucchat.web.org.permissions import EVERYONE

SEES_PLANS = EVERYONE
ENTERS = frozenset({Role.OFFICE, Role.TESTING, Role.DISTRICT, Role.PRINCIPAL, Role.CLERK})
CONFIRMS = frozenset({Role.LEADER, Role.OFFICE, Role.TESTING, Role.DISTRICT, Role.PRINCIPAL})


def may_enter(acting: Acting, unit: Unit) -> bool:
    """For one's own unit; the offices of the department for every unit."""
    of_department = acting.is_one_of({Role.OFFICE, Role.TESTING})
    return acting.is_one_of(ENTERS) and (of_department or acting.unit.pk == unit.pk)


def may_confirm(acting: Acting, unit: Unit, entered_by_id: int | None) -> bool:
    """Within one's scope, and never what one has entered oneself."""
    above = unit.unit_path.startswith(acting.unit.unit_path)
    return acting.is_one_of(CONFIRMS) and above and acting.user.pk != entered_by_id
