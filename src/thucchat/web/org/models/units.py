"""The dated tree: province, district or commune, school, subject team.

`Unit` holds what is true of a unit today; `UnitSpell` holds its name and its parent for every day. A unit's
path lists the ids from the province down, "1/12/340/", so that everything below it is one range of text.
"""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from thucchat.engine.vietnamese import text_key, unaccented
from thucchat.web.shared.constraints import one_a_day
from thucchat.web.shared.fields import path_field
from thucchat.web.shared.scope import WHOLE_PROVINCE


class UnitQuerySet(models.QuerySet):  # type: ignore[type-arg]  # not a generic at run time
    """Units by the day on which they exist."""

    def open_on(self, day: date) -> Self:
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)


class Unit(models.Model):
    """An office, a place or a school, as it stands today."""

    class Kind(models.TextChoices):
        PROVINCE = "province", "Sở Giáo dục và Đào tạo"
        DISTRICT = "district", "Phòng Giáo dục và Đào tạo"
        COMMUNE = "commune", "Ủy ban nhân dân xã, phường"
        SCHOOL = "school", "Trường"
        TEAM = "team", "Tổ chuyên môn"

    class SchoolType(models.TextChoices):
        NURSERY = "mn", "Trường mầm non"
        PRIMARY = "th", "Trường tiểu học"
        LOWER = "thcs", "Trường trung học cơ sở"
        PRIMARY_LOWER = "th-thcs", "Trường tiểu học và trung học cơ sở"
        LOWER_UPPER = "thcs-thpt", "Trường trung học cơ sở và trung học phổ thông"
        UPPER = "thpt", "Trường trung học phổ thông"
        BOARDING = "ptdtnt", "Trường phổ thông dân tộc nội trú"
        SEMI_BOARDING_PRIMARY = "ptdtbt-th", "Trường phổ thông dân tộc bán trú tiểu học"
        SEMI_BOARDING_LOWER = "ptdtbt-thcs", "Trường phổ thông dân tộc bán trú trung học cơ sở"
        SEMI_BOARDING_BOTH = "ptdtbt-th-thcs", "Trường phổ thông dân tộc bán trú tiểu học và trung học cơ sở"
        GIFTED = "chuyen", "Trường trung học phổ thông chuyên"
        CONTINUING = "gdtx", "Trung tâm giáo dục thường xuyên"

    code = models.CharField("mã", max_length=20, unique=True)
    kind = models.CharField("loại đơn vị", max_length=8, choices=Kind)
    name = models.CharField("tên", max_length=200)
    sort_key = models.CharField(max_length=800, db_collation="C", editable=False)
    search = models.CharField(max_length=200, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="đơn vị cấp trên"
    )
    unit_path = path_field()
    school_type = models.CharField("loại hình trường", max_length=14, choices=SchoolType, blank=True)
    levels = ArrayField(models.CharField(max_length=4), verbose_name="cấp học", default=list, blank=True)
    is_key = models.BooleanField("trường trọng điểm", default=False)
    zone = models.PositiveSmallIntegerField("vùng", null=True, blank=True)  # TT 20/2023: 1 hardest .. 3
    opened_on = models.DateField("thành lập")
    closed_on = models.DateField("giải thể", null=True, blank=True)  # the first day it no longer is

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("sort_key",)
        indexes = (models.Index(fields=["unit_path", "sort_key"], name="unit_path_sort"),)
        constraints = (
            CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")), name="unit_closed_later"
            ),
            CheckConstraint(condition=Q(kind="school") ^ Q(school_type=""), name="unit_school_type"),
            CheckConstraint(condition=Q(kind="province") ^ Q(parent__isnull=False), name="unit_parent"),
            CheckConstraint(condition=Q(unit_path__endswith="/"), name="unit_path_form"),
            CheckConstraint(
                condition=Q(kind="province") ^ ~Q(unit_path=WHOLE_PROVINCE), name="unit_one_province"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the two texts that follow from the name in step with it."""
        self.sort_key, self.search = text_key(self.name), unaccented(self.name)
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("org:unit", args=[self.pk])

    @property
    def school_path(self) -> str:
        """The path of a team's school; of any other unit its own."""
        return self.unit_path.removesuffix(f"{self.pk}/") if self.kind == self.Kind.TEAM else self.unit_path

    @property
    def is_school(self) -> bool:
        return self.kind == self.Kind.SCHOOL

    def was_open(self, day: date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)


class UnitSpell(models.Model):
    """The name and the parent of a unit from one day to another."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="spells")
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="child_spells")
    name = models.CharField(max_length=200)
    days = DateRangeField()  # [from, to); an open end means: still so
    unit_path = path_field()  # the unit's path today, for the lock
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            one_a_day("unit_spell_one_a_day", "unit_id"),
            CheckConstraint(condition=Q(days__isempty=False), name="unit_spell_some_day"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.days}"


class Succession(models.Model):
    """One unit goes on in another: merged, split off, or closed with its pupils sent there."""

    class Kind(models.TextChoices):
        MERGER = "merger", "Sáp nhập"
        SPLIT = "split", "Chia tách"
        CLOSURE = "closure", "Giải thể"
        REORGANISATION = "reorganisation", "Sắp xếp đơn vị hành chính"

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=14, choices=Kind)
    day = models.DateField()
    decision = models.CharField(max_length=200)  # number and date of the decision
    unit_path = path_field()

    class Meta:
        ordering = ("day",)
        constraints = (
            CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_two_units"),
            UniqueConstraint(fields=["predecessor", "successor", "day"], name="succession_once"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"
