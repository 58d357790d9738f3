"""Who may do what with items, blueprints and draws. Scope is added by `visible_to` in the queries."""

from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE

WRITES_ITEMS = frozenset({Role.TEAM_HEAD, Role.PRINCIPAL, Role.DISTRICT, Role.OFFICE, Role.TESTING})
SEES_ITEMS = WRITES_ITEMS | {Role.TEACHER}
REVIEWS = frozenset({Role.OFFICE, Role.TESTING})
EDITS_BLUEPRINTS = frozenset({Role.OFFICE, Role.TESTING})
SEES_ROUNDS = EVERYONE
HOLDS_ROUNDS = frozenset({Role.TESTING})
PROPOSES = frozenset({Role.TEAM_HEAD, Role.PRINCIPAL, Role.DISTRICT})
SEES_PROPOSALS = PROPOSES | REVIEWS
OPENS_SEALS = frozenset({Role.TESTING})
APPROVES_OPENING = frozenset({Role.LEADER, Role.INSPECTOR})
