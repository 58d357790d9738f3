"""Frozen lists: the pupils of a school who write an exam, their numbers, rooms and seats."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from thucchat.web.exams.models.exams import Exam
from thucchat.web.org.models import Unit
from thucchat.web.people.models import Pupil, SchoolClass
from thucchat.web.shared.fields import path_field


class Site(models.Model):
    """One school in one exam of a campaign."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="sites")
    school = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # The district or commune that the school counted to on the day the list was frozen.
    area = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    unit_path = path_field()

    class Meta:
        ordering = ("school__sort_key", "exam__grade")
        constraints = (UniqueConstraint(fields=["exam", "school"], name="site_once"),)

    def __str__(self) -> str:
        return f"{self.school}, khối {self.exam.grade}"

    def get_absolute_url(self) -> str:
        return reverse("exams:site", args=[self.pk])


class Candidate(models.Model):
    """A pupil on a frozen list. Rows are never deleted: who is taken off keeps his number and the reason.

    A change without a stated reason is refused by the table itself (migration 0006).
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="listed", db_index=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="candidates")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="candidacies")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+", db_index=False)
    full_name = models.CharField("họ và tên", max_length=100)  # this and the next two as they were listed
    born_on = models.DateField("ngày sinh")
    class_name = models.CharField("lớp", max_length=20)
    sbd = models.CharField("số báo danh", max_length=20, db_collation="C")
    room = models.PositiveSmallIntegerField("phòng")
    seat = models.PositiveSmallIntegerField("chỗ ngồi")
    removed_for = models.CharField("lí do đưa khỏi danh sách", max_length=300, blank=True)
    unit_path = path_field()  # of the school

    class Meta:
        ordering = ("room", "seat", "pk")
        constraints = (
            UniqueConstraint(fields=["exam", "sbd"], name="candidate_number_once"),
            UniqueConstraint(
                fields=["exam", "pupil"], condition=Q(removed_for=""), name="candidate_pupil_once"
            ),
            UniqueConstraint(
                fields=["site", "room", "seat"], condition=Q(removed_for=""), name="candidate_seat_once"
            ),
            CheckConstraint(condition=Q(room__gte=1, seat__gte=1), name="candidate_seated"),
        )

    def __str__(self) -> str:
        return f"{self.sbd} {self.full_name}"

    def get_absolute_url(self) -> str:
        return reverse("exams:candidate", args=[self.pk])
