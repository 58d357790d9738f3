"""The kinds of lists that can be imported, in the order in which a new school needs them."""

from thucchat.web.people.importers.assignments import ASSIGNMENTS
from thucchat.web.people.importers.classes import CLASSES
from thucchat.web.people.importers.pupils import PUPILS
from thucchat.web.people.importers.staff import STAFF

KINDS = {kind.name: kind for kind in (STAFF, CLASSES, PUPILS, ASSIGNMENTS)}
