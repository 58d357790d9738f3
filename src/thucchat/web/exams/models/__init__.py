"""Tables of exams, who writes them, their results, files brought in, national means, finished reports."""

from thucchat.web.exams.models.campaigns import Campaign
from thucchat.web.exams.models.candidates import Candidate, Site
from thucchat.web.exams.models.exams import Exam
from thucchat.web.exams.models.imports import ResultContent, ResultImport
from thucchat.web.exams.models.national import NationalMean
from thucchat.web.exams.models.reports import Absence, Incident, SittingReport
from thucchat.web.exams.models.results import CODES, STATES_OF, ExamResult
from thucchat.web.exams.models.sittings import Sitting
from thucchat.web.exams.models.snapshots import Snapshot, SnapshotFile
from thucchat.web.exams.models.supplements import Supplement

__all__ = [
    "CODES",
    "STATES_OF",
    "Absence",
    "Campaign",
    "Candidate",
    "Exam",
    "ExamResult",
    "Incident",
    "NationalMean",
    "ResultContent",
    "ResultImport",
    "Site",
    "Sitting",
    "SittingReport",
    "Snapshot",
    "SnapshotFile",
    "Supplement",
]
