"""Roots: what minutes print."""

from thucchat.web.ledger.models import Root


def latest_root() -> Root | None:
    """The newest root, whose `printed` goes into minutes as text and QR; None before the first sealing."""
    return Root.objects.last()
