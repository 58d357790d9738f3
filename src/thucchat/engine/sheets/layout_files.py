"""Layouts as data: TOML or JSON in, a `Layout` out. Every refusal names the entry that is wrong."""

import base64
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.arrange import BASE, NAME, arrange
from thucchat.engine.sheets.blocks import blocks_from
from thucchat.engine.sheets.layout import Anchor, Block, CodeSpot, Entry, Layout, Point, Rule, Text

LIBRARY = "thucchat.engine.sheets.layouts"
LARGEST_PAGE_MM = 1200.0
MOST_BUBBLES = 20_000
FEWEST_ANCHORS = 3
SOLID, STRETCH, OUTLINE = 0.8, 1.9, 0.6  # what our own forms show


def layout_names() -> list[str]:
    """Names of the layouts that come with the program."""
    return sorted(
        one.name.removesuffix(".toml") for one in files(LIBRARY).iterdir() if one.name.endswith(".toml")
    )


def load_layout(name: str, **digits: int) -> Layout:
    """A layout of the library by name, a free one by its counts (`td-18-4-6`), or a TOML or JSON file.

    `digits` sets the number of digit columns: `candidate=6`, `code=3`.
    Raises:
        InvalidInput: `layout.unknown`, `layout.unreadable`, `layout.invalid`.
    """
    path = Path(name)
    if path.suffix.lower() in {".toml", ".json"}:
        text = path.read_text("utf-8-sig", errors="replace")
        return layout_from(_parse(text, path), **digits)
    if NAME.fullmatch(name):
        base = tomllib.loads(files(LIBRARY).joinpath(f"{BASE}.toml").read_text("utf-8"))
        return layout_from(arrange(name, base), **digits)
    if name not in layout_names():
        known = ", ".join(layout_names())
        raise InvalidInput("layout.unknown", f"Không có mẫu phiếu “{name}”. Các mẫu có sẵn: {known}.")
    text = files(LIBRARY).joinpath(f"{name}.toml").read_text("utf-8")
    return layout_from(tomllib.loads(text), **digits)


def _parse(text: str, path: Path) -> Mapping[str, Any]:
    try:
        data = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except ValueError as error:
        raise InvalidInput("layout.unreadable", f"Không đọc được mẫu phiếu “{path.name}”: {error}") from error
    if not isinstance(data, Mapping):
        raise InvalidInput("layout.unreadable", f"Mẫu phiếu “{path.name}” phải là một bảng các mục.")
    return data


def layout_from(data: Mapping[str, Any], **digits: int) -> Layout:
    """Build a layout from its data.

    Raises:
        InvalidInput: `layout.invalid` when an entry is missing, of the wrong type or off the page.
    """
    try:
        layout = _build(data, {name: count for name, count in digits.items() if count})
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InvalidInput("layout.invalid", f"Mẫu phiếu thiếu hoặc sai mục {error}.") from error
    _check(layout)
    return layout


def _build(data: Mapping[str, Any], digits: Mapping[str, int]) -> Layout:
    blocks: list[Block] = []
    for entry in data["blocks"]:
        blocks.extend(blocks_from(_resized(entry, digits), len(blocks)))
    layout = Layout(
        name=str(data["name"]),
        title=str(data.get("title", "")),
        width=float(data["width"]),
        height=float(data["height"]),
        bubble=point(data["bubble"]),
        shape="box" if data.get("shape") == "box" else "circle",
        solid=float(data.get("solid", SOLID)),
        stretch=float(data.get("stretch", STRETCH)),
        outline=float(data.get("outline", OUTLINE)),
        picture=base64.b64decode(data.get("picture", "")),
        anchors=tuple(_anchor(one) for one in data["anchors"]),
        codes=tuple(
            CodeSpot(point(one["at"]), float(one["size"]), bool(one.get("anonymous")))
            for one in data.get("codes", ())
        ),
        blocks=tuple(blocks),
        texts=tuple(_text(one) for one in data.get("texts", ())),
        entries=tuple(
            Entry(one["label"], point(one["at"]), float(one["width"]), one.get("key", ""))
            for one in data.get("entries", ())
        ),
        rules=tuple(
            Rule(point(one["at"]), point(one["size"]), bool(one.get("dashed")))
            for one in data.get("rules", ())
        ),
    )
    return replace(layout, options={name: layout.digits(name) for name in ("candidate", "code")})


def _anchor(entry: Mapping[str, Any]) -> Anchor:
    return Anchor(point(entry["at"]), float(entry["size"]), base64.b64decode(entry.get("picture", "")))


def _resized(entry: Mapping[str, Any], digits: Mapping[str, int]) -> Mapping[str, Any]:
    wanted = digits.get(str(entry.get("field")))
    if entry.get("kind") != "digits" or wanted is None or wanted == entry["columns"]:
        return entry
    if not 1 <= wanted <= entry["columns"]:
        raise InvalidInput(
            "layout.digits",
            f"Ô “{entry['field']}” của mẫu này có nhiều nhất {entry['columns']} chữ số, không phải {wanted}.",
        )
    return {**entry, "columns": wanted}


def _text(entry: Mapping[str, Any]) -> Text:
    return Text(
        entry["text"],
        point(entry["at"]),
        float(entry.get("size", 9)),
        bool(entry.get("bold")),
        entry.get("align", "left"),
        float(entry.get("width", 0)),
    )


def point(pair: Iterable[float]) -> Point:
    """Two numbers as a point."""
    x, y = pair
    return float(x), float(y)


def _check(layout: Layout) -> None:
    if not (
        0 < layout.width <= LARGEST_PAGE_MM
        and 0 < layout.height <= LARGEST_PAGE_MM
        and min(layout.bubble) > 0
    ):
        raise InvalidInput("layout.invalid", f"Khổ giấy {layout.width} × {layout.height} mm không dùng được.")
    if len(layout.anchors) < FEWEST_ANCHORS and (layout.anchors or not layout.picture):
        raise InvalidInput(
            "layout.invalid",
            f"Mẫu phiếu cần ít nhất {FEWEST_ANCHORS} ô định vị, chỉ có {len(layout.anchors)}.",
        )
    names = [one.name for one in layout.fields]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput("layout.invalid", f"Câu “{twice}” có hai lần trong mẫu phiếu.")
    if len(layout.map.values) > MOST_BUBBLES:
        raise InvalidInput("layout.invalid", f"Mẫu phiếu có hơn {MOST_BUBBLES} ô tô.")
    for one in layout.fields:
        for x, y in one.centres:
            if not (0 <= x <= layout.width and 0 <= y <= layout.height):
                raise InvalidInput(
                    "layout.invalid", f"Ô của câu “{one.name}” nằm ngoài trang ({x:.1f}; {y:.1f} mm)."
                )
