"""Ratings as their pages show them."""

from dataclasses import dataclass

from thucchat.engine.growth.rating import Component, rules_from_plain
from thucchat.web.ratings.models import Rating


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One line of the explanation."""

    component: Component
    value: float | None
    error: float
    weight: float  # percent, after the weights of missing parts were shared
    points: float | None
    brought: float | None  # points of the sum


def parts_of(rating: Rating) -> list[ShownPart]:
    """Every component with what it brought; their sum is the rating's points."""
    known = {one.code: one for one in rules_from_plain(rating.run.rules.content).components}
    return [
        ShownPart(
            known[one["code"]],
            one["value"],
            one["error"],
            100 * one["weight"],
            one["points"],
            None if one["points"] is None else one["weight"] * one["points"],
        )
        for one in rating.parts
    ]
