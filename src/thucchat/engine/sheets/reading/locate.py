"""Finds the page: which dark squares are the layout's anchors, and how millimetres map to pixels.

A placement is a 3 × 3 matrix from millimetres (upright page) to pixels of the image it was found in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice, permutations

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.reading.squares import Squares

Points = NDArray[np.float64]

MOST_CORNERS = 24  # squares of which fours are tried as the page's corners
SIZE_RATIO = 1.55  # found side against expected
NEAR_MM = 3.5  # how far from its predicted place an anchor may stand
FEWEST_FOUND = 4
MOST_CHOICES = 12
THIN_MM = 40.0  # spread of anchors across their main line, below which only a similarity is sure
AGREED_MM = 0.3  # error of anchors on a flat page
FLAT_MM = 0.5  # error of an affine map that is good enough
CLOSE_MM = 0.6  # error at which the search may stop
ALIKE = 1.25  # size of a square against its neighbours', both relative to their anchors
FAR_MM = 60.0  # between two anchors that give turn and scale
MOST_PAIRS = 400
WIDEST_QUADS = 10
MIN_PAGE_SHARE = 0.12  # of the image's area
TILTED, RIGID = 1.8, 1.03  # stretch of a page seen from the side at most; of a scanned one


@dataclass(frozen=True, slots=True)
class Placement:
    """How the layout lies in the image."""

    matrix: Points  # (3, 3), mm → px
    found: int  # anchors seen
    error: float  # root mean square distance of anchors from their places, mm
    flat: bool = False  # enough anchors agree so closely that printed outlines need not confirm the places

    def pixels(self, places: Points) -> Points:
        """Millimetres (n, 2) as pixels (n, 2)."""
        return project(self.matrix, places)


def project(matrix: Points, places: Points) -> Points:
    """Apply a homography to points (n, 2)."""
    mapped = np.column_stack((places, np.ones(len(places)))) @ matrix.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:], float)


def place_layout(layout: Layout, squares: Squares, shape: tuple[int, ...]) -> list[Placement]:
    """Placements that explain the most anchors; several when the anchors alone cannot tell which way is up.

    Empty when too few anchors are seen to be sure.
    """
    anchors = np.array([one.at for one in layout.anchors])
    sizes = np.array([one.size for one in layout.anchors])
    best: list[Placement] = []
    for guesses in (
        _from_corners(layout, anchors, squares, shape),
        _from_pairs(layout, anchors, squares, shape),
        _from_spread(layout, anchors, squares, shape),
    ):
        for turns in guesses:
            tried = [_support(matrix, anchors, sizes, squares) for matrix in turns]
            best = _better(best, [one for one in tried if _plausible(one.matrix, layout)], layout)
            if best and _settled(best[0], layout):
                return best
    return best


def _settled(one: Placement, layout: Layout) -> bool:
    """Whether nothing better can come: nearly all anchors, or many on a page that is not stretched.

    A false placement that explains five squares stretches the page; a scanner does not.
    """
    if one.error >= CLOSE_MM or one.found < FEWEST_FOUND:
        return False
    return one.found >= max(len(layout.anchors) - 1, FEWEST_FOUND) or (
        one.found > FEWEST_FOUND and _stretch(one.matrix, layout) < RIGID
    )


def _better(best: list[Placement], tried: list[Placement], layout: Layout) -> list[Placement]:
    """The placements to choose from, the likeliest first; the printed bubbles tell.

    Those that explain most count, and all of them where that is not many: four points fit any quad. A page of
    which an edge is cut off has four marks in a line, and a stretched one finds more among filled bubbles,
    but roughly: while none fits closely, close ones of an unstretched page stay beside it.
    """
    known = {_facts(one) for one in best}
    new = [one for one in tried if one.found >= FEWEST_FOUND and _facts(one) not in known]
    if not new:
        return best
    most = max(one.found for one in (*best, *new))
    least = min(one.error for one in (*best, *new) if one.found == most)
    rigid = {id(one): one.error < CLOSE_MM and _stretch(one.matrix, layout) < RIGID for one in (*best, *new)}
    kept = [
        one
        for one in (*best, *new)
        if (one.found == most and (most <= FEWEST_FOUND + 1 or one.error < least + AGREED_MM))
        or (rigid[id(one)] and least >= CLOSE_MM)
    ]
    return sorted(kept, key=lambda one: (not rigid[id(one)], -one.found, one.error))[:MOST_CHOICES]


def _facts(one: Placement) -> tuple[int, float]:
    return one.found, round(one.error, 6)


def _from_corners(
    layout: Layout, anchors: Points, squares: Squares, shape: tuple[int, ...]
) -> Iterator[list[Points]]:
    """Homographies from four squares taken as the outermost anchors, all four ways round."""
    corners = anchors[_corner_order(anchors)]
    for quad in chain(_outermost(squares), _quads(squares, shape)):
        turns = [_homography(corners, np.roll(quad, turn, axis=0)) for turn in range(4)]
        yield [one for one in turns if _plausible(one, layout)]


def _corner_order(points: Points) -> list[int]:
    """Indices of the outermost points: top-left, top-right, bottom-right, bottom-left."""
    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    return [int(total.argmin()), int(difference.argmax()), int(total.argmax()), int(difference.argmin())]


def _outermost(squares: Squares) -> Iterator[Points]:
    """The quad of an ordinary scan: the extreme squares among those nearly as large as the largest."""
    large = squares.centres[squares.sides > 0.8 * squares.sides.max(initial=0)]
    corners = _corner_order(large) if len(large) >= 4 else []
    if len(set(corners)) == 4:
        yield large[corners]


def _quads(squares: Squares, shape: tuple[int, ...]) -> Iterator[Points]:
    """Sets of four squares that may be the page's corners, clockwise from the top left, largest first."""
    if len(squares.sides) < 4:
        return
    chosen = np.array(list(combinations(_likely_corners(squares), 4)))
    sides = squares.sides[chosen]
    chosen = chosen[sides.max(axis=1) < 2.6 * sides.min(axis=1)]
    quads = squares.centres[chosen]
    offsets = quads - quads.mean(axis=1, keepdims=True)
    turn = np.argsort(np.arctan2(offsets[..., 1], offsets[..., 0]), axis=1)
    quads = np.take_along_axis(quads, turn[..., None], axis=1)
    after = np.roll(quads, -1, axis=1)
    edges = after - quads
    cross = (
        edges[..., 0] * np.roll(edges, -1, axis=1)[..., 1]
        - edges[..., 1] * np.roll(edges, -1, axis=1)[..., 0]
    )
    area = 0.5 * np.abs((quads[..., 0] * after[..., 1] - after[..., 0] * quads[..., 1]).sum(axis=1))
    lengths = np.hypot(edges[..., 0], edges[..., 1])
    opposite = np.maximum(lengths[:, :2], lengths[:, 2:]) < 1.6 * np.minimum(lengths[:, :2], lengths[:, 2:])
    good = (cross > 0).all(axis=1) & (area > MIN_PAGE_SHARE * shape[0] * shape[1]) & opposite.all(axis=1)
    order = np.argsort(-area[good])[:60]
    yield from quads[good][order]


def _likely_corners(squares: Squares) -> NDArray[np.int64]:
    """The outer squares, then the largest."""
    outer = cv2.convexHull(squares.centres.astype(np.float32), returnPoints=False).ravel()
    order = np.concatenate((outer, np.arange(len(squares.sides))))
    return np.sort(np.array(list(dict.fromkeys(order.tolist()))[:MOST_CORNERS]))


def _homography(source: Points, target: Points) -> Points:
    return np.asarray(
        cv2.getPerspectiveTransform(source.astype(np.float32), target.astype(np.float32)), float
    )


def _plausible(matrix: Points, layout: Layout) -> bool:
    """Not mirrored, and not stretched beyond what a tilted camera does."""
    corners = np.array([[0, 0], [layout.width, 0], [layout.width, layout.height], [0, layout.height]])
    weights = np.column_stack((corners, np.ones(4))) @ matrix[2]
    if (weights <= 0).any():
        return False
    return _stretch(matrix, layout) < TILTED


def _stretch(matrix: Points, layout: Layout) -> float:
    """Scale of the page's longest edge against that of its shortest."""
    corners = np.array([[0, 0], [layout.width, 0], [layout.width, layout.height], [0, layout.height]])
    mapped = project(matrix, corners)
    sides = np.array([layout.width, layout.height] * 2)
    edges = np.hypot(*(np.roll(mapped, -1, axis=0) - mapped).T) / sides
    return float(edges.max() / edges.min())


def _support(matrix: Points, anchors: Points, sizes: NDArray[np.float64], squares: Squares) -> Placement:
    """Anchors explained, their error in mm, and the placement fitted to all of them."""
    for _ in range(2):
        places = project(matrix, anchors)
        scale = _scale(matrix, anchors)
        distance = np.hypot(*np.moveaxis(places[:, None] - squares.centres[None], -1, 0))
        ratio = squares.sides[None] / (sizes * scale)[:, None]
        fits = (distance < NEAR_MM * scale[:, None]) & (ratio < SIZE_RATIO) & (ratio > 1 / SIZE_RATIO)
        if fits.any():
            usual = float(np.median(ratio[fits]))
            fits &= (ratio < usual * ALIKE) & (ratio > usual / ALIKE)
        seen = np.flatnonzero(fits.any(axis=1))
        if len(seen) < 3:
            return Placement(matrix, len(seen), np.inf)
        nearest = np.where(fits, distance, np.inf).argmin(axis=1)[seen]
        target = squares.centres[nearest]
        matrix = fit_map(anchors[seen], target, float(np.median(scale)))
    residual = np.hypot(*(project(matrix, anchors[seen]) - target).T) / scale[seen]
    error = float(np.sqrt((residual**2).mean()))
    least = max(min(len(anchors), FEWEST_FOUND + 1), len(anchors) / 2)
    enough = len(seen) >= least and _breadth(anchors[seen]) > THIN_MM
    return Placement(matrix, len(seen), error, enough and error < AGREED_MM and not matrix[2, :2].any())


def _breadth(points: Points) -> float:
    """Spread of points across their main line, mm."""
    return float(np.linalg.svd(points - points.mean(axis=0), compute_uv=False)[-1])


def _scale(matrix: Points, places: Points) -> NDArray[np.float64]:
    """Pixels per millimetre at each place."""
    (a, b), (c, d) = ((project(matrix, places + step) - project(matrix, places)).T for step in np.eye(2))
    return np.asarray(np.sqrt(np.abs(a * d - b * c)), np.float64)


def fit_map(source: Points, target: Points, scale: float) -> Points:
    """The stiffest map that explains the anchors: similarity, affine, homography.

    A homography through few noisy squares swings wildly where a corner is missing, so it must be needed.
    """
    if len(source) < 3 or _breadth(source) < THIN_MM:
        return _similarity(source, target)
    affine, *_ = np.linalg.lstsq(np.column_stack((source, np.ones(len(source)))), target, rcond=None)
    flat = np.vstack((affine.T, [0.0, 0.0, 1.0]))
    off = np.hypot(*(project(flat, source) - target).T) / scale
    if len(source) < 4 or np.sqrt((off**2).mean()) < FLAT_MM or not _well_spread(source):
        return flat
    fitted, _ = cv2.findHomography(source, target, 0)
    return flat if fitted is None else np.asarray(fitted, float)


def _similarity(source: Points, target: Points) -> Points:
    """Least squares turn, scale and shift."""
    meant, seen = source @ [1, 1j], target @ [1, 1j]
    around, middle = meant - meant.mean(), seen.mean()
    turn = (np.conj(around) @ (seen - middle)) / (np.conj(around) @ around)
    start = middle - turn * meant.mean()
    return np.array([[turn.real, -turn.imag, start.real], [turn.imag, turn.real, start.imag], [0, 0, 1.0]])


def _well_spread(points: Points) -> bool:
    """Whether no three of the points' outermost four are nearly in line."""
    corners = points[sorted(set(_corner_order(points)))]
    if len(corners) < 4:
        return False
    triangles = [corners[list(three)] for three in combinations(range(4), 3)]
    areas = [abs(np.linalg.det(np.column_stack((one, np.ones(3))))) for one in triangles]
    return bool(min(areas) > 0.1 * np.ptp(points, axis=0).max() ** 2)


def _from_spread(
    layout: Layout, anchors: Points, squares: Squares, shape: tuple[int, ...]
) -> Iterator[list[Points]]:
    """Homographies from any four well-spread anchors: for tilted pages of which a corner is not seen."""
    wide = _well_spread_quads(anchors)
    for quad in islice(_quads(squares, shape), WIDEST_QUADS):
        for known in wide:
            turns = [_homography(known, np.roll(quad, turn, axis=0)) for turn in range(4)]
            yield [one for one in turns if _plausible(one, layout)]


def _well_spread_quads(anchors: Points) -> list[Points]:
    """Fours of anchors, clockwise from the top left, that span much of the page, widest first."""
    found: list[tuple[float, Points]] = []
    for chosen in combinations(range(len(anchors)), 4):
        four = anchors[list(chosen)]
        around = four - four.mean(axis=0)
        quad = four[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
        found.append((float(cv2.contourArea(quad.astype(np.float32))), quad))
    found.sort(key=lambda one: -one[0])
    return [quad for _, quad in found[1 : 1 + WIDEST_QUADS]]  # the widest was tried as the corners


def _from_pairs(
    layout: Layout, anchors: Points, squares: Squares, shape: tuple[int, ...]
) -> Iterator[list[Points]]:
    """Turn, shift and scale from two squares taken as two anchors: for pages without a corner."""
    if len(squares.sides) < 2:
        return
    pairs = np.array(list(permutations(range(len(squares.sides)), 2)))
    known = np.array(list(combinations(range(len(anchors)), 2)))
    seen, meant = squares.centres @ [1, 1j], anchors @ [1, 1j]
    span = meant[known[:, 1]] - meant[known[:, 0]]
    turn = (seen[pairs[:, 1]] - seen[pairs[:, 0]])[:, None] / span[None]
    covers = np.abs(turn) ** 2 * layout.width * layout.height / (shape[0] * shape[1])
    sizes = np.array([one.size for one in layout.anchors])
    ratios = [squares.sides[pairs[:, end]][:, None] / (np.abs(turn) * sizes[known[:, end]]) for end in (0, 1)]
    close = (np.maximum(*ratios) < 1.35) & (np.minimum(*ratios) > 0.75)
    good = close & (covers > MIN_PAGE_SHARE) & (covers < 1.5) & (np.abs(span)[None] > FAR_MM)
    shift = seen[pairs[:, 0]][:, None] - turn * meant[known[:, 0]][None]
    for angle, start in list(zip(turn[good], shift[good], strict=True))[:MOST_PAIRS]:
        yield [
            np.array(
                [[angle.real, -angle.imag, start.real], [angle.imag, angle.real, start.imag], [0, 0, 1.0]]
            )
        ]
