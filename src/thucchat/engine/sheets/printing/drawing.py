"""What a layout looks like: a list of plain shapes in millimetres, which the page templates place one by one.

A shape is a mapping for the template: `k` is its kind (o bubble, r frame, f filled box, t text, l line).
"""

from collections.abc import Iterator
from typing import Any

from thucchat.engine.sheets.layout import Block, Entry, Layout, Text

Shape = dict[str, Any]

WRITE_IN_MM = 6.0  # height of the boxes above digit columns
LETTER_POINTS = 6.5
LABEL_POINTS = 8.5
MINUS_SIGN = "−"


def drawing(layout: Layout) -> list[Shape]:
    """Shapes of the blank form."""
    shapes: list[Shape] = [_filled(one.at[0], one.at[1], one.size) for one in layout.anchors]
    shapes += [
        _line(rule.at, rule.size, dashed=True) if rule.dashed else _frame(*rule.at, *rule.size)
        for rule in layout.rules
    ]
    for block in layout.blocks:
        shapes += DRAW[block.kind](layout, block)
        shapes += _bubbles(layout, block)
    shapes += [_text(one) for one in layout.texts]
    for entry in layout.entries:
        shapes += _entry(entry)
    return shapes


def _bubbles(layout: Layout, block: Block) -> Iterator[Shape]:
    width, height = layout.bubble
    for one in block.fields:
        for (x, y), value in zip(one.centres, one.values, strict=True):
            letter = MINUS_SIGN if value == "-" else value
            yield {
                "k": "o",
                "x": x,
                "y": y,
                "w": width,
                "h": height,
                "box": layout.shape == "box",
                "t": letter,
            }


def _extent(layout: Layout, block: Block) -> tuple[float, float, float, float]:
    xs = [x for one in block.fields for x, _ in one.centres]
    ys = [y for one in block.fields for _, y in one.centres]
    width, height = layout.bubble
    return min(xs) - width / 2, min(ys) - height / 2, max(xs) + width / 2, max(ys) + height / 2


def _choice(layout: Layout, block: Block) -> list[Shape]:
    left, top, right, bottom = _extent(layout, block)
    shapes = [_frame(left - 8.0, top - 1.6, right - left + 10.2, bottom - top + 3.2)]
    for label, one in zip(block.labels, block.fields, strict=True):
        shapes.append(_label(label, left - 1.6, one.centres[0][1], "right"))
    return shapes


def _true_false(layout: Layout, block: Block) -> list[Shape]:
    left, top, right, bottom = _extent(layout, block)
    shapes = [_frame(left - 5.6, top - 9.6, right - left + 7.2, bottom - top + 11.2)]
    shapes.append(_label(block.title, (left + right) / 2 - 1.5, top - 7.0, "center"))
    for word, (x, _) in zip(block.fields[0].values, block.fields[0].centres, strict=True):
        shapes.append(_label({"Đ": "Đúng", "S": "Sai"}.get(word, word), x, top - 2.6, "center", 7.0))
    for label, one in zip(block.labels, block.fields, strict=True):
        shapes.append(_label(f"{label})", left - 1.3, one.centres[0][1], "right"))
    return shapes


def _columns(layout: Layout, block: Block) -> list[Shape]:
    left, top, right, bottom = _extent(layout, block)
    shapes = [_frame(left - 1.6, top - 13.6, right - left + 3.2, bottom - top + 15.2)]
    shapes.append(_label(block.title, (left + right) / 2, top - 11.0, "center", 9.0))
    step = block.each[0]
    for column in range(len(block.fields)):
        x = block.at[0] + column * step
        shapes.append(_frame(x - step / 2, top - 8.2, step, WRITE_IN_MM))
    return shapes


DRAW = {"choice": _choice, "true_false": _true_false, "digits": _columns, "number": _columns}


def _frame(x: float, y: float, width: float, height: float) -> Shape:
    return {"k": "r", "x": x, "y": y, "w": width, "h": height}


def _filled(x: float, y: float, side: float) -> Shape:
    return {"k": "f", "x": x - side / 2, "y": y - side / 2, "w": side, "h": side}


def _line(at: tuple[float, float], size: tuple[float, float], *, dashed: bool) -> Shape:
    return {"k": "l", "x": at[0], "y": at[1], "dx": size[0], "dy": size[1], "dash": dashed}


def _label(text: str, x: float, y: float, align: str, size: float = LABEL_POINTS) -> Shape:
    return {"k": "t", "x": x, "y": y, "t": text, "s": size, "b": True, "a": align, "w": 0}


def _text(one: Text) -> Shape:
    x, y = one.at
    return {
        "k": "t",
        "x": x,
        "y": y,
        "t": one.text,
        "s": one.size,
        "b": one.bold,
        "a": one.align,
        "w": one.width,
    }


def _entry(entry: Entry) -> list[Shape]:
    x, y = entry.at
    return [{"k": "e", "x": x, "y": y, "t": entry.label, "w": entry.width}]
