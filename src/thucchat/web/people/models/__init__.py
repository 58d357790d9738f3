"""Tables of pupils, staff, classes and what joins them."""

from thucchat.web.people.models.classes import Enrolment, SchoolClass
from thucchat.web.people.models.imports import ExportedFile, ImportBatch, ImportContent, SavedMapping
from thucchat.web.people.models.people import Pupil, Staff
from thucchat.web.people.models.teaching import Assignment, Posting, Subject

__all__ = [
    "Assignment",
    "Enrolment",
    "ExportedFile",
    "ImportBatch",
    "ImportContent",
    "Posting",
    "Pupil",
    "SavedMapping",
    "SchoolClass",
    "Staff",
    "Subject",
]
