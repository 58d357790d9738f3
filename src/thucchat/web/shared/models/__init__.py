"""Tables every app uses: the history of changes, and work under way."""

from thucchat.web.shared.models.history import Change
from thucchat.web.shared.models.work import Work

__all__ = ["Change", "Work"]
