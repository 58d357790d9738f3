"""Blueprints as plain values, for files and databases, and back. Numbers are written as texts."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.blueprint import PLACES, WORTH, Blueprint, Cell, Level, Line, Place


def blueprint_as_plain(blueprint: Blueprint) -> dict[str, Any]:
    """Lists, objects and texts; sums that a file stated are left out, since they are computed."""
    return {
        "title": blueprint.title,
        "worth": {kind: str(points) for kind, points in blueprint.worth.items()},
        "lines": [_line_as_plain(line) for line in blueprint.lines],
    }


def blueprint_from_plain(plain: Any) -> Blueprint:
    """The blueprint. Raises InvalidInput: `blueprint.plain`."""
    try:
        lines = tuple(map(_line, plain["lines"]))
        worth = {kind: Decimal(plain["worth"][kind]) for kind in WORTH if kind in plain["worth"]}
        return Blueprint(str(plain["title"]), lines, worth)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise InvalidInput("blueprint.plain", f"Không phải là ma trận của Thực Chất ({error}).") from error


def place_key(place: Place) -> str:
    """A place as one text: “choice|Biết”."""
    return "|".join(place)


PLACE_OF: Mapping[str, Place] = {place_key(place): place for place in PLACES}


def _line_as_plain(line: Line) -> dict[str, Any]:
    cells = {
        place_key(place): {
            "count": cell.count,
            "points": None if cell.points is None else str(cell.points),
            "competency": cell.competency,
        }
        for place, cell in line.cells.items()
    }
    outcomes = {level.value: list(texts) for level, texts in line.outcomes.items()}
    return {"topic": line.topic, "content": line.content, "cells": cells, "outcomes": outcomes}


def _line(plain: Any) -> Line:
    cells = {PLACE_OF[key]: _cell(value) for key, value in plain["cells"].items()}
    outcomes = {Level(level): tuple(map(str, texts)) for level, texts in plain["outcomes"].items()}
    return Line(str(plain["topic"]), str(plain["content"]), cells, outcomes)


def _cell(plain: Any) -> Cell:
    points = plain["points"]
    return Cell(int(plain["count"]), None if points is None else Decimal(points), str(plain["competency"]))
