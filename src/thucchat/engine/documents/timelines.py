"""A person's scores over time with their errors, as a small drawing.

Written as SVG directly: pages draw it while somebody waits, and the drawing library of the other charts takes
seconds to load. Scores are in points from 0 to 10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from thucchat.engine.documents.tree import Chart
from thucchat.engine.vietnamese import vi_number

WIDTH, HEIGHT = 320, 190  # px
LEFT, RIGHT, TOP, BOTTOM = 28, 16, 18, 34  # px, around the plot
HIGHEST = 10.0  # points
CERTAIN = 1.96  # standard errors to either side: 95 %
DARK, BLUE, GREY = "#1d2f45", "#7fa3c7", "#dfe3e8"
FONT = 'font-family="Arial, sans-serif" font-size="11"'


@dataclass(frozen=True, slots=True)
class TimePoint:
    """One score."""

    label: str  # when, as short as it can be said
    value: float  # points
    error: float | None  # standard error, points; None when it is not known


def timeline(name: str, points: Sequence[TimePoint]) -> Chart:
    """The scores in their order at equal distances, each with its 95 % interval; `name` is the subject."""
    step = (WIDTH - LEFT - RIGHT) / max(len(points), 1)
    places = [LEFT + step * (number + 0.5) for number in range(len(points))]
    alternative = _alternative(name, points)
    line = " ".join(f"{x:.1f},{_height(one.value):.1f}" for x, one in zip(places, points, strict=True))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alternative)}">'
    )
    parts = [
        opening,
        f"<title>{escape(alternative)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *map(_grid_line, range(0, 11, 2)),
        f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="2"/>',
        *(_mark(x, one) for x, one in zip(places, points, strict=True)),
        "</svg>",
    ]
    return Chart("".join(parts), alternative, WIDTH, HEIGHT)


def _height(value: float) -> float:
    """The place of a score from the top, px; what lies beyond the scale stands at its end."""
    share = min(max(value, 0.0), HIGHEST) / HIGHEST
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _grid_line(score: int) -> str:
    y = _height(score)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GREY}"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" {FONT} fill="{DARK}">{score}</text>'
    )


def _mark(x: float, one: TimePoint) -> str:
    y = _height(one.value)
    interval = ""
    if one.error is not None:
        top, bottom = (_height(one.value + side * CERTAIN * one.error) for side in (1, -1))
        interval = (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" '
            f'stroke="{DARK}" stroke-width="1.5"/>'
        )
    return (
        f'{interval}<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{DARK}"/>'
        f'<text x="{x + 7:.1f}" y="{y - 6:.1f}" {FONT} fill="{DARK}">{vi_number(one.value, 2)}</text>'
        f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" {FONT} fill="{DARK}">'
        f"{escape(one.label)}</text>"
    )


def _alternative(name: str, points: Sequence[TimePoint]) -> str:
    told = "; ".join(
        f"{one.label}: {vi_number(one.value, 2)}"
        + ("" if one.error is None else f" (sai số {vi_number(one.error, 2)})")
        for one in points
    )
    return f"{name} theo thời gian: {told or 'chưa có điểm'}."
