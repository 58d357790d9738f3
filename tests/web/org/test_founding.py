from datetime import date

import pytest
from django.urls import reverse

from thucchat.web.org.actions.clusters import join_cluster, leave_cluster
from thucchat.web.org.actions.units import merge_units
from thucchat.web.org.models import Cluster, ClusterMember, Unit, UnitSpell
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

DAY = date(2026, 11, 1)


def test_the_province_founds_a_school_and_the_school_a_team(world, client_of):
    office, district = client_of("office", world.province), world.districts[0]
    facts = {
        "kind": "school", "name": "Trường THCS Bản Mới", "code": "bm1", "school_type": "thcs",
        "levels": ["THCS"], "opened_on": "2024-09-01", "reason": "QĐ 5/QĐ-UBND",
    }  # fmt: skip
    office.post(reverse("org:unit-found", args=[district.pk]), facts)

    school = Unit.objects.get(code="bm1")
    assert (school.parent, school.levels) == (district, ["THCS"])
    assert school.unit_path == f"{district.unit_path}{school.pk}/"
    assert UnitSpell.objects.get(unit=school).days.lower == date(2024, 9, 1)


def test_a_school_founds_its_teams(world, client_of):
    facts = {"kind": "team", "name": "Tổ Văn", "code": "tv1", "opened_on": "2024-09-01", "reason": "Năm mới"}

    client_of("principal", world.schools[0]).post(
        reverse("org:unit-found", args=[world.schools[0].pk]), facts
    )

    assert Unit.objects.get(code="tv1").parent == world.schools[0]


@pytest.mark.parametrize(("role", "place"), [("principal", 0), ("clerk", 0), ("office", 1)])
def test_nobody_founds_where_he_may_not(world, client_of, role, place):
    where = (world.districts[0], world.teams[0])[place]
    client = client_of(role, world.province if role == "office" else world.schools[0])
    before = Unit.objects.count()

    answer = client.post(reverse("org:unit-found", args=[where.pk]), {"kind": "school"})

    assert answer.status_code in {302, 404}
    enter_scope(Scope(WHOLE_PROVINCE))
    assert Unit.objects.count() == before


def test_a_school_without_a_type_is_refused(world, client_of):
    facts = {
        "kind": "school", "name": "Trường X", "code": "x1", "opened_on": "2024-09-01", "reason": "QĐ 1/QĐ"
    }  # fmt: skip

    page = client_of("office", world.province).post(reverse("org:unit-found", args=[1]), facts)

    assert "ít nhất một cấp học" in page.content.decode()
    assert not Unit.objects.filter(code="x1").exists()


def test_schools_of_a_merged_office_go_on_under_the_other(world):
    gone, into = world.districts

    merge_units([gone], into, on=DAY, decision="QĐ 9/2026")

    schools = Unit.objects.filter(kind="school")
    assert {school.parent for school in schools} == {into}
    assert all(school.unit_path.startswith(into.unit_path) for school in schools)


def test_a_school_joins_a_cluster_once_and_leaves_it(world):
    cluster = Cluster.objects.create(code="c1", name="Cụm 1")
    member = join_cluster(cluster, world.schools[0], on=date(2026, 9, 1))
    with pytest.raises(RuleBroken) as refusal:
        join_cluster(cluster, world.schools[0], on=date(2026, 10, 1))
    assert refusal.value.code == "cluster.member"

    leave_cluster(member.pk, on=DAY)

    assert ClusterMember.objects.get().days.upper == DAY
    again = join_cluster(cluster, world.schools[0], on=DAY)
    leave_cluster(again.pk, on=DAY)
    assert ClusterMember.objects.count() == 1


def test_the_cluster_page_shows_the_schools_of_ones_unit(world, client_of):
    cluster = Cluster.objects.create(code="c1", name="Cụm Liên Huyện")
    for school in world.schools:
        join_cluster(cluster, school, on=date(2020, 9, 1))

    page = client_of("district", world.districts[1]).get(cluster.get_absolute_url()).content.decode()

    assert "Trường THCS 2" in page
    assert "Trường THCS 0" not in page
    assert "Thêm trường vào cụm" not in page


def test_the_page_adds_a_school_to_a_cluster_and_takes_it_out(world, client_of):
    office = client_of("office", world.province)
    office.post(reverse("org:cluster-add"), {"code": "c9", "name": "Cụm 9"})
    cluster = Cluster.objects.get(code="c9")

    office.post(
        reverse("org:cluster-join", args=[cluster.pk]), {"school": world.schools[0].pk, "on": "2020-09-01"}
    )
    member = ClusterMember.objects.get(cluster=cluster, unit=world.schools[0])
    office.post(reverse("org:cluster-leave", args=[member.pk]))

    assert ClusterMember.objects.get(pk=member.pk).days.upper is not None
