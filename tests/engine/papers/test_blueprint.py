"""Sums as Công văn 7991/BGDĐT-GDTrH prints them: 3-2-2-3, or 3-4-3 without short answers; 4-3-3 by level."""

from decimal import Decimal

import pytest

from tests.engine.papers.blueprints import example_a, example_b
from thucchat.engine.papers.blueprint import Level, by_kind, by_level


@pytest.mark.parametrize(("blueprint", "kinds"), [(example_a(), (3, 2, 2, 3)), (example_b(), (3, 4, 0, 3))])
def test_the_worked_examples_add_up_as_printed(blueprint, kinds):
    points = blueprint.points()

    assert tuple(by_kind(points).values()) == kinds
    assert tuple(by_level(points).values()) == (4, 3, 3)
    assert sum(points.values()) == 10


def test_points_of_one_cell_and_counts_of_all():
    blueprint = example_b()

    assert blueprint.points()["true_false", Level.KNOW] == Decimal("1.5")
    assert sum(n for (kind, _), n in blueprint.counts().items() if kind == "true_false") == 16
