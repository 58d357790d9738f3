"""Tables of answers, runs of measurement and what they gave, and tries of the public look-up."""

from thucchat.web.results.models.lookups import LookupTry
from thucchat.web.results.models.measures import ItemMeasure, PupilMeasure
from thucchat.web.results.models.responses import CandidateAnswers, ResponseContent, ResponseFile
from thucchat.web.results.models.runs import MeasureRun, RunReport

__all__ = [
    "CandidateAnswers",
    "ItemMeasure",
    "LookupTry",
    "MeasureRun",
    "PupilMeasure",
    "ResponseContent",
    "ResponseFile",
    "RunReport",
]
