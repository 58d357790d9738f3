from itertools import combinations

import numpy as np
import pytest

from tests.engine.papers.blueprints import example_a
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.papers.assembly import (
    Candidate,
    Shortage,
    Wanted,
    assemble,
    demand_of,
    information_3pl,
)

THETA = np.array([-1.0, 0.0, 1.0])
SHAPE = (1.0, 1.5, 1.0)


def bank_of(size, cells=("a", "b"), seed=1):
    rng = np.random.default_rng(seed)
    bank = [
        Candidate(f"c{n}", {cells[n % len(cells)]: 1}, f"U{n % 5}", (f"nhóm{n // 2}",) if n % 6 == 0 else ())
        for n in range(size)
    ]
    a, b, c = rng.lognormal(0, 0.3, size), rng.normal(size=size), np.full(size, 0.2)
    return bank, information_3pl(a, b, c, theta=THETA)


def share_of(information, form):
    return (information[list(form)].sum(axis=0) / SHAPE).min()


@pytest.mark.parametrize("seed", range(4))
def test_the_optimum_of_a_small_pool_equals_that_of_trying_everything(seed):
    bank, information = bank_of(10, seed=seed)
    wanted = Wanted({"a": 2, "b": 2}, shape=SHAPE, gap=0.0, unit_cap=1)
    best = max(
        share_of(information, form)
        for form in combinations(range(10), 4)
        if sum(place % 2 for place in form) == 2 and len({bank[place].unit for place in form}) == 4
    )

    assert assemble(bank, information, wanted).share == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_two_forms_of_a_small_pool_equal_the_best_split(seed):
    bank, information = bank_of(8, seed=seed)
    pairs = [form for form in combinations(range(8), 2) if sum(place % 2 for place in form) == 1]
    best = max(
        min(share_of(information, one), share_of(information, two))
        for one, two in combinations(pairs, 2)
        if not set(one) & set(two)
    )

    made = assemble(bank, information, Wanted({"a": 1, "b": 1}, forms=2, shape=SHAPE, gap=0.0))

    assert made.share == pytest.approx(best, rel=1e-6)


def test_parallel_forms_keep_every_rule():
    bank, information = bank_of(200)
    wanted = Wanted(
        {"a": 6, "b": 6}, forms=3, shape=SHAPE, anchors=("c1", "c2"), unit_cap=4, band=0.4, gap=0.05
    )
    made = assemble(bank, information, wanted)
    items = {item.id: item for item in bank}

    assert made.gap <= 0.05
    assert (made.information >= made.share * np.array(SHAPE) - 1e-6).all()
    assert (made.information <= made.share * np.array(SHAPE) * 1.4 + 1e-3).all()
    assert all(form[:2] == ("c1", "c2") for form in made.forms)
    rest = [one for form in made.forms for one in form[2:]]
    assert len(set(rest)) == len(rest) == 30
    for form in made.forms:
        own = [items[one] for one in form]
        assert sum("a" in item.cells for item in own) == sum("b" in item.cells for item in own) == 6
        assert max(sum(item.unit == unit for item in own) for unit in {item.unit for item in own}) <= 4
        groups = [group for item in own for group in item.enemies]
        assert len(set(groups)) == len(groups)


def test_enemies_never_meet_even_where_they_would_inform_most():
    bank = [Candidate("x", {"a": 1}, enemies=("e",)), Candidate("y", {"a": 1}, enemies=("e",))]
    bank += [Candidate("z", {"a": 1})]
    information = np.array([[9.0], [8.0], [1.0]])

    made = assemble(bank, information, Wanted({"a": 2}, shape=(1.0,)))

    assert made.forms == (("x", "z"),)


def test_a_shortage_is_reported_per_cell_and_not_filled_from_another():
    bank, information = bank_of(20)
    with pytest.raises(NoResult) as refusal:
        assemble(bank, information, Wanted({"a": 8, "b": 2, "c": 1}, forms=2, shape=SHAPE))
    assert refusal.value.code == "assembly.short"
    assert refusal.value.facts["shortages"] == (Shortage("a", 16, 6), Shortage("c", 2, 2))


def test_a_shortage_made_by_enemies_alone_is_found():
    bank = [Candidate(f"{n}", {"a": 1}, enemies=("e",)) for n in range(5)]
    with pytest.raises(NoResult) as refusal:
        assemble(bank, np.ones((5, 1)), Wanted({"a": 2}, forms=2, shape=(1.0,)))
    assert refusal.value.facts["shortages"] == (Shortage("a", 4, 2),)


def test_without_statistics_items_used_least_are_taken():
    bank = [Candidate(f"c{n}", {"a": 1}, exposure=n) for n in range(6)]

    made = assemble(bank, np.zeros((6, 0)), Wanted({"a": 2}, forms=2))

    assert sorted(one for form in made.forms for one in form) == ["c0", "c1", "c2", "c3"]


def test_items_used_too_often_stay_out():
    bank = [Candidate("often", {"a": 1}, exposure=3), Candidate("new", {"a": 1})]

    made = assemble(bank, np.array([[5.0], [1.0]]), Wanted({"a": 1}, shape=(1.0,), most_exposure=2))

    assert made.forms == (("new",),)


def test_true_false_questions_fill_several_cells_at_once():
    bank = [
        Candidate("q1", {"k": 2, "u": 2}),
        Candidate("q2", {"k": 4}),
        Candidate("q3", {"u": 3, "k": 1}),
        Candidate("q4", {"k": 3, "u": 1}),
    ]
    made = assemble(bank, np.ones((4, 1)), Wanted({"k": 4, "u": 4}, shape=(1.0,)))

    assert set(made.forms[0]) == {"q3", "q4"}


def test_the_demand_of_a_blueprint_names_every_cell():
    demand = demand_of(example_a())

    assert demand["Số hữu tỉ|Các phép tính|choice|Biết"] == 8
    assert sum(demand.values()) == 12 + 8 + 4 + 2


def test_information_equals_the_slope_squared_over_the_variance():
    a, b, c, step = np.array([1.3]), np.array([0.4]), np.array([0.2]), 1e-5
    at = lambda theta: c + (1 - c) / (1 + np.exp(-a * (theta - b)))  # noqa: E731 - a formula beside its test
    slope = (at(THETA + step) - at(THETA - step)) / (2 * step)

    assert information_3pl(a, b, c, theta=THETA)[0] == pytest.approx(slope**2 / (at(THETA) * (1 - at(THETA))))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"forms": 0}, "wanted"),
        ({"demand": {}}, "wanted"),
        ({"shape": (0.0, 1.0, 1.0)}, "wanted"),
        ({"shape": (1.0,)}, "bank"),
        ({"anchors": ("lạ",)}, "anchor"),
        ({"anchors": ("c0", "c2")}, "anchor"),
    ],
)
def test_what_cannot_be_asked_is_refused(changes, code):
    bank, information = bank_of(6)
    wanted = {"demand": {"a": 1, "b": 1}, "shape": SHAPE, **changes}
    with pytest.raises(InvalidInput) as refusal:
        assemble(bank, information, Wanted(**wanted))
    assert refusal.value.code == f"assembly.{code}"
