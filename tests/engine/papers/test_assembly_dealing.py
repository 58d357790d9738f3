import numpy as np
import pytest

from thucchat.engine.papers.assembly_dealing import deal
from thucchat.engine.papers.assembly_model import Problem, solve


def problem_of(information, *, forms=2, groups=(), band=None):
    items, points = information.shape
    return Problem(
        tags=np.ones((items, 1)),
        demand=np.array([items / forms]),
        groups=np.array(groups, dtype=float).reshape(-1, items),
        group_limit=1,
        sizes=np.zeros((0, items)),
        caps=np.zeros(0),
        information=information,
        base=np.zeros(points),
        shape=np.ones(points),
        band=band,
        exposure=np.zeros(items),
        forms=forms,
    )


@pytest.mark.parametrize("seed", range(5))
def test_exchanges_only_ever_help_and_never_beat_the_solver(seed):
    information = np.random.default_rng(seed).uniform(0.2, 1.2, (12, 2))
    problem = problem_of(information)
    best = solve(problem).share

    dealt = deal(problem, np.arange(12), goal=best)

    assert (dealt.chosen.sum(axis=0) == 1).all()
    assert best * 0.9 <= dealt.share <= best + 1e-9


def test_an_item_of_the_bank_replaces_one_that_was_chosen():
    problem = problem_of(np.array([[3.0], [1.0], [2.0], [3.0]]))

    dealt = deal(problem, np.array([0, 1]), goal=3.0)

    assert dealt.share == 3.0
    assert dealt.chosen.any(axis=0).tolist() == [True, False, False, True]


def test_enemies_are_parted_even_where_information_would_keep_them_together():
    problem = problem_of(np.array([[3.0], [1.0], [2.0], [2.0]]), groups=[[1, 1, 0, 0]])

    dealt = deal(problem, np.arange(4), goal=4.0)

    assert dealt.chosen[:, :2].sum(axis=1).tolist() == [1, 1]


def test_what_exchanges_cannot_do_is_left_to_the_solver():
    uneven, enemies = problem_of(np.ones((3, 1))), problem_of(np.ones((4, 1)), groups=[[1, 1, 1, 0]])
    apart = problem_of(np.array([[1.0, 9.0], [1.0, 9.0]]), band=0.1)

    for problem in (uneven, enemies, apart):
        assert deal(problem, np.arange(len(problem.tags)), goal=2.0).chosen is None
