import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.engine.papers.blueprints import example_a, example_b
from thucchat.engine.papers.blueprint import PLACES, Blueprint, Cell, Level, Line
from thucchat.engine.papers.blueprint_reading import read_blueprint
from thucchat.engine.papers.blueprint_xlsx import blueprint_to_xlsx

WORD = st.text("abcđêốƯx", min_size=1, max_size=6).map(lambda text: f"Phần {text}")
POINTS = st.none() | st.integers(1, 40).map(lambda n: Decimal(n) / 4)
CELLS = st.dictionaries(
    st.sampled_from(PLACES),
    st.builds(Cell, st.integers(1, 12), POINTS, st.sampled_from(["", "TD", "GQ1"])),
    min_size=1,
)
OUTCOMES = st.dictionaries(st.sampled_from(Level), st.lists(WORD, min_size=1, max_size=2).map(tuple))
LINES = st.lists(
    st.builds(Line, WORD, WORD, CELLS, OUTCOMES), min_size=1, max_size=4, unique_by=lambda line: line.content
)


def bare(blueprint):
    """Without what a file states beside the cells."""
    lines = tuple(replace(line, percent=None) for line in blueprint.lines)
    return replace(blueprint, lines=lines, stated=Blueprint("", ()).stated)


@given(st.builds(Blueprint, WORD, LINES.map(tuple)))
def test_a_blueprint_comes_back_from_its_workbook(blueprint):
    assert bare(read_blueprint(blueprint_to_xlsx(blueprint))) == blueprint


@pytest.mark.parametrize("blueprint", [example_a(), example_b()])
def test_a_second_round_changes_nothing(blueprint):
    once = read_blueprint(blueprint_to_xlsx(blueprint))

    assert read_blueprint(blueprint_to_xlsx(once)) == once
    assert [str(value) for value in once.stated.levels.values()] == ["4", "3", "3"]
    assert sum(line.percent for line in once.lines) == 100


def test_the_matrix_has_nineteen_columns_and_the_foot_of_the_official_form():
    book = CalamineWorkbook.from_filelike(io.BytesIO(blueprint_to_xlsx(example_a())))
    matrix, specification = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    foot = {row[0]: row[3:18] for row in matrix[-3:]}

    assert (len(matrix[1]), len(specification[1])) == (19, 16)
    assert [value for value in foot["Tổng số điểm"] if value != ""] == [3, 2, 2, 3, 4, 3, 3]
    assert [value for value in foot["Tỉ lệ %"] if value != ""] == [30, 20, 20, 30, 40, 30, 30]
