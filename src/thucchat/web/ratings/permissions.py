"""Who may see and make ratings. Scope is added by the queries."""

from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE

SEES_RATINGS = EVERYONE
MAKES_RATINGS = frozenset({Role.TESTING})
OBJECTS = frozenset({Role.TEACHER, Role.TEAM_HEAD, Role.PRINCIPAL, Role.DISTRICT})
ANSWERS = frozenset({Role.OFFICE, Role.LEADER})
