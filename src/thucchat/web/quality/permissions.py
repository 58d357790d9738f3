"""Who may do what with the quality contract. Scope is added by `within`; whose turn it is, by the row."""

from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE

SEES_QUALITY = EVERYONE
SETS_TARGETS = frozenset({Role.LEADER, Role.OFFICE})  # the province's, and their cascade
ANSWERS_TARGETS = frozenset({Role.DISTRICT, Role.PRINCIPAL, Role.TEAM_HEAD, Role.TEACHER})
SETTLES_TARGETS = frozenset({Role.LEADER, Role.OFFICE, Role.DISTRICT, Role.PRINCIPAL})
ISSUES_HANDOVERS = frozenset({Role.PRINCIPAL})
RECEIVES_HANDOVERS = frozenset({Role.TEACHER, Role.TEAM_HEAD})
SIGNS = frozenset({Role.DISTRICT, Role.PRINCIPAL, Role.TEAM_HEAD, Role.TEACHER})
COUNTERSIGNS = frozenset({Role.LEADER, Role.DISTRICT, Role.PRINCIPAL})
HOLDS_REVIEWS = frozenset({Role.PRINCIPAL, Role.TEAM_HEAD})
