"""Tables of exams, their results, files brought in, national means and finished reports."""

from thucchat.web.exams.models.campaigns import Campaign
from thucchat.web.exams.models.exams import Exam
from thucchat.web.exams.models.imports import ResultContent, ResultImport
from thucchat.web.exams.models.national import NationalMean
from thucchat.web.exams.models.results import CODES, STATES_OF, ExamResult
from thucchat.web.exams.models.snapshots import Snapshot, SnapshotFile

__all__ = [
    "CODES",
    "STATES_OF",
    "Campaign",
    "Exam",
    "ExamResult",
    "NationalMean",
    "ResultContent",
    "ResultImport",
    "Snapshot",
    "SnapshotFile",
]
