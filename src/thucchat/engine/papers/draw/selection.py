"""From the seed to the forms: unit by weight, then entry within the unit, cell by cell.

Drawing the unit first makes a unit's chance the same however many papers it proposed. Where caps leave no
entry for a cell, or no form for a unit, the whole draw starts again with the next numbers of the stream.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate

from thucchat.engine.errors import NoResult
from thucchat.engine.papers.draw.generator import Numbers
from thucchat.engine.papers.draw.model import Announcement, Entry, Rules, Selection

MOST_ATTEMPTS = 10_000


def select(announcement: Announcement, seed: str) -> Selection:
    """The forms and who sits which.

    Raises:
        NoResult: `draw.tight` when the caps let no attempt succeed.
    """
    numbers = Numbers(seed)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        forms = _forms(announcement, numbers)
        seats = None if forms is None else _seats(announcement.rules, forms)
        if forms is not None and seats is not None:
            ids = tuple(tuple(entry.id for entry in form) for form in forms)
            return Selection(ids, seats, attempt)
    message = f"Sau {MOST_ATTEMPTS} lượt vẫn không có đề nào thoả các mức trần; hãy nới trần hoặc thêm đề."
    raise NoResult("draw.tight", message)


def _forms(announcement: Announcement, numbers: Numbers) -> list[list[Entry]] | None:
    rules = announcement.rules
    cells: dict[str, list[Entry]] = {}
    for entry in announcement.pool:
        cells.setdefault(entry.cell, []).append(entry)
    whole: Counter[str] = Counter()
    forms = []
    for _ in range(rules.forms):
        held: Counter[str] = Counter()
        form: list[Entry] = []
        for cell in (cell for cell, count in rules.matrix for _ in range(count)):
            free = [entry for entry in cells.get(cell, ()) if _fits(entry, rules, used=(held, whole))]
            if not free:
                return None
            entry = _draw(free, announcement.weights, numbers)
            cells[cell].remove(entry)
            held[entry.unit] += entry.size
            whole[entry.unit] += entry.size
            form.append(entry)
        forms.append(form)
    return forms


def _fits(entry: Entry, rules: Rules, *, used: tuple[Counter[str], Counter[str]]) -> bool:
    bounds = zip((rules.form_cap, rules.draw_cap), used, strict=True)
    return all(cap is None or held[entry.unit] + entry.size <= cap for cap, held in bounds)


def _draw(free: list[Entry], weights: Mapping[str, int], numbers: Numbers) -> Entry:
    units = sorted({entry.unit for entry in free})
    upto = list(accumulate(weights[unit] for unit in units))
    unit = units[bisect_right(upto, numbers.below(upto[-1]))]
    own = [entry for entry in free if entry.unit == unit]
    return own[numbers.below(len(own))]


def _seats(rules: Rules, forms: list[list[Entry]]) -> dict[str, int] | None:
    """The first form in which each sitting unit holds no more than it may, or none where a unit has none."""
    seats: dict[str, int] = {}
    if rules.own_cap is None:
        return seats
    for unit in rules.sitting:
        own = [sum(entry.size for entry in form if entry.unit == unit) for form in forms]
        place = next((place for place, size in enumerate(own, start=1) if size <= rules.own_cap), None)
        if place is None:
            return None
        seats[unit] = place
    return seats
