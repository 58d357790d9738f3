"""Ink of every bubble, measured on small patches straight from the image; the page is never warped whole.

Patches are sampled on a grid of STEP millimetres. Darkness is 0 for the paper beside the bubble and 1 for the
black of the anchors.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.locate import Placement

STEP = 0.3  # mm between samples
SLACK_MM = 1.8  # how far a group may lie from where the anchors say
INNER = 0.74  # of the bubble, inside its printed outline
RING = (1.25, 1.5)  # of the bubble: where strokes that cross it out show
GOOD_MATCH = 0.55  # of the layout's own outline correlation, for a group's shift to count
LEAST_CONTRAST = 0.25  # of white, between paper and black
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ink:
    """What was measured on a sheet; all that deciding needs."""

    mean: Floats  # (bubbles,), darkness inside the outline
    middle: Floats  # (bubbles,), median darkness inside: the second pass decides on this alone
    ring: Floats  # (bubbles,), darkness just outside the outline
    lost: NDArray[np.bool_]  # (bubbles,), outside the image, or on paper too dark to tell
    matches: Floats  # (groups,), correlation of each group with its printed outlines
    flat: bool  # the anchors alone place every bubble
    shifts: Floats  # (groups, 2), mm by which each group lay beside its place

    @property
    def match(self) -> float:
        """How well the page as a whole fits."""
        return float(np.median(self.matches))


@dataclass(frozen=True, slots=True)
class Stencil:
    """Sampling offsets and masks of one bubble size."""

    reach: int  # samples from the centre to the patch's edge
    slack: int  # samples of search each way
    outline: Floats  # (k, k) template of the printed outline
    inner: NDArray[np.bool_]  # (k, k)
    ring: NDArray[np.bool_]  # (k, k)


@lru_cache(maxsize=16)
def stencil(width: float, height: float, shape: str) -> Stencil:
    """Masks for bubbles of `width` × `height` mm."""
    slack = round(SLACK_MM / STEP)
    half = int(np.ceil(RING[1] * max(width, height) / 2 / STEP))
    axis = np.arange(-half, half + 1) * STEP
    across, down = np.meshgrid(axis / (width / 2), axis / (height / 2))
    radius = np.maximum(np.abs(across), np.abs(down)) if shape == "box" else np.hypot(across, down)
    thin = STEP * 2 / min(width, height)
    outline = np.exp(-(((radius - 1) / thin) ** 2)) - 0.6 * np.exp(-(((radius - 1 - 2.4 * thin) / thin) ** 2))
    return Stencil(
        half + slack,
        slack,
        outline.astype(np.float32),
        radius <= INNER,
        (radius >= RING[0]) & (radius <= RING[1]),
    )


def measure(image: Image, white: Floats, layout: Layout, placement: Placement) -> Ink:
    """Ink of all bubbles of `layout` in `image`.

    Shapes:
        white: coarse paper brightness, as `paper_white` gives it.
    """
    mask = stencil(*layout.bubble, layout.shape)
    centres = layout.map.centres
    patches, pixels = _patches(image, placement, centres, mask.reach)
    paper = _sample_coarse(white, image.shape, pixels)
    black = _black(image, white, layout, placement)
    darkness = 1 - patches.astype(np.float32) / paper[:, None, None]
    darkness = np.clip(darkness / max(1 - black, LEAST_CONTRAST), 0, 1)
    shifts, matches = _register(darkness, layout, mask)
    mean, middle, ring = _inks(darkness, layout, mask, shifts)
    return Ink(
        mean,
        middle,
        ring,
        _lost(image, pixels, paper),
        matches,
        placement.flat,
        (shifts * STEP).astype(np.float32),
    )


def _patches(
    image: Image, placement: Placement, centres: NDArray[np.float64], reach: int
) -> tuple[Image, Floats]:
    """Patches (bubbles, k, k) around each centre, and the centres in pixels."""
    pixels = placement.pixels(centres)
    right, below = np.array([0.5, 0.0]), np.array([0.0, 0.5])
    across = placement.pixels(centres + right) - placement.pixels(centres - right)
    down = placement.pixels(centres + below) - placement.pixels(centres - below)
    axis = (np.arange(-reach, reach + 1) * STEP).astype(np.float32)
    side = len(axis)
    maps = [
        (
            pixels[:, i].astype(np.float32)[:, None, None]
            + across[:, i].astype(np.float32)[:, None, None] * axis[None, None, :]
            + down[:, i].astype(np.float32)[:, None, None] * axis[None, :, None]
        ).reshape(-1, side)
        for i in (0, 1)
    ]
    patches = np.empty((len(centres) * side, side), np.uint8)
    rows = (32_000 // side) * side  # remap takes at most 32767 rows
    for start in range(0, len(patches), rows):
        part = slice(start, start + rows)
        patches[part] = cv2.remap(image, maps[0][part], maps[1][part], cv2.INTER_LINEAR, borderValue=255)
    return patches.reshape(len(centres), side, side), pixels.astype(np.float32)


def _sample_coarse(white: Floats, shape: tuple[int, ...], pixels: Floats) -> Floats:
    scale = white.shape[1] / shape[1], white.shape[0] / shape[0]
    places = ((pixels + 0.5) * scale - 0.5).astype(np.float32)
    sampled = cv2.remap(
        white, places[:, :1], places[:, 1:], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(sampled[:, 0], np.float32)


def _black(image: Image, white: Floats, layout: Layout, placement: Placement) -> float:
    """Brightness of printed black against paper: the median over the anchors' middles."""
    places = np.array([one.at for one in layout.anchors], float).reshape(-1, 2)
    centres = placement.pixels(places).astype(np.float32)
    inside = (centres >= 0).all(axis=1) & (centres < image.shape[::-1]).all(axis=1)
    if not inside.any():
        return 0.0
    levels = cv2.remap(image, centres[inside, :1], centres[inside, 1:], cv2.INTER_LINEAR)[:, 0]
    return float(np.median(levels / _sample_coarse(white, image.shape, centres[inside])))


def _register(darkness: Floats, layout: Layout, mask: Stencil) -> tuple[NDArray[np.int32], Floats]:
    """Shift of each group in samples (groups, 2), and how well its outlines match (groups,)."""
    groups = layout.map.groups
    shifts = np.zeros((int(groups.max()) + 1, 2))
    quality = np.zeros(len(shifts))
    for group in range(len(quality)):
        average = darkness[groups == group].mean(axis=0)
        match = cv2.matchTemplate(average, mask.outline, cv2.TM_CCOEFF_NORMED)
        _, quality[group], _, peak = cv2.minMaxLoc(match)
        shifts[group] = np.array(peak) - mask.slack
    good = (quality > GOOD_MATCH * layout.outline) & (layout.outline > 0)
    if good.any():
        middles = np.array([layout.map.centres[groups == group].mean(axis=0) for group in range(len(shifts))])
        shifts = _smoothed(shifts, middles, good)
    else:
        shifts[:] = 0
    return np.rint(shifts).astype(np.int32), quality.astype(np.float32)


def _smoothed(
    shifts: NDArray[np.float64], middles: NDArray[np.float64], good: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Groups that matched badly, or stand far from what their neighbours say, follow their neighbours."""
    apart = np.hypot(*np.moveaxis(middles[:, None] - middles[None], -1, 0))
    weights = np.exp(-((apart / 60.0) ** 2)) * good[None]
    np.fill_diagonal(weights, 0)
    total = weights.sum(axis=1, keepdims=True)
    around = np.where(total > 1e-6, weights @ shifts / np.maximum(total, 1e-6), shifts[good].mean(axis=0))
    strange = ~good | (np.abs(shifts - around).max(axis=1) > 3.0)
    return np.where(strange[:, None], around, shifts)


def _inks(
    darkness: Floats, layout: Layout, mask: Stencil, shifts: NDArray[np.int32]
) -> tuple[Floats, Floats, Floats]:
    groups = layout.map.groups
    mean, middle, ring = (np.empty(len(groups), np.float32) for _ in range(3))
    size = len(mask.outline)
    slack = mask.slack
    for group, (across, down) in enumerate(np.clip(shifts, -slack, slack)):
        rows = np.flatnonzero(groups == group)
        top, left = slack + down, slack + across
        part = darkness[rows, top : top + size, left : left + size]
        inner = part[:, mask.inner]
        mean[rows] = inner.mean(axis=1)
        middle[rows] = np.partition(inner, inner.shape[1] // 2, axis=1)[:, inner.shape[1] // 2]
        ring[rows] = part[:, mask.ring].mean(axis=1)
    return mean, middle, ring


def _lost(image: Image, pixels: Floats, paper: Floats) -> NDArray[np.bool_]:
    height, width = image.shape
    outside = (pixels < 0).any(axis=1) | (pixels[:, 0] > width - 1) | (pixels[:, 1] > height - 1)
    return np.asarray(outside | (paper < 0.35 * np.median(paper)), bool)
