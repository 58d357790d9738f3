"""From ink to marks: every field is decided against the sheet's own blank and filled bubbles.

Works on stored ink alone, so a batch can be decided again with other thresholds and without its images.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.sheets.layout import IDENTITY, Layout
from thucchat.engine.sheets.reading.sampling import Ink
from thucchat.engine.sheets.reading.settings import Thresholds

Floats = NDArray[np.float64]

BLANK, SINGLE, FAINT, MULTIPLE, CANCELLED, DAMAGED = STATES = (
    "blank",
    "single",
    "faint",
    "multiple",
    "cancelled",
    "damaged",
)
LOW_SHARE = 0.30  # this quantile of bubbles is blank on any sheet: at most half of them are filled
GLYPH: Final = 0.07  # most that printed characters differ in ink
FEW_MARKS = 3
HOVERING = 0.03  # of all marks
ALONE = 5.5
MISPLACED = 0.06  # of all fields beside their outlines: the others may lie a whole row off
BEYOND_HABIT = 1.6
LEAST_FULL, LEAST_MARK = 0.16, 0.12  # darkness
SATURATED = (
    0.97  # median darkness of marks in a black-and-white image, where light marks lose most of their ink
)
MAD = 1.4826


@dataclass(frozen=True, slots=True)
class Marks:
    """Decisions of one sheet, one entry per field of the layout."""

    states: tuple[str, ...]  # of STATES
    values: tuple[str, ...]  # value marked; several joined when multiple; "" when none
    confidence: Floats  # (fields,), 0-1
    doubtful: NDArray[np.bool_]  # (fields,), a person should look
    disagree: NDArray[np.bool_]  # (fields,), the second pass read otherwise
    erased: tuple[str, ...]  # values beside a mark that hold a trace of ink: perhaps rubbed out
    full: float  # darkness of this sheet's filled answer bubble above its blank one


@dataclass(frozen=True, slots=True)
class _Table:
    """Ink of fields as a table, one row per field, padded with NaN."""

    ink: Floats  # (fields, widest), above blank, relative to full
    middle: Floats  # (fields, widest), same for the second pass
    ring: Floats  # (fields, widest), darkness around, above the sheet's usual, relative to full
    limit: Floats  # (fields,), ink below which nothing is a mark
    trace: Floats  # (fields,), ink above which a blank bubble was touched
    hard: bool  # black and white: light marks have lost most of their ink


def decide(layout: Layout, ink: Ink, thresholds: Thresholds | None = None) -> Marks:
    """Decide every field of a sheet."""
    limits = thresholds or Thresholds()
    table, full = _table(layout, ink, limits)
    marked = np.nan_to_num(table.ink, nan=-1) >= np.maximum(limits.mark, table.limit)[:, None]
    second = np.nan_to_num(table.middle, nan=-1) >= limits.middle
    order = np.sort(np.nan_to_num(table.ink, nan=-1), axis=1)
    top, next_best = order[:, -1], order[:, -2] if order.shape[1] > 1 else np.zeros(len(order))
    count = marked.sum(axis=1)
    struck = _struck(marked, np.nan_to_num(table.ring), limits)
    lost = np.logical_or.reduceat(ink.lost, layout.map.first)
    state = np.full(len(count), SINGLE, object)
    state[count > 1] = MULTIPLE
    state[(count == 0) & (top >= table.limit)] = FAINT
    state[(count == 0) & (top < table.limit)] = BLANK
    state[struck.any(axis=1)] = CANCELLED
    state[lost] = DAMAGED
    confidence = _confidence(state, top, next_best, table.limit, limits)
    agreed = np.where((count > 0)[:, None], marked == second, ~second).all(axis=1)
    uneven = (count > 1) & (next_best < limits.even * top)
    doubtful = np.isin(state, (FAINT, CANCELLED, DAMAGED)) | uneven | ~agreed
    matches = ink.matches[layout.map.groups[layout.map.first]]
    doubtful |= matches < limits.stray * min(layout.outline, ink.match)
    if not ink.flat:
        astray = matches < limits.outline * layout.outline
        doubtful |= astray | bool(astray.mean() > MISPLACED)
    doubtful |= (count == 1) & (next_best >= np.minimum(limits.rival, 0.6 * top))
    if _light_hand(state, np.asarray(agreed), hard=table.hard):
        # Marks may have vanished whole: a blank with a trace is no blank.
        doubtful |= (state == BLANK) & (top >= np.minimum(table.trace, table.limit / 2))
    shown = np.where((state == FAINT)[:, None], table.ink == top[:, None], marked & ~struck)
    traces = np.nan_to_num(table.ink, nan=-1) >= table.trace[:, None]
    erased = _values(layout, traces & ~marked & (count > 0)[:, None])
    values = _values(layout, shown)
    return Marks(tuple(state), values, confidence, doubtful, np.logical_not(agreed), erased, full)


def _light_hand(state: NDArray[np.object_], agreed: NDArray[np.bool_], *, hard: bool) -> bool:
    """Whether so many marks hover at the threshold that others may lie below it; in black and white, one."""
    hovering = (state == FAINT) | ~agreed
    few = 1 if hard else max(FEW_MARKS, HOVERING * (state != BLANK).sum())
    return bool(hovering.sum() >= few)


def _table(layout: Layout, ink: Ink, limits: Thresholds) -> tuple[_Table, float]:
    above = ink.mean - _blank_ink(layout, ink)
    identity = np.array([one.question in IDENTITY for one in layout.fields])
    rows = layout.map.fields
    relative, middle = np.empty(len(rows)), np.empty(len(rows))
    ring = ink.ring - np.quantile(ink.ring, LOW_SHARE)
    limit, trace = np.empty(len(identity)), np.empty(len(identity))
    full, hard = limits.usual, False
    for part in (identity, ~identity):
        bubbles = part[rows]
        if not bubbles.any():
            continue
        full = _full_ink(above[bubbles], rows[bubbles], limits)
        quiet = above[bubbles][above[bubbles] < 0.5 * full]
        noise = MAD * float(np.median(np.abs(quiet - np.median(quiet)))) if len(quiet) else 0.0
        usual_middle = _full_ink(ink.middle[bubbles], rows[bubbles], limits)
        hard = usual_middle > SATURATED
        blank = limits.blank / 2 if hard else limits.blank
        least = max(blank * full, limits.floor, limits.noise * noise) / full
        relative[bubbles], limit[part] = above[bubbles] / full, min(least, limits.mark)
        trace[part] = max(limits.trace, limits.noise * noise / full)
        middle[bubbles] = ink.middle[bubbles] / usual_middle
        ring[bubbles] /= full
    relative, middle, ring = (_padded(layout, one) for one in (relative, middle, ring))
    return _Table(relative, middle, ring, limit, trace, hard), float(full)


def _blank_ink(layout: Layout, ink: Ink) -> Floats:
    """Ink of each bubble's printed outline and character, from the sheet's own blank bubbles."""
    seen = ink.mean[~ink.lost]
    overall = float(np.quantile(seen, LOW_SHARE)) if len(seen) else 0.0
    values = np.array(layout.map.values)
    blank = np.full(len(values), overall)
    for value in dict.fromkeys(layout.map.values):
        same = (values == value) & ~ink.lost
        if same.sum() >= FEW_MARKS:
            # Bounded, because on some sheets most bubbles of a letter are filled.
            own = np.quantile(ink.mean[same], LOW_SHARE)
            blank[values == value] = np.clip(own, overall - GLYPH, overall + GLYPH)
    return blank


def _full_ink(above: NDArray[np.floating], rows: NDArray[np.int32], limits: Thresholds) -> float:
    """Darkness of a filled bubble: the median over fields of the darkest one where it is a mark."""
    _, place = np.unique(rows, return_inverse=True)
    tops = np.zeros(place.max() + 1)
    np.maximum.at(tops, place, above)
    marks = tops[tops > max(LEAST_MARK, 0.4 * float(np.quantile(tops, 0.95)))]
    return max(float(np.median(marks)), LEAST_FULL) if len(marks) >= FEW_MARKS else limits.usual


def _padded(layout: Layout, flat: NDArray[np.floating]) -> Floats:
    """Bubbles (bubbles,) as a table (fields, widest field), NaN where a field is shorter."""
    known = layout.map
    table = np.full((len(known.counts), int(known.counts.max())), np.nan)
    table[known.fields, np.arange(len(flat)) - known.first[known.fields]] = flat
    return table


def _struck(marked: NDArray[np.bool_], ring: Floats, limits: Thresholds) -> NDArray[np.bool_]:
    """Marks crossed out: strokes leave the bubble, and no other mark of the field shows the same."""
    around = np.where(marked, ring, 0.0)
    # Who marks with crosses leaves the bubble everywhere: only more than his own habit is striking out.
    usual = BEYOND_HABIT * float(np.median(ring[marked])) if marked.sum() >= FEW_MARKS else 0.0
    strokes = around >= limits.struck
    alone = (marked.sum(axis=1) == 1)[:, None]
    others = np.where(strokes, 0.0, around).max(axis=1, keepdims=True)
    clear = strokes & (strokes.sum(axis=1, keepdims=True) < marked.sum(axis=1, keepdims=True))
    clear &= others < 0.6 * around
    return np.asarray(np.where(alone, around >= max(ALONE * limits.struck, usual), clear), bool)


def _confidence(
    state: NDArray[np.object_], top: Floats, rival: Floats, limit: Floats, limits: Thresholds
) -> Floats:
    """How far the ink lies from the nearest threshold that would change the decision, 0-1."""
    single = np.minimum((top - limits.mark) / (1 - limits.mark), (limits.rival - rival) / limits.rival)
    blank = (limit - top) / limit
    multiple = (rival - limits.mark) / (1 - limits.mark)
    chosen = np.select([state == SINGLE, state == BLANK, state == MULTIPLE], [single, blank, multiple], 0.0)
    return np.asarray(np.clip(chosen, 0, 1), float)


def _values(layout: Layout, shown: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(
        "".join(value for value, on in zip(one.values, row, strict=False) if on)
        for one, row in zip(layout.fields, shown, strict=True)
    )
