"""Who may see and do what in the contract of quality. Scope is added by the queries."""

from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE

SEES_QUALITY = EVERYONE
PREPARES = frozenset({Role.OFFICE, Role.TESTING})
LEADS_SCHOOL = frozenset({Role.PRINCIPAL})
SEES_REVIEWS = EVERYONE - {Role.CLERK}
RECEIVES = frozenset({Role.TEACHER, Role.TEAM_HEAD, Role.PRINCIPAL})
SIGNS = frozenset({Role.TEACHER, Role.TEAM_HEAD, Role.PRINCIPAL, Role.DISTRICT})
COUNTERSIGNS = frozenset({Role.PRINCIPAL, Role.DISTRICT, Role.OFFICE})
