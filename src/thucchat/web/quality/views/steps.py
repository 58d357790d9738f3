"""The steps of a school year, as the offices of the department take them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import SchoolYear
from thucchat.web.org.views.acts import form_page
from thucchat.web.quality.forms import AcceptStep, CommitStep, HandOverStep, ShareOutStep
from thucchat.web.quality.permissions import PREPARES
from thucchat.web.quality.queries.fields import fields_of
from thucchat.web.quality.queries.steps import Moment, closed_campaign, steps_of
from thucchat.web.shared.forms import StyledForm
from thucchat.web.shared.jobs import start_work

JOBS: dict[str, tuple[str, str, type[StyledForm]]] = {
    "ban-giao": ("quality.hand_over", "Lập và phát hành biên bản bàn giao", HandOverStep),
    "chi-tieu": ("quality.share_out", "Giao chỉ tiêu", ShareOutStep),
    "cam-ket": ("quality.draw_up", "Lập bản cam kết", CommitStep),
    "nghiem-thu": ("quality.accept", "Lập biên bản nghiệm thu", AcceptStep),
}
NOTES = {
    "ban-giao": "Mỗi lớp, mỗi môn một biên bản với kết quả đo của từng em. Chạy lại chỉ thêm phần thiếu.",
    "chi-tieu": "Chỉ tiêu của tỉnh được chia tới huyện, trường, tổ, từng lớp và từng em, cộng lại đúng.",
    "cam-ket": "Mỗi giáo viên, tổ, trường, huyện có chỉ tiêu được một bản cam kết chờ kí.",
    "nghiem-thu": "Cam kết có chỉ tiêu của lớp 12 ở môn thi tốt nghiệp chờ đến khi có kết quả thi.",
}


@requires(PREPARES)
def steps(request: ActingRequest) -> HttpResponse:
    years = list(SchoolYear.objects.filter(starts__lte=request.acting.day).order_by("-starts")[:3])
    wanted = request.GET.get("nam")
    year = next((one for one in years if one.pk == wanted), years[0] if years else None)
    context = {"year": year, "years": years, "steps": steps_of(year) if year else []}
    return render(request, "quality/steps.html", context)


@requires(PREPARES)
def step(request: ActingRequest, year: str, step: str) -> HttpResponse:
    """The form of a step; sending it starts the work."""
    found = get_object_or_404(SchoolYear, pk=year)
    known = next((one for one in steps_of(found) if one.key == step), None)
    if known is None:
        raise Http404
    if known.waits_for:
        return redirect("quality:steps")
    kind, title, form_class = JOBS[step]
    form = form_class(request.POST or None, **_choices(form_class, found))
    if request.method == "POST" and form.is_valid():
        work = start_work(
            kind, title=f"{title}, năm học {found.pk}", acting=request.acting, year=found.pk,
            user_id=request.user.pk, **_plain(form.cleaned_data),
        )  # fmt: skip
        return redirect(work)
    return form_page(
        request, f"{title}, năm học {found.pk}", [form], back=AllSteps(), verb=title, note=NOTES[step]
    )


class AllSteps:
    """The page of all steps."""

    def get_absolute_url(self) -> str:
        return reverse("quality:steps")


def _choices(form_class: type[StyledForm], year: SchoolYear) -> dict[str, Any]:
    if form_class is not ShareOutStep:
        return {}
    start = closed_campaign(year, Moment.START)
    return {"fields": list(fields_of(start)) if start else []}


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """As a queue keeps it."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()
    }
