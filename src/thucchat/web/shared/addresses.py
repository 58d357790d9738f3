"""Where a request comes from, as failures are counted by."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client; behind our proxy, the one that the proxy itself has seen.

    The proxy appends it to `X-Forwarded-For`: what a client writes there stands before it and does not count.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
