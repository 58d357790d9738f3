"""Speed of the item bank: a paper searched for among 100,000 items, parallel forms assembled."""

import time

import numpy as np

from thucchat.engine.papers.assembly import Candidate, Wanted, assemble, information_3pl
from thucchat.engine.papers.duplicates import ItemText, build_index, find_duplicates

ITEMS, PAPER = 100_000, 50
BANK, FORMS, LENGTH, CELLS, UNITS = 5_000, 4, 40, 10, 20
THETA = np.array([-1.5, -0.5, 0.5, 1.5])
WORD_LIST = """nhiệt độ áp suất nồng gia tốc vận khối lượng thể tích diện chu kì biên tần số công điện trở
cường hiệu thế khí hậu dân nông nghiệp dịch vụ văn hoá giáo dục chính trị ngoại quân sự cách mạng khởi nghĩa
hiệp định tế bào nhiễm sắc đột biến di truyền tiến quần xã axit bazơ muối kim loại hàm nghiệm góc cạnh
"""
SYLLABLES = WORD_LIST.split()


def run(scale: float) -> None:
    """Print both tables; `scale` changes the number of items."""
    rng = np.random.default_rng(2025)
    print(f"{'items':>8}{'index, s':>10}{'search, s':>11}{'found':>8}   target 2 s for both at {ITEMS:,}")
    for part in (0.25, 0.5, 1.0):
        _search(max(PAPER, round(ITEMS * scale * part)), rng)
    _assemble(max(400, round(BANK * scale)), rng)


def _search(count: int, rng: np.random.Generator) -> None:
    """Half of the paper repeats items of the bank with a few words changed."""
    bank = [_item(number, rng) for number in range(count)]
    asked = [_reworded(bank[number], number) for number in rng.choice(count, PAPER // 2, replace=False)]
    asked += [_item(count + number, rng) for number in range(PAPER - len(asked))]
    begun = time.perf_counter()
    index = build_index(bank)
    built = time.perf_counter()
    found = {pair.asked for pair in find_duplicates(index, asked)}
    print(f"{count:>8}{built - begun:>10.2f}{time.perf_counter() - built:>11.2f}{len(found):>5}/{PAPER // 2}")


def _item(number: int, rng: np.random.Generator) -> ItemText:
    words = [SYLLABLES[place] for place in rng.integers(0, len(SYLLABLES), 34)]
    stem = f"Cho {' '.join(words[:14])} $x^{{{number % 97}}}+{number}$ thì {' '.join(words[14:18])} bằng"
    return ItemText(f"c{number}", stem, tuple(" ".join(words[18 + 4 * n : 22 + 4 * n]) for n in range(4)))


def _reworded(item: ItemText, number: int) -> ItemText:
    return ItemText(f"hỏi{number}", item.stem.replace("Cho", "Với").replace("bằng", "là"), item.options[::-1])


def _assemble(count: int, rng: np.random.Generator) -> None:
    cells = rng.integers(0, CELLS, count)
    units = rng.integers(0, UNITS, count)
    groups = rng.integers(0, count // 4, count)
    bank = [
        Candidate(f"c{n}", {f"ô {cells[n]}": 1}, f"U{units[n]}", (f"n{groups[n]}",), int(rng.integers(0, 4)))
        for n in range(count)
    ]
    a, b, c = rng.lognormal(0, 0.3, count), rng.normal(size=count), np.full(count, 0.2)
    wanted = Wanted(
        {f"ô {cell}": LENGTH // CELLS for cell in range(CELLS)}, FORMS, (1.0,) * len(THETA), unit_cap=8
    )
    begun = time.perf_counter()
    made = assemble(bank, information_3pl(a, b, c, theta=THETA), wanted)
    seconds = time.perf_counter() - begun
    spread = made.information.min(axis=0) / made.information.max(axis=0)
    print(
        f"{FORMS} forms of {LENGTH} from {count:,} items in {seconds:.1f} s (target 30 s), {made.gap:.2%} "
        f"from the bound (target 1 %), information of the least form at least {spread.min():.1%} of the best"
    )
