"""Announcements and chances for tests, all from one number."""

import random
from dataclasses import replace
from hashlib import sha256

from thucchat.engine.papers.draw.model import Announcement, Chance, Entry, Rules, Source
from thucchat.engine.papers.draw.seed import commit

DICE, LOTTERY, BEACON = (
    Source("dice", "20 xúc xắc mười mặt"),
    Source("lottery", "Xổ số miền Bắc ngày 20/01/2025, giải đặc biệt"),
    Source("beacon", "drand vòng 4711"),
)


def print_of(text):
    return sha256(text.encode()).hexdigest()


def value_of(unit, seed):
    return f"{unit}-{sha256(f'{unit}{seed}'.encode()).hexdigest()[:32]}"


def papers(counts):
    """Whole papers: how many each unit proposes."""
    pairs = [(f"{unit}-{n}", unit) for unit, count in counts.items() for n in range(count)]
    return tuple(Entry(name, unit, print_of(name)) for name, unit in sorted(pairs))


def announced(pool, *, rules=None, weights=None, units=None, **changes):
    units = units or sorted({entry.unit for entry in pool})
    made = Announcement(
        "KS-HK1-2025-TOAN9",
        1,
        "Bốc thăm đề khảo sát Toán 9",
        "2025-01-19T08:00:00",
        rules or Rules((("paper", 1),)),
        pool,
        weights or {entry.unit: 1 for entry in pool},
        {unit: commit("KS-HK1-2025-TOAN9", unit, value_of(unit, 0)) for unit in units},
        (DICE, LOTTERY, BEACON),
    )
    return replace(made, **changes)


def chance(announcement, seed=0):
    generator = random.Random(seed)
    digits = "".join(generator.choice("0123456789") for _ in range(20))
    results = {DICE.name: digits, LOTTERY.name: "48213"}
    reveals = {unit: value_of(unit, 0) for unit in announcement.commitments}
    return Chance(reveals, "2025-01-20T08:00:00", results, "2025-01-20T08:15:00")


def random_ceremony(seed):
    """A draw of papers, or of items under a matrix, with some of everything that rules allow."""
    generator = random.Random(seed)
    units = [f"X{n:02d}" for n in range(generator.randint(3, 6))]
    cells = [("paper", 1)] if seed % 2 else [("Đại số|Biết", 3), ("Hình|Hiểu", 2)]
    pool = sorted(
        (
            Entry(f"{cell}-{unit}-{n}", unit, print_of(f"{cell}{unit}{n}"), cell, generator.randint(1, 2))
            for cell, _ in cells
            for unit in units
            for n in range(generator.randint(3, 5))
        ),
        key=lambda entry: entry.id,
    )
    own = generator.random() < 0.5
    rules = Rules(
        tuple(cells),
        forms=generator.randint(2, 3),
        form_cap=generator.choice([None, 5]),
        draw_cap=generator.choice([None, 12]),
        own_cap=(0 if seed % 2 else 3) if own else None,
        sitting=tuple(generator.sample(units, 2)) if own else (),
    )
    made = announced(tuple(pool), rules=rules, weights={unit: generator.randint(1, 4) for unit in units})
    came = chance(made, seed)
    reveals = {unit: value for unit, value in came.reveals.items() if generator.random() < 0.8}
    if generator.random() < 0.3:
        came = replace(came, results={**came.results, BEACON.name: print_of(str(seed))})
    return made, replace(came, reveals=reveals)
