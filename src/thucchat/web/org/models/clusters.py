"""Clusters: schools that work together on some matter, whatever their place in the tree."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.urls import reverse

from thucchat.web.org.models.units import Unit
from thucchat.web.shared.constraints import one_a_day
from thucchat.web.shared.fields import path_field


class Cluster(models.Model):
    """A group of schools: a professional cluster, an exam cluster."""

    code = models.CharField("mã cụm", max_length=20, unique=True)
    name = models.CharField("tên cụm", max_length=200)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:cluster", args=[self.pk])


class ClusterMember(models.Model):
    """A school's membership, by days."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="members")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="memberships")
    days = DateRangeField()
    unit_path = path_field()

    class Meta:
        constraints = (one_a_day("cluster_member_once", "cluster_id", "unit_id"),)

    def __str__(self) -> str:
        return f"{self.unit} · {self.cluster}"
