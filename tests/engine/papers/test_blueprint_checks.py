from dataclasses import replace
from decimal import Decimal

import pytest

from tests.engine.papers.blueprints import A, K, U, example_a, example_b
from thucchat.engine.papers.blueprint import Blueprint, Cell, Stated
from thucchat.engine.papers.blueprint_checks import TaggedItem, blueprint_faults, paper_faults


def changed(cells=None, **changes):
    """Example A with other cells in its first line, or other fields of that line."""
    blueprint = example_a()
    first = replace(blueprint.lines[0], **changes)
    first = replace(first, cells={**first.cells, **(cells or {})})
    return replace(blueprint, lines=(first, blueprint.lines[1]))


@pytest.mark.parametrize("blueprint", [example_a(), example_b()])
def test_the_worked_examples_are_clean(blueprint):
    assert blueprint_faults(blueprint) == ()


@pytest.mark.parametrize(
    ("blueprint", "code", "words"),
    [
        (changed({("choice", K): Cell(9)}), "points.total", "10,25, phải là 10"),
        (changed({("true_false", K): Cell(3)}), "statements.four", "7 ý"),
        (changed({("essay", U): Cell(1)}), "points.missing", "Các phép tính, Tự luận, Hiểu"),
        (changed(outcomes={K: ("x",), A: ("y",)}), "outcome.missing", "mức Hiểu"),
        (changed(percent=Decimal(30)), "percent.line", "ghi 30 %, tính được 50 %"),
        (changed(percent=Decimal(30)), "percent.total", "30 %"),
        (replace(example_a(), stated=Stated({"choice": Decimal(4)})), "points.kind", "ghi 4 điểm"),
        (replace(example_a(), stated=Stated({}, {A: Decimal("2.5")})), "points.level", "2,5"),
        (replace(example_a(), lines=example_a().lines[:1] * 2), "line.twice", "hai dòng"),
        (Blueprint("", ()), "lines.none", "chưa có dòng"),
    ],
)
def test_each_fault_is_named_with_its_place(blueprint, code, words):
    found = {fault.code: fault.message for fault in blueprint_faults(blueprint)}

    assert words in found[code]


def items_of(blueprint):
    """A paper that meets the blueprint: statements of a line and kind are dealt into questions by four."""
    items = []
    for line in blueprint.lines:
        statements = []
        for (kind, level), cell in line.cells.items():
            if kind == "true_false":
                statements += [level] * cell.count
                continue
            items += [
                TaggedItem(f"{len(items)}{n}", line.topic, line.content, kind, (level,))
                for n in range(cell.count)
            ]
        for start in range(0, len(statements), 4):
            levels = tuple(statements[start : start + 4])
            items.append(TaggedItem(f"đs{start}", line.topic, line.content, "true_false", levels))
    return items


@pytest.mark.parametrize("blueprint", [example_a(), example_b()])
def test_a_paper_on_the_matrix_has_no_faults(blueprint):
    assert paper_faults(blueprint, items_of(blueprint)) == ()


def test_a_paper_off_the_matrix_is_told_each_cell():
    blueprint = example_a()
    items = items_of(blueprint)
    first = replace(items[0], levels=(A,))
    stray = TaggedItem("lạ", "Hình học", "Góc", "choice", (K,))

    faults = paper_faults(blueprint, [first, *items[1:], stray])

    assert {(fault.code, fault.message) for fault in faults} == {
        ("cell.count", "Các phép tính, Nhiều lựa chọn, Biết: cần 8, đề có 7."),
        ("cell.count", "Các phép tính, Nhiều lựa chọn, Vận dụng: cần 0, đề có 1."),
        ("item.outside", "Ma trận không có dòng cho Hình học, Góc, Nhiều lựa chọn, Biết."),
    }


def test_a_true_false_question_without_four_levels_is_named():
    items = items_of(example_a())
    place = next(n for n, item in enumerate(items) if item.kind == "true_false")
    items[place] = replace(items[place], levels=(K, K, K))

    assert {fault.code for fault in paper_faults(example_a(), items)} == {"cell.count", "item.levels"}
