"""What scanners, copiers, water and phones do to a page. Pages are brightness, float32, 0 black to 1 paper.

`severity` is 1 (ordinary) to 3 (bad); every random choice comes from `rng`.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Page = NDArray[np.float32]
MM_PER_INCH = 25.4


def feed(page: Page, dpi: float, severity: float, rng: np.random.Generator, *, turned: bool = True) -> Page:
    """Through a sheet feeder: a slight turn, a shift, a stretch, sometimes upside down."""
    height, width = page.shape
    angle = rng.normal(0, 0.5 * severity)
    stretch = 1 + rng.normal(0, 0.002 * severity)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(np.clip(angle, -4, 4)), stretch)
    matrix = np.array(turn, np.float64)
    matrix[:, 2] += rng.normal(0, 0.8 * severity, 2).clip(-3, 3) * dpi / MM_PER_INCH
    edge = float(rng.uniform(0.9, 1.0)) if rng.random() < 0.7 else float(rng.uniform(0.05, 0.3))
    moved = cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=edge)
    return (
        np.ascontiguousarray(moved[::-1, ::-1])
        if turned and rng.random() < 0.1
        else np.asarray(moved, np.float32)
    )


def sensor(page: Page, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Optics and electronics: softness, contrast, noise, eight bits."""
    soft = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.4, 0.5 + 0.2 * severity))
    paper, black = rng.uniform(0.86, 1.0), rng.uniform(0.02, 0.06 + 0.05 * severity)
    level = black + (paper - black) * soft
    noise = rng.standard_normal(page.shape, dtype=np.float32) * rng.uniform(0.005, 0.01 + 0.008 * severity)
    return np.asarray(np.clip((level + noise) * 255, 0, 255), np.uint8)


def streaks(page: Page, severity: float, rng: np.random.Generator) -> Page:
    """Dirt on the feeder's glass: dark lines down the page."""
    for _ in range(int(rng.integers(1, 1 + round(severity)))):
        place, wide = int(rng.integers(20, page.shape[1] - 20)), int(rng.integers(1, 3))
        page[:, place : place + wide] *= rng.uniform(0.2, 0.7)
    return page


def cropped(page: Page, dpi: float, severity: float, rng: np.random.Generator) -> Page:
    """An edge cut off by the feeder, up to 5 mm per step of severity."""
    lost = int(rng.uniform(1, 5) * severity * dpi / MM_PER_INCH)
    side = int(rng.integers(4))
    cuts = [np.s_[lost:, :], np.s_[:-lost, :], np.s_[:, lost:], np.s_[:, :-lost]]
    return np.ascontiguousarray(page[cuts[side]])


def photocopied(page: Page, severity: float, rng: np.random.Generator) -> Page:
    """A copy of a copy of the empty form: thicker lines, specks, a size slightly off."""
    thick = cv2.erode(page, np.ones((2, 2), np.uint8)) if severity > 1.5 else page
    hard = np.clip((cv2.GaussianBlur(thick, (0, 0), 0.8) - 0.5) * (1 + 0.6 * severity) + 0.55, 0, 1)
    specks = rng.random(page.shape, dtype=np.float32) < 0.00008 * severity
    hard[cv2.dilate(specks.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0] = 0.15
    return np.asarray(hard, np.float32)


def damp(page: Page, dpi: float, severity: float, rng: np.random.Generator) -> Page:
    """Paper that got wet: it waves, and dries with stains."""
    height, width = page.shape
    reach = 0.45 * severity * dpi / MM_PER_INCH
    shifts = [
        cv2.resize(
            rng.normal(0, 0.5, (5, 4)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
        )
        for _ in "xy"
    ]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    waved = cv2.remap(page, x + shifts[0] * reach, y + shifts[1] * reach, cv2.INTER_LINEAR, borderValue=1.0)
    cloud = cv2.resize(rng.random((9, 7), dtype=np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(waved * (1 - 0.16 * severity * np.clip(cloud - 0.55, 0, 0.45)), np.float32)


def photographed(page: Page, size: tuple[int, int], severity: float, rng: np.random.Generator) -> Page:
    """A phone's view: the page tilted and slightly curled on a table, under uneven light.

    Shapes:
        size: (height, width) of the photograph in pixels.
    """
    table = _table(size, rng)
    corners = _seen_corners(page.shape, size, severity, rng)
    height, width = page.shape
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = cv2.getPerspectiveTransform(corners, source)
    x, y = np.meshgrid(np.arange(size[1], dtype=np.float32), np.arange(size[0], dtype=np.float32))
    weight = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    u = ((back[0, 0] * x + back[0, 1] * y + back[0, 2]) / weight).astype(np.float32)
    v = ((back[1, 0] * x + back[1, 1] * y + back[1, 2]) / weight).astype(np.float32)
    curl = 0.004 * severity * width * rng.uniform(-1, 1)
    u += curl * np.sin(np.pi * np.clip(v / height, 0, 1)).astype(np.float32)
    v += 0.6 * curl * np.sin(np.pi * np.clip(u / width, 0, 1)).astype(np.float32)
    seen = cv2.remap(page, u, v, cv2.INTER_LINEAR, borderValue=-1.0)
    return np.asarray(np.where(seen < 0, table, seen) * _light(size, severity, rng), np.float32)


def _table(size: tuple[int, int], rng: np.random.Generator) -> Page:
    grain = rng.random((size[0] // 40 + 2, size[1] // 160 + 2), dtype=np.float32)
    wide = cv2.resize(grain, (size[1], size[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(rng.uniform(0.15, 0.6) + 0.15 * (wide - 0.5), np.float32)


def _seen_corners(
    page: tuple[int, ...], size: tuple[int, int], severity: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Where the page's corners fall: turned, tilted, filling most of the picture."""
    height, width = size
    scale = rng.uniform(0.80, 0.93) * min(width / page[1], height / page[0])
    half = np.array([page[1], page[0]]) * scale / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    angle = np.deg2rad(rng.normal(0, 1.5 * severity))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    tilt = rng.normal(0, 0.03 * severity, 2).clip(-0.12, 0.12)
    depth = 1 + (corners / half) @ tilt
    seen = corners @ turn.T / depth[:, None] + np.array([width, height]) / 2
    return np.asarray(np.clip(seen, 2, np.array([width, height]) - 3), np.float32)


def _light(size: tuple[int, int], severity: float, rng: np.random.Generator) -> Page:
    """A slope of light, and at higher severity the shadow of a hand or phone with a soft edge."""
    x, y = np.meshgrid(
        np.linspace(-1, 1, size[1], dtype=np.float32), np.linspace(-1, 1, size[0], dtype=np.float32)
    )
    slope = rng.normal(0, 0.07 * severity, 2).clip(-0.25, 0.25)
    light = 0.85 + slope[0] * x + slope[1] * y
    if rng.random() < 0.25 * severity:
        angle, place = rng.uniform(0, 2 * np.pi), rng.uniform(-0.5, 0.7)
        side = x * np.cos(angle) + y * np.sin(angle) - place
        light *= 1 - rng.uniform(0.15, 0.2 + 0.12 * severity) / (1 + np.exp(-side * rng.uniform(15, 80)))
    return np.asarray(np.clip(light, 0.2, 1.0), np.float32)
