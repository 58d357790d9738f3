"""A question with its key, as files of answers keep it; points are text, so that fingerprints are exact."""

from dataclasses import dataclass

from thucchat.engine.measurement.keys import rule_of_key
from thucchat.engine.measurement.scoring import Rule


@dataclass(frozen=True, slots=True)
class KeyedItem:
    """One question."""

    item: str
    key: str
    points: str | None  # with a decimal point; None: one point, or what the key says

    @property
    def rule(self) -> Rule:
        """Raises InvalidInput: `key.invalid`."""
        return rule_of_key(self.key, None if self.points is None else float(self.points))
