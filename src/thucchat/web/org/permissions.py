"""Who may see and change units and accounts. Scope is added by `within`: a role counts in its unit."""

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Role, Unit

EVERYONE = frozenset(Role)
PROVINCE = frozenset({Role.LEADER, Role.TESTING, Role.OFFICE})
SEES_TREE = EVERYONE
SEES_YEARS = PROVINCE
ANNOUNCES_YEARS = frozenset({Role.LEADER, Role.OFFICE})
EDITS_UNITS = frozenset({Role.OFFICE, Role.DISTRICT, Role.PRINCIPAL, Role.CLERK})
REORGANISES = frozenset({Role.LEADER, Role.OFFICE})
SEES_CLUSTERS = EVERYONE
EDITS_CLUSTERS = frozenset({Role.LEADER, Role.OFFICE})
SEES_ACCOUNTS = frozenset({Role.LEADER, Role.OFFICE, Role.DISTRICT, Role.PRINCIPAL, Role.AUDITOR})
GRANTS_ROLES = frozenset({Role.LEADER, Role.OFFICE, Role.DISTRICT, Role.PRINCIPAL})
# What needs two persons: seen by those who may propose or decide; the decider is of another duty.
SEES_DECISIONS = frozenset({Role.LEADER, Role.TESTING, Role.OFFICE, Role.INSPECTOR, Role.AUDITOR})
DECIDES = frozenset({Role.LEADER, Role.INSPECTOR, Role.OFFICE, Role.TESTING})

# Which roles the holder of a role may give to others in his unit or below it.
MAY_GIVE: dict[Role, frozenset[Role]] = {
    Role.LEADER: frozenset(Role),
    Role.OFFICE: frozenset(Role) - {Role.LEADER, Role.TESTING},
    Role.DISTRICT: frozenset({Role.PRINCIPAL, Role.CLERK}),
    Role.PRINCIPAL: frozenset({Role.TEAM_HEAD, Role.TEACHER, Role.CLERK}),
}


def may_found_below(acting: Acting, unit: Unit) -> bool:
    """Schools and offices are founded by the province, subject teams by their school."""
    if unit.kind == Unit.Kind.TEAM:
        return False
    return acting.is_one_of(EDITS_UNITS - REORGANISES if unit.is_school else REORGANISES)
