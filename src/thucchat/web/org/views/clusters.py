"""Clusters: the list, one cluster with its schools, who joins and leaves."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.actions.clusters import join_cluster, leave_cluster
from thucchat.web.org.forms import ClusterForm, MemberForm
from thucchat.web.org.models import Cluster, ClusterMember
from thucchat.web.org.permissions import EDITS_CLUSTERS, SEES_CLUSTERS
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column
from thucchat.web.shared.scope import below


@requires(SEES_CLUSTERS)
def clusters(request: ActingRequest) -> HttpResponse:
    today = Count("members", filter=Q(members__days__contains=request.acting.day))
    counts = dict(Cluster.objects.annotate(n=today).values_list("pk", "n"))
    columns = [
        Column[Cluster]("Cụm", lambda cluster: cluster.name),
        Column[Cluster]("Mã", lambda cluster: cluster.code),
        Column[Cluster]("Trường của đơn vị", lambda cluster: counts[cluster.pk], numeric=True),
    ]
    actions = [("Thêm cụm", reverse("org:cluster-add"))] if request.acting.is_one_of(EDITS_CLUSTERS) else []
    return list_or_file(request, "Cụm trường", Cluster.objects.all(), columns, actions=actions)


@requires(SEES_CLUSTERS)
def cluster(request: ActingRequest, cluster_id: int) -> HttpResponse:
    found = get_object_or_404(Cluster, pk=cluster_id)
    members = found.members.filter(below(request.acting.unit.unit_path)).select_related("unit")
    may_edit = request.acting.is_one_of(EDITS_CLUSTERS)
    initial = {"on": request.acting.day}
    context = {
        "cluster": found,
        "members": members.order_by("unit__sort_key", "days"),
        "form": MemberForm(acting=request.acting, cluster=found, initial=initial) if may_edit else None,
    }
    return render(request, "org/cluster.html", context)


@requires(EDITS_CLUSTERS)
def add(request: ActingRequest) -> HttpResponse:
    form = ClusterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    context = {"title": "Thêm cụm trường", "forms": [form], "back": reverse("org:clusters"), "verb": "Thêm"}
    return render(request, "shared/form.html", context)


@requires(EDITS_CLUSTERS)
@require_POST
def join(request: ActingRequest, cluster_id: int) -> HttpResponse:
    found = get_object_or_404(Cluster, pk=cluster_id)
    form = MemberForm(request.POST, acting=request.acting, cluster=found)
    if form.is_valid():
        try:
            join_cluster(found, form.cleaned_data["school"], on=form.cleaned_data["on"])
        except RuleBroken as broken:
            messages.error(request, str(broken))
    else:
        messages.error(request, "Hãy chọn trường và ngày.")
    return redirect(found)


@requires(EDITS_CLUSTERS)
@require_POST
def leave(request: ActingRequest, member_id: int) -> HttpResponse:
    members = ClusterMember.objects.filter(below(request.acting.unit.unit_path)).select_related("cluster")
    member = get_object_or_404(members, pk=member_id)
    leave_cluster(member.pk, on=request.acting.day)
    return redirect(member.cluster)
