"""From a block entry of a layout file to its fields and bubbles. Lengths are millimetres.

`each` leads from one question (or digit column) to the next, `option` from one option to the next; a block
may be repeated, question numbers running on.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from thucchat.engine.sheets.layout import COMMA, MINUS, Block, Field, Kind, Point

DIGITS = "0123456789"
STATEMENTS = "abcd"
TRUE_FALSE = ("Đ", "S")
NUMBER_ROWS = MINUS + COMMA + DIGITS


def blocks_from(entry: Mapping[str, Any], first_index: int) -> list[Block]:
    """Blocks of one entry, one per repetition."""
    repeat = entry.get("repeat", {"count": 1, "step": (0, 0)})
    make = MAKERS[entry["kind"]]
    made: list[Block] = []
    number = int(entry.get("first", 1))
    for turn in range(int(repeat["count"])):
        at = _along(entry["at"], repeat["step"], turn)
        block, used = make(entry, at, number, first_index + turn)
        made.append(block)
        number += used
    return made


def _along(start: Sequence[float], step: Sequence[float], times: float) -> Point:
    return start[0] + times * step[0], start[1] + times * step[1]


def _row(entry: Mapping[str, Any], at: Point, places: Sequence[int]) -> tuple[Point, ...]:
    return tuple(_along(at, entry["option"], place) for place in places)


def _question(entry: Mapping[str, Any], number: int) -> str:
    part = str(entry.get("part", ""))
    return f"{part}.{number}" if part else str(number)


def _block(
    entry: Mapping[str, Any], at: Point, fields: Sequence[Field], labels: Sequence[str], number: int = 0
) -> Block:
    kind: Kind = entry["kind"]
    each, option = _along((0, 0), entry["each"], 1), _along((0, 0), entry["option"], 1)
    title = str(entry.get("title", "")).replace("{n}", str(number))
    return Block(
        kind, title, at, each, option, tuple(labels), tuple(fields), str(entry.get("part", "")), number
    )


def _choice(entry: Mapping[str, Any], at: Point, first: int, index: int) -> tuple[Block, int]:
    values = tuple(entry.get("values", "ABCD"))
    numbers = range(first, first + int(entry["count"]))
    fields = []
    for place, number in enumerate(numbers):
        name = _question(entry, number)
        centres = _row(entry, _along(at, entry["each"], place), range(len(values)))
        fields.append(Field(name, name, "choice", values, centres, index))
    return _block(entry, at, fields, [str(number) for number in numbers]), len(numbers)


def _true_false(entry: Mapping[str, Any], at: Point, number: int, index: int) -> tuple[Block, int]:
    values = tuple(entry.get("values", TRUE_FALSE))
    statements = str(entry.get("statements", STATEMENTS))
    fields = []
    for place, letter in enumerate(statements):
        name = _question(entry, number) + letter
        centres = _row(entry, _along(at, entry["each"], place), range(len(values)))
        fields.append(Field(name, name, "true_false", values, centres, index))
    return _block(entry, at, fields, tuple(statements), number), 1


def _number(entry: Mapping[str, Any], at: Point, number: int, index: int) -> tuple[Block, int]:
    order = str(entry.get("rows", NUMBER_ROWS))
    columns = int(entry.get("columns", 4))
    only = {MINUS: entry.get("minus", [1]), COMMA: entry.get("comma", list(range(2, columns)))}
    question = _question(entry, number)
    fields = []
    for column in range(1, columns + 1):
        places = [place for place, value in enumerate(order) if column in only.get(value, (column,))]
        start = _along(at, entry["each"], column - 1)
        values = tuple(order[place] for place in places)
        fields.append(
            Field(f"{question}#{column}", question, "number", values, _row(entry, start, places), index)
        )
    return _block(entry, at, fields, (), number), 1


def _digits(entry: Mapping[str, Any], at: Point, _: int, index: int) -> tuple[Block, int]:
    name, values = str(entry["field"]), tuple(entry.get("values", DIGITS))
    fields = []
    for column in range(int(entry["columns"])):
        centres = _row(entry, _along(at, entry["each"], column), range(len(values)))
        fields.append(Field(f"{name}#{column + 1}", name, "digits", values, centres, index))
    return _block(entry, at, fields, ()), 0


MAKERS: dict[str, Callable[[Mapping[str, Any], Point, int, int], tuple[Block, int]]] = {
    "choice": _choice,
    "true_false": _true_false,
    "number": _number,
    "digits": _digits,
}
