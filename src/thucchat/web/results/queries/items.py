"""Items of a run as its page lists them."""

from dataclasses import dataclass

from thucchat.web.results.models import MeasureRun

WEAK = 0.2  # correlation with the other items, see `engine.measurement.item_report`


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item; None where a number could not be had."""

    name: str
    key: str
    count: int
    difficulty: float | None  # percent of the points
    item_rest: float | None
    slope: float | None
    location: float | None  # logits
    location_error: float | None

    @property
    def is_weak(self) -> bool:
        return self.item_rest is not None and self.item_rest < WEAK


def shown_items(run: MeasureRun) -> list[ShownItem]:
    """In canonical order."""
    found = []
    for one in run.items.all():
        statistics, parameters = one.statistics, one.parameters or {}
        share = statistics["difficulty"]
        found.append(
            ShownItem(
                name=one.name,
                key=one.key,
                count=statistics["count"],
                difficulty=None if share is None else 100 * share,
                item_rest=statistics["item_rest"],
                slope=parameters.get("a"),
                location=parameters.get("b"),
                location_error=parameters.get("se_b"),
            )
        )
    return found
