"""States that move by table: the allowed moves are data on the model, checked in one place."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from thucchat.web.shared.errors import RuleBroken


class Stateful(models.Model):
    """A row whose `state` changes only along NEXT_STATES. The action locks the row, moves it and saves it."""

    NEXT_STATES: ClassVar[Mapping[str, frozenset[str]]] = {}
    STATE_NAME: ClassVar[str] = ""  # "target": the code of a refusal is target.state
    state: str

    class Meta:
        abstract = True

    def move_to(self, state: models.TextChoices) -> None:
        """Change `state` in memory, or raise RuleBroken `….state`; saving is the action's business."""
        if state not in self.NEXT_STATES.get(self.state, frozenset()):
            now = type(state)(self.state).label
            what = str(self._meta.verbose_name).capitalize()
            message = f"{what} đang ở “{now}”, không thể chuyển sang “{state.label}”."
            raise RuleBroken(f"{self.STATE_NAME}.state", message)
        self.state = str(state)
