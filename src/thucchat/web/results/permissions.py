"""Who may see and make measures. Scope is added by the queries: everybody sees his own unit and below."""

from thucchat.web.exams.permissions import IMPORTS_RESULTS
from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE

SEES_EXAMS = SEES_PUPIL_RESULTS = SEES_CLASS_RESULTS = EVERYONE
BRINGS_ANSWERS = MEASURES = IMPORTS_RESULTS
SEES_ANSWERS = frozenset({Role.TESTING, Role.OFFICE})
ASKS_TO_PUBLISH = frozenset({Role.TESTING, Role.OFFICE})
HAS_CLASSES = frozenset({Role.TEACHER, Role.TEAM_HEAD, Role.PRINCIPAL})
