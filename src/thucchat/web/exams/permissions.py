"""Who may see and bring in exam results. Scope is added by `cuts`: everybody sees his own unit and below."""

from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE

SEES_RESULTS = SEES_NATIONAL = EVERYONE
IMPORTS_RESULTS = frozenset({Role.TESTING, Role.OFFICE})
HOLDS_CAMPAIGNS = frozenset({Role.TESTING})
# Lists, reports and marks of a school's own part in a survey.
HOLDS_SITES = frozenset({Role.TESTING, Role.PRINCIPAL, Role.CLERK})
# Number and birth date open the public look-up: who sees by class is not given those of a whole school.
SEES_SITE_DETAILS = EVERYONE - {Role.TEAM_HEAD, Role.TEACHER}
SEES_IMPORTS = IMPORTS_RESULTS | HOLDS_SITES  # those of the own unit and below
