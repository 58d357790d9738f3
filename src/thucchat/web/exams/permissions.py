"""Who may see and bring in exam results. Scope is added by `cuts`: everybody sees his own unit and below."""

from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE

SEES_RESULTS = SEES_NATIONAL = EVERYONE
IMPORTS_RESULTS = frozenset({Role.TESTING, Role.OFFICE})
HOLDS_CAMPAIGNS = frozenset({Role.TESTING})
