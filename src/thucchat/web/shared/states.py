"""States that move by table: the allowed moves are data on the model, checked in one place."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models

from thucchat.web.shared.errors import RuleBroken


class Stateful(models.Model):
    """A row whose `state` changes only along NEXT_STATES. The action locks the row, moves it and saves it."""

    NEXT_STATES: ClassVar[Mapping[Any, Collection[str]]] = {}
    STATE_NAME: ClassVar[str] = ""  # "target": the code of a refusal is target.state
    CALLED: ClassVar[str] = ""  # what the refusal calls the row, in Vietnamese
    state: Any

    class Meta:
        abstract = True

    def move_to(self, state: models.TextChoices) -> None:
        """Change `state` in memory, or raise RuleBroken `….state`; saving is the action's business."""
        if state not in self.NEXT_STATES.get(self.state, ()):
            now = type(state)(self.state).label
            message = f"{self.CALLED} đang ở “{now}”, không thể chuyển sang “{state.label}”."
            raise RuleBroken(f"{self.STATE_NAME}.state", message)
        self.state = state
