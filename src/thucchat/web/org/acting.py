"""The person behind a request: who, in which role, in which unit, seeing what."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from thucchat.web.org.models import Grant, Role, Unit, User
from thucchat.web.shared.scope import Scope

View = Callable[..., HttpResponseBase]
PUBLIC: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Acting:
    """One person in one of his roles, on one day."""

    user: User
    grant: Grant
    others: tuple[Grant, ...]  # roles he could take instead
    scope: Scope
    day: date

    @property
    def role(self) -> Role:
        return Role(self.grant.role)

    @property
    def unit(self) -> Unit:
        return self.grant.unit

    def is_one_of(self, roles: Collection[Role]) -> bool:
        return self.role in roles


class StaffRequest(HttpRequest):
    """Any request; `acting` is None for strangers and for those who hold no role today."""

    user: User | AnonymousUser
    acting: Acting | None


class ActingRequest(StaffRequest):
    """A request that has passed `requires`."""

    user: User
    acting: Acting


def requires(roles: frozenset[Role]) -> Callable[[View], View]:
    """Let only people acting in one of `roles` pass; the matrix test reads the same set."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.acting is None or request.acting.role not in roles:
                raise PermissionDenied
            return view(request, *args, **named)

        guarded.policy = roles  # type: ignore[attr-defined]  # read by the matrix test
        return guarded

    return decorate


def public(view: Callable[..., HttpResponse]) -> View:
    """Mark a page that anybody may read."""
    view.policy = PUBLIC  # type: ignore[attr-defined]  # read by the matrix test
    return view
