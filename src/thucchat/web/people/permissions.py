"""Who may see and change pupils, staff and classes. Scope is added by `visible_to`."""

from thucchat.web.org.models import Role
from thucchat.web.org.permissions import EVERYONE

SEES_PUPILS = SEES_CLASSES = SEES_SUBJECTS = EVERYONE
SEES_STAFF = EVERYONE - {Role.TEACHER}
EDITS_PUPILS = frozenset({Role.PRINCIPAL, Role.CLERK})
MOVES_PUPILS = frozenset({Role.OFFICE, Role.DISTRICT, Role.PRINCIPAL, Role.CLERK})
EDITS_STAFF = frozenset({Role.OFFICE, Role.DISTRICT, Role.PRINCIPAL, Role.CLERK})
EDITS_CLASSES = frozenset({Role.PRINCIPAL, Role.CLERK})
ROLLS_OVER = frozenset({Role.PRINCIPAL, Role.CLERK})
MAY_IMPORT = frozenset({Role.OFFICE, Role.DISTRICT, Role.PRINCIPAL, Role.CLERK})
