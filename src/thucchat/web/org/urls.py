"""Addresses of units, accounts and roles."""

from django.urls import path

from thucchat.web.org.views import clusters, decisions, roles, units, work, years

app_name = "org"
urlpatterns = [
    path("don-vi/", units.tree, name="tree"),
    path("don-vi/<int:unit_id>/", units.unit, name="unit"),
    path("don-vi/<int:unit_id>/sua/", units.edit, name="unit-edit"),
    path("don-vi/<int:unit_id>/lap/", units.found, name="unit-found"),
    path("don-vi/<int:unit_id>/chuyen/", units.move, name="unit-move"),
    path("don-vi/<int:unit_id>/sap-nhap/", units.merge, name="unit-merge"),
    path("don-vi/<int:unit_id>/giai-the/", units.close, name="unit-close"),
    path("cum-truong/", clusters.clusters, name="clusters"),
    path("cum-truong/them/", clusters.add, name="cluster-add"),
    path("cum-truong/<int:cluster_id>/", clusters.cluster, name="cluster"),
    path("cum-truong/<int:cluster_id>/them-truong/", clusters.join, name="cluster-join"),
    path("cum-truong/thanh-vien/<int:member_id>/thoi/", clusters.leave, name="cluster-leave"),
    path("khai-bao-nam-hoc/", years.years, name="years"),
    path("khai-bao-nam-hoc/them/", years.announce, name="year-add"),
    path("vai-tro/", roles.roles, name="roles"),
    path("vai-tro/<int:grant_id>/thu-lai/", roles.end, name="grant-end"),
    path("cong-viec/", work.works, name="works"),
    path("viec-duyet/", decisions.decisions, name="decisions"),
    path("viec-duyet/<int:decision_id>/", decisions.decision, name="decision"),
    path("viec-duyet/<int:decision_id>/quyet/", decisions.decide, name="decision-decide"),
    path("cong-viec/<int:work_id>/", work.work, name="work"),
    path("nguoi-dung/", roles.users, name="users"),
    path("nguoi-dung/them/", roles.add_user, name="user-add"),
    path("nguoi-dung/<int:user_id>/", roles.user, name="user"),
]
