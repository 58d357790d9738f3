"""Clusters of schools: who belongs to which, from one day to another."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from thucchat.web.org.models import Cluster, ClusterMember, Unit
from thucchat.web.shared.errors import RuleBroken


def join_cluster(cluster: Cluster, school: Unit, *, on: date) -> ClusterMember:
    """A school belongs to the cluster from `on`. Raises RuleBroken `cluster.member` when it does already."""
    try:
        with transaction.atomic():
            return ClusterMember.objects.create(
                cluster=cluster, unit=school, days=DateRange(on, None), unit_path=school.unit_path
            )
    except IntegrityError as error:
        raise RuleBroken("cluster.member", f"“{school.name}” đã thuộc cụm này vào ngày đó.") from error


@transaction.atomic
def leave_cluster(member_id: int, *, on: date) -> ClusterMember:
    """`on` is the first day the school no longer belongs to the cluster."""
    member = ClusterMember.objects.select_for_update().get(pk=member_id)
    if member.days.lower >= on:
        member.delete()
        return member
    member.days = DateRange(member.days.lower, on)
    member.save(update_fields=["days"])
    return member
