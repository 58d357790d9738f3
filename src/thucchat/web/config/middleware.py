"""Every request runs in one transaction, seeing only the scope of the person behind it."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect

from thucchat.web.config.entering import enter
from thucchat.web.org.acting import StaffRequest
from thucchat.web.org.models import OFFICERS

OPEN_WITHOUT_SECOND_FACTOR = "/tai-khoan/"
SESSION_KEY = "grant"


class ScopeMiddleware:
    """Sets `request.acting` and the database's scope; asks officers for a second factor."""

    def __init__(self, get_response: Callable[[StaffRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: StaffRequest) -> HttpResponseBase:
        with transaction.atomic():
            request.acting = None
            if request.user.is_authenticated:
                request.acting = enter(request.user, request.session.get(SESSION_KEY))
            if self.lacks_second_factor(request):
                return redirect("mfa_activate_totp")
            return self.get_response(request)

    def lacks_second_factor(self, request: StaffRequest) -> bool:
        """Officers must have set up a second factor before they see any page but those that set it up."""
        if not settings.SECOND_FACTOR or request.acting is None or request.acting.role not in OFFICERS:
            return False
        if request.path.startswith(OPEN_WITHOUT_SECOND_FACTOR):
            return False
        return not Authenticator.objects.filter(user=request.acting.user).exists()
