"""Rules of a school year: written by one office, frozen by another before the last survey is closed."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.rating import RuleSet
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.models import SchoolYear
from thucchat.web.org.views.acts import carried_out
from thucchat.web.ratings.actions.rules import freeze_rules, write_rules
from thucchat.web.ratings.forms import RulesForm
from thucchat.web.ratings.models import RuleBook
from thucchat.web.ratings.permissions import ANSWERS, MAKES_RATINGS
from thucchat.web.ratings.queries.starting import STARTING
from thucchat.web.shared.errors import RuleBroken

NOTE = (
    "Trọng số là tương đối; thành phần nào trọng số 0 thì không tính. Bộ quy tắc phải được người khác chốt "
    "trước khi chốt kết quả khảo sát cuối năm; chốt rồi thì không sửa được nữa."
)


@requires(MAKES_RATINGS)
def write(request: ActingRequest) -> HttpResponse:
    years = SchoolYear.objects.filter(starts__lte=request.acting.day).order_by("-starts")
    year = years.first()
    form = RulesForm(request.POST or None, starting=STARTING)
    if request.method == "POST" and form.is_valid() and year:
        rules = _numbered(year, form.rules())
        try:
            return redirect(write_rules(year, rules, by=request.user, at=timezone.now()))
        except (RuleBroken, InvalidInput) as broken:
            form.add_error(None, str(broken))
    title = f"Lập bộ quy tắc xếp loại năm học {year.pk}" if year else "Chưa có năm học nào"
    context = {"title": title, "forms": [form] if year else [], "back": reverse("ratings:runs"), "note": NOTE}
    return render(request, "shared/form.html", context | {"verb": "Lập bản thảo"})


@requires(ANSWERS)
@require_POST
def freeze(request: ActingRequest, rulebook_id: int) -> HttpResponse:
    found = get_object_or_404(RuleBook, pk=rulebook_id)
    return carried_out(request, found, lambda: freeze_rules(rulebook_id, by=request.user, at=timezone.now()))


def _numbered(year: SchoolYear, rules: RuleSet) -> RuleSet:
    return replace(rules, version=str(year.rulebooks.count() + 1))
