"""Changing one's role, and the accounts of one's unit."""

import secrets

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from thucchat.engine.vietnamese import vi_date
from thucchat.web.org.acting import ActingRequest, requires
from thucchat.web.org.actions.roles import end_role, give_role
from thucchat.web.org.forms import AccountForm
from thucchat.web.org.models import Grant, Role, User
from thucchat.web.org.permissions import EVERYONE, GRANTS_ROLES, SEES_ACCOUNTS
from thucchat.web.shared.downloads import list_or_file
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.lists import Column
from thucchat.web.shared.scope import below


@requires(EVERYONE)
def roles(request: ActingRequest) -> HttpResponse:
    if request.method == "POST":
        wanted = next(
            (other for other in request.acting.others if str(other.pk) == request.POST.get("grant")), None
        )
        if wanted is not None:
            request.session["grant"] = wanted.pk
        return redirect("people:home")
    return render(request, "org/roles.html")


@requires(SEES_ACCOUNTS)
def users(request: ActingRequest) -> HttpResponse:
    rows = Grant.objects.filter(below(request.acting.unit.unit_path)).order_by("unit_path", "pk")
    if wanted := request.GET.get("q", "").strip():
        rows = rows.filter(Q(user__username__icontains=wanted) | Q(user__full_name__icontains=wanted))
    columns = [
        Column[Grant]("Họ và tên", lambda grant: grant.user.full_name),
        Column[Grant]("Tên đăng nhập", lambda grant: grant.user.username),
        Column[Grant]("Vai trò", lambda grant: grant.get_role_display()),
        Column[Grant]("Đơn vị", lambda grant: grant.unit.name),
        Column[Grant]("Từ ngày", lambda grant: vi_date(grant.valid_from)),
        Column[Grant]("Đến trước ngày", lambda grant: grant.valid_to and vi_date(grant.valid_to)),
    ]
    actions = [("Thêm tài khoản", reverse("org:user-add"))] if request.acting.is_one_of(GRANTS_ROLES) else []
    return list_or_file(
        request, "Tài khoản và vai trò", rows, columns, related=("user", "unit"), actions=actions
    )


@requires(SEES_ACCOUNTS)
def user(request: ActingRequest, user_id: int) -> HttpResponse:
    grants = Grant.objects.filter(below(request.acting.unit.unit_path), user=user_id).select_related(
        "unit", "user"
    )
    if not grants:
        get_object_or_404(User.objects.none())
    context = {
        "account": grants[0].user,
        "grants": grants,
        "may_grant": request.acting.is_one_of(GRANTS_ROLES),
    }
    return render(request, "org/user.html", context)


@requires(GRANTS_ROLES)
def add_user(request: ActingRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, acting=request.acting)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        account = User.objects.filter(username=facts["username"]).first()
        if account is not None:
            form.add_error("username", f"Tên đăng nhập “{account.username}” đã có; hãy chọn tên khác.")
        else:
            return _make_account(request, facts)
    context = {"title": "Thêm tài khoản", "forms": [form], "back": reverse("org:users"), "verb": "Thêm"}
    return render(request, "shared/form.html", context)


def _make_account(request: ActingRequest, facts: dict[str, str]) -> HttpResponse:
    password = secrets.token_urlsafe(9)
    account = User.objects.create_user(
        facts["username"], password=password, full_name=facts["full_name"], staff_code=facts["staff_code"]
    )
    try:
        give_role(account, Role(facts["role"]), facts["unit"], by=request.acting, on=request.acting.day)  # type: ignore[arg-type]  # the form's field gives a unit
    except RuleBroken as broken:
        messages.error(request, str(broken))
        account.delete()
        return redirect("org:users")
    messages.success(request, f"Đã tạo tài khoản. Mật khẩu tạm thời, chỉ hiện một lần: {password}")
    return redirect("org:user", account.pk)


@requires(GRANTS_ROLES)
@require_POST
def end(request: ActingRequest, grant_id: int) -> HttpResponse:
    grant = get_object_or_404(Grant.objects.filter(below(request.acting.unit.unit_path)), pk=grant_id)
    try:
        end_role(grant.pk, by=request.acting, on=request.acting.day)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "Đã thu lại vai trò.")
    return redirect("org:users")
