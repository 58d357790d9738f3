"""Draws pencil and pen marks on a rasterised page. Pages are brightness, float32, 0 black to 1 paper."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.distort.truth import Habit, Stain
from thucchat.engine.sheets.layout import Layout

Page = NDArray[np.float32]
REACH = 2.0  # of the bubble's half size that a mark's patch spans


def draw_marks(
    page: Page, layout: Layout, stains: tuple[Stain, ...], habit: Habit, rng: np.random.Generator
) -> None:
    """Darken `page` (the whole upright layout) in place."""
    scale = page.shape[1] / layout.width
    for stain in stains:
        centre = (
            layout.map.centres[stain.bubble] + rng.normal(0, habit.offset_mm / 2, 2).clip(-0.8, 0.8)
        ) * scale
        half = np.array(layout.bubble) / 2 * scale
        patch = PATCHES[stain.stroke](half, habit, rng) * stain.dark
        _stamp(page, patch, centre)


def _stamp(page: Page, patch: Page, centre: NDArray[np.float64]) -> None:
    height, width = patch.shape
    left, top = np.rint(centre - np.array([width, height]) / 2).astype(int)
    if left < 0 or top < 0 or top + height > page.shape[0] or left + width > page.shape[1]:
        return
    page[top : top + height, left : left + width] *= 1 - patch


def _grid(half: NDArray[np.float64]) -> tuple[Page, Page]:
    """Coordinates over a patch, where the bubble's outline is at radius 1."""
    across, down = (np.arange(-int(REACH * one), int(REACH * one) + 1) / one for one in half)
    x, y = np.meshgrid(across, down)
    return x.astype(np.float32), y.astype(np.float32)


def _fill(half: NDArray[np.float64], habit: Habit, rng: np.random.Generator) -> Page:
    x, y = _grid(half)
    angle = np.arctan2(y, x)
    size = rng.uniform(*habit.size)
    wobble = 1 + sum(rng.normal(0, 0.05) * np.cos(order * angle + rng.uniform(0, 7)) for order in (2, 3, 5))
    edge = np.clip((size * wobble - np.hypot(x, y)) * float(half.min()) / 1.5 + 0.5, 0, 1)
    way = rng.uniform(0, np.pi)
    hatch = 0.5 + 0.5 * np.cos((x * np.cos(way) + y * np.sin(way)) * rng.uniform(9, 16) + rng.uniform(0, 7))
    grain = rng.random(x.shape, dtype=np.float32)
    return np.asarray(edge * (1 - 0.22 * hatch - 0.12 * grain), np.float32)


def _strokes(lines: list[tuple[float, float, float, float]], half: NDArray[np.float64], thick: float) -> Page:
    patch = np.zeros(_grid(half)[0].shape, np.uint8)
    middle = np.array(patch.shape[::-1]) / 2
    for x1, y1, x2, y2 in lines:
        ends = [tuple(int(v) for v in middle + np.array(end) * half) for end in ((x1, y1), (x2, y2))]
        cv2.line(patch, ends[0], ends[1], 255, max(1, round(thick * float(half.min()))), cv2.LINE_AA)
    return np.asarray(patch / np.float32(255), np.float32)


def _cross(half: NDArray[np.float64], _: Habit, rng: np.random.Generator) -> Page:
    reach = rng.uniform(0.8, 1.1)
    return _strokes([(-reach, -reach, reach, reach), (-reach, reach, reach, -reach)], half, 0.32)


def _tick(half: NDArray[np.float64], _: Habit, rng: np.random.Generator) -> Page:
    reach = rng.uniform(0.9, 1.2)
    return _strokes([(-0.7, -0.1, -0.15, 0.7), (-0.15, 0.7, reach, -reach)], half, 0.34)


def _struck(half: NDArray[np.float64], _: Habit, rng: np.random.Generator) -> Page:
    reach = rng.uniform(1.45, 1.7)
    return _strokes([(-reach, -reach, reach, reach), (-reach, reach, reach, -reach)], half, 0.4)


PATCHES: dict[str, Callable[[NDArray[np.float64], Habit, np.random.Generator], Page]] = {
    "fill": _fill,
    "rubbed": _fill,
    "cross": _cross,
    "tick": _tick,
    "struck": _struck,
}
