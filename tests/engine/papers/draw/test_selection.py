from collections import Counter
from hashlib import sha256

import pytest
from scipy.stats import chisquare

from tests.engine.papers.draw.ceremonies import announced, papers, print_of
from thucchat.engine.errors import NoResult
from thucchat.engine.papers.draw.generator import Numbers
from thucchat.engine.papers.draw.model import Entry, Rules
from thucchat.engine.papers.draw.selection import select

DRAWS = 10_000
LEAST_P = 0.001


def seed_of(number):
    return sha256(f"lần {number}".encode()).hexdigest()


def test_ten_thousand_draws_follow_the_weights_of_units_however_many_papers_each_proposed():
    pool = papers({"A": 5, "B": 1, "C": 2})
    weights = {"A": 1, "B": 2, "C": 1}
    announcement = announced(pool, weights=weights)
    drawn = Counter(select(announcement, seed_of(number)).forms[0][0] for number in range(DRAWS))
    share = {"A": 1 / 4 / 5, "B": 2 / 4, "C": 1 / 4 / 2}
    expected = [DRAWS * share[entry.unit] for entry in pool]

    assert chisquare([drawn[entry.id] for entry in pool], expected).pvalue > LEAST_P


def test_numbers_of_the_stream_are_uniform_below_any_bound():
    numbers = Numbers(seed_of(0))
    for bound in (2, 7, 10):
        seen = Counter(numbers.below(bound) for _ in range(DRAWS))
        assert chisquare([seen[value] for value in range(bound)]).pvalue > LEAST_P
    assert [numbers.below(1) for _ in range(3)] == [0, 0, 0]


def test_a_block_of_the_stream_is_the_hash_of_seed_and_counter():
    seed, bound = "ab" * 32, 1_000_003
    blocks = [sha256(bytes.fromhex(seed) + bytes(7) + bytes([n])).hexdigest() for n in range(5)]
    numbers = Numbers(seed)

    assert [numbers.below(bound) for _ in range(5)] == [int(block, 16) % bound for block in blocks]


ITEMS = tuple(
    sorted(
        (
            Entry(f"{cell}{unit}{n}", unit, print_of(f"{cell}{unit}{n}"), cell)
            for cell in ("c1", "c2")
            for unit in "ABCD"
            for n in range(3)
        ),
        key=lambda entry: entry.id,
    )
)


def test_composed_forms_meet_the_matrix_and_every_cap_and_repeat_nothing():
    rules = Rules((("c1", 3), ("c2", 3)), forms=2, form_cap=2, draw_cap=4, own_cap=1, sitting=("A", "B"))
    announcement = announced(ITEMS, rules=rules)
    entry_of = {entry.id: entry for entry in ITEMS}
    for number in range(100):
        selection = select(announcement, seed_of(number))
        forms = [[entry_of[one] for one in form] for form in selection.forms]
        assert all([e.cell for e in form] == ["c1"] * 3 + ["c2"] * 3 for form in forms)
        assert max(max(Counter(e.unit for e in form).values()) for form in forms) <= 2
        assert max(Counter(e.unit for form in forms for e in form).values()) <= 4
        assert len({e.id for form in forms for e in form}) == 12
        for unit, place in selection.seats.items():
            assert sum(e.unit == unit for e in forms[place - 1]) <= 1


def test_items_of_equal_units_are_drawn_equally_often_under_a_cap():
    announcement = announced(ITEMS, rules=Rules((("c1", 2), ("c2", 2)), form_cap=2))
    drawn = Counter(one for number in range(3000) for one in select(announcement, seed_of(number)).forms[0])
    # Draws of one form depend on each other, which only makes the statistic smaller.
    assert chisquare([drawn[entry.id] for entry in ITEMS]).pvalue > LEAST_P


def test_caps_that_no_draw_can_meet_are_named():
    rules = Rules((("paper", 1),), forms=3, draw_cap=1)
    with pytest.raises(NoResult) as refusal:
        select(announced(papers({"A": 2, "B": 2}), rules=rules), seed_of(1))
    assert refusal.value.code == "draw.tight"
