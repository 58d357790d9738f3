"""Tables of the ledger. They know users by number only, so every app may stand above them."""

from thucchat.web.ledger.models.decisions import Decision
from thucchat.web.ledger.models.events import Event, Root

__all__ = ["Decision", "Event", "Root"]
