"""A layout for a form that somebody else printed, fitted once from a picture of a blank.

A person points at things in the picture (pixels): the page's corners, the dark anchor marks, and of each
block the middle of its first and last bubble. The result is ordinary layout data in millimetres.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.fitting_pictures import blank_page, landmark
from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.layout_files import STRETCH, layout_from
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.light import paper_white
from thucchat.engine.sheets.reading.locate import Placement, Points, project
from thucchat.engine.sheets.reading.sampling import measure
from thucchat.engine.sheets.reading.squares import find_squares

DARK = 0.55  # of paper white
REACH_MM = 12.0  # around a pointed place, within which its anchor's dark mark lies
DIGIT_ROWS = 10
USELESS_OUTLINE = 0.12
MOST_MARKS = 80
LIKE_SIZE = 0.2  # of the logarithm
LEAST_STRETCH = 1.35  # of what the blank shows, room for a camera seen from the side
STILL_SOLID, SOLID_ENOUGH = 0.9, 0.8  # of what the blank shows; small squares lose some of it in photographs
SAME_PLACE_MM = 1.2  # of the centres of a ring and the disc inside it


def fit_layout(image: Image, pointed: Mapping[str, Any]) -> dict[str, Any]:
    """Layout data from a blank form and what was pointed at.

    `pointed` has `name`, `width`, `height` (mm of the page), `bubble` ([width, height], pixels), `anchors`
    ([x, y] each, none or at least three), `blocks`, and the page's `corners` (from the top left, clockwise)
    unless the picture is the page. A block has its layout entries (`kind`, `part`, `field`, `count`,
    `columns`, `values`...) with `from` and `to`, the first and last bubble, in place of `at`, `each` and
    `option`; `across` is true where the options of a question stand beside each other (choice, true_false)
    and false where they stand below each other.
    Raises:
        InvalidInput: `fit.invalid`, `fit.anchor`, and those of `layout_from`.
    """
    try:
        data = _data(image, pointed)
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise InvalidInput("fit.invalid", f"Bản chỉ điểm thiếu hoặc sai mục {error}.") from error
    to_page = _to_page(image, pointed)
    if picture := blank_page(image, to_page, (data["width"], data["height"])):
        data = {**data, "picture": picture}
    layout = layout_from(data)
    marks = "anchors" in pointed and "landmarks" not in pointed
    if marks and (others := _unpointed(image, layout, to_page)):
        data = {**data, "anchors": [*data["anchors"], *others]}
        layout = layout_from(data)
    to_pixels = np.asarray(np.linalg.inv(to_page), float)
    ink = measure(image, paper_white(image), layout, Placement(to_pixels, len(layout.anchors), 0.0))
    outline = ink.match if ink.match > USELESS_OUTLINE else 0.0
    return {**data, "outline": round(min(outline, 0.7), 3)}


def _unpointed(image: Image, layout: Layout, to_page: Points) -> list[dict[str, Any]]:
    """Marks like the anchors that nobody pointed at, such as the rest of a timing track.

    A layout that does not know them all may be taken to lie one mark further.
    """
    squares = find_squares(image, paper_white(image), layout, most=MOST_MARKS)
    places = project(to_page, squares.centres)
    beside = project(to_page, squares.centres + np.array([1.0, 0.0]))
    sizes = squares.sides * np.hypot(*(beside - places).T)
    anchors = np.array([one.at for one in layout.anchors])
    known = np.array([one.size for one in layout.anchors])
    new = _apart(places, anchors) > SAME_PLACE_MM + known.max()
    new &= _apart(places, layout.map.centres) > max(layout.bubble)
    new &= (np.abs(np.log(sizes[:, None] / known)) < LIKE_SIZE).any(axis=1)
    return [
        {"at": _rounded(place), "size": round(float(size), 2)}
        for place, size in zip(places[new], sizes[new], strict=True)
    ]


def _apart(places: Points, others: Points) -> NDArray[np.float64]:
    return np.asarray(np.hypot(*np.moveaxis(places[:, None] - others[None], -1, 0)).min(axis=1), float)


def _data(image: Image, pointed: Mapping[str, Any]) -> dict[str, Any]:
    to_page = _to_page(image, pointed)
    scale = _pixels_per_mm(pointed, to_page)
    if "landmarks" in pointed:
        anchors = [landmark(image, place, to_page) for place in pointed["landmarks"]]
    else:
        anchors = [_anchor(image, place, to_page, scale) for place in pointed.get("anchors", ())]
    stretch = LEAST_STRETCH * max((one.pop("stretch", 1.0) for one in anchors), default=1.0)
    solid = STILL_SOLID * min((one.pop("solid", 1.0) for one in anchors), default=1.0)
    return {
        "name": str(pointed["name"]),
        "width": float(pointed["width"]),
        "height": float(pointed["height"]),
        "bubble": [round(float(side) / scale, 2) for side in pointed["bubble"]],
        "shape": pointed.get("shape", "circle"),
        "solid": round(min(solid, SOLID_ENOUGH), 2),
        "stretch": round(max(stretch, STRETCH), 2),
        "anchors": anchors,
        "blocks": [_block(block, to_page) for block in pointed["blocks"]],
    }


def _to_page(image: Image, pointed: Mapping[str, Any]) -> Points:
    """From pixels to millimetres."""
    height, width = image.shape
    whole = [[0, 0], [width, 0], [width, height], [0, height]]
    seen = np.array(pointed.get("corners", whole), np.float32)
    page = np.array(whole, np.float32) / [width, height] * [pointed["width"], pointed["height"]]
    return np.asarray(cv2.getPerspectiveTransform(seen, page.astype(np.float32)), float)


def _pixels_per_mm(pointed: Mapping[str, Any], to_page: Points) -> float:
    corners = project(
        np.asarray(np.linalg.inv(to_page), float), np.array([[0, 0], [pointed["width"], 0]], float)
    )
    return float(np.hypot(*(corners[1] - corners[0])) / pointed["width"])


def _anchor(image: Image, place: Sequence[float], to_page: Points, scale: float) -> dict[str, Any]:
    """The dark mark at or nearest to a pointed place."""
    reach = round(REACH_MM * scale)
    left, top = (max(round(axis) - reach, 0) for axis in place)
    window = image[top : top + 2 * reach, left : left + 2 * reach]
    dark = (window < DARK * np.percentile(window, 95)).astype(np.uint8)
    _, _, stats, centres = cv2.connectedComponentsWithStats(dark, connectivity=8)
    large = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] > (1.5 * scale) ** 2) + 1
    if not len(large):
        raise InvalidInput("fit.anchor", f"Không thấy ô đen nào gần điểm ({place[0]:.0f}; {place[1]:.0f}).")
    apart = np.hypot(*(centres[large] + [left, top] - np.array(place, float)).T)
    together = large[apart < apart.min() + SAME_PLACE_MM * scale]  # of a target, the outermost ring
    chosen = together[stats[together, cv2.CC_STAT_WIDTH].argmax()]
    middle = project(to_page, (centres[chosen] + [left, top])[None])[0]
    area = float(stats[chosen, cv2.CC_STAT_AREA])
    sides = stats[chosen, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].astype(float)
    seen = {"solid": area / sides.prod(), "stretch": float(sides.max() / sides.min())}
    return {"at": _rounded(middle), "size": round(float(np.sqrt(area)) / scale, 2)} | seen


def _block(block: Mapping[str, Any], to_page: Points) -> dict[str, Any]:
    first, last = project(to_page, np.array([block["from"], block["to"]], float))
    questions, options = _counts(block)
    across = bool(block.get("across", block["kind"] in {"choice", "true_false"}))
    span = last - first
    along, over = (
        (1, 0) if across else (0, 1)
    )  # axis on which questions follow each other; on which options do
    each, option = np.zeros(2), np.zeros(2)
    each[along] = span[along] / max(questions - 1, 1)
    option[over] = span[over] / max(options - 1, 1)
    kept = {key: value for key, value in block.items() if key not in {"from", "to", "across"}}
    rounded = {name: _rounded(pair) for name, pair in (("at", first), ("each", each), ("option", option))}
    return kept | rounded


def _rounded(pair: NDArray[np.float64]) -> list[float]:
    return [round(float(axis), 3) for axis in pair]


def _counts(block: Mapping[str, Any]) -> tuple[int, int]:
    """Questions (or columns) and options (or rows) of a block."""
    values = block.get("values")
    if block["kind"] == "choice":
        return int(block["count"]), len(values or "ABCD")
    if block["kind"] == "true_false":
        return len(block.get("statements", "abcd")), len(values or "ĐS")
    rows = len(block.get("rows", "")) or (
        len(values) if values else DIGIT_ROWS + 2 * (block["kind"] == "number")
    )
    return int(block.get("columns", 4)), rows
