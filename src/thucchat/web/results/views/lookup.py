"""The public page on which a candidate finds his result."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.web.exams.models import Exam
from thucchat.web.org.acting import public
from thucchat.web.results.actions.lookups import Question, look_up
from thucchat.web.results.forms import LookupForm
from thucchat.web.results.queries.scores import measure_of, shown_score
from thucchat.web.shared.addresses import client_address
from thucchat.web.shared.errors import RuleBroken

NOT_FOUND = (
    "Không có kết quả nào khớp với kì thi, số báo danh và ngày sinh này. Hãy xem lại giấy báo dự thi; "
    "nếu vẫn không được, hãy hỏi nhà trường."
)
TOO_MANY = 429


@public
@never_cache
@sensitive_post_parameters()
def lookup(request: HttpRequest) -> HttpResponse:
    """The form; once it is sent, the scores or one and the same sentence."""
    form = LookupForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            context |= _answer(form, client_address(request))
        except RuleBroken as broken:
            context["refusal"], status = str(broken), TOO_MANY
    response = render(request, "results/lookup.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # Stricter, and browsers send the form with `Origin: null`, which the check against forgery refuses.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _answer(form: LookupForm, address: str) -> dict[str, object]:
    exam: Exam = form.cleaned_data["exam"]
    sbd = form.cleaned_data["sbd"]
    measure = measure_of(exam.campaign)
    codes = look_up(Question(exam.pk, sbd, form.cleaned_data["born_on"], address), at=timezone.now())
    if codes is None:
        return {"refusal": NOT_FOUND}
    scores = [
        (subject_label(subject), shown_score(code, measure))
        for subject, code in zip(exam.subjects, codes, strict=False)
        if code is not None
    ]
    return {"exam": exam, "sbd": sbd, "scores": scores}
