"""Results as published: one compact row a candidate, so that a million of them can be counted in seconds.

`scores` follows `Exam.subjects`: whole hundredths of a point (7.25 is 725), null where the candidate did not
register, and a negative code of CODES for the other ways of having no score. Missing is never zero.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import UniqueConstraint

from thucchat.web.exams.models.exams import Exam
from thucchat.web.exams.models.imports import ResultImport
from thucchat.web.org.models import Unit
from thucchat.web.people.models import Pupil
from thucchat.web.shared.fields import path_field

CODES = {"absent": -1, "exempt": -2, "cancelled": -3}
STATES_OF = {code: state for state, code in CODES.items()}


class ExamResult(models.Model):
    """One candidate. Rows come and go with imports only; a changed score needs a reason, which is kept."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="results", db_index=False)
    sbd = models.CharField("số báo danh", max_length=20, db_collation="C")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, related_name="exam_results")
    school = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    # The district or commune in which the school counted on the day of the exam, whoever governs it.
    area = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    scores = ArrayField(models.SmallIntegerField(null=True))
    added_by = models.ForeignKey(ResultImport, models.PROTECT, related_name="added")
    unit_path = path_field()  # of the school; of the province where the school is not known

    class Meta:
        indexes = (models.Index(fields=["exam", "unit_path"], name="result_exam_path"),)
        constraints = (UniqueConstraint(fields=["exam", "sbd"], name="result_once"),)

    def __str__(self) -> str:
        return self.sbd
