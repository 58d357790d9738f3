import json

import polars as pl
import pytest

from tests.engine.papers.blueprints import example_a
from thucchat.cli.main import main
from thucchat.engine.papers.blueprint_xlsx import blueprint_to_xlsx


@pytest.fixture
def room(tmp_path):
    """Example A of the matrix, and a bank with three times what it asks for."""
    (tmp_path / "matrix.xlsx").write_bytes(blueprint_to_xlsx(example_a()))
    rows = []
    for line in example_a().lines:
        for (kind, level), cell in line.cells.items():
            count, levels = (cell.count // 4, [level] * 4) if kind == "true_false" else (cell.count, [level])
            for number in range(3 * count):
                code = f"{line.content}-{kind}-{level}-{number}"
                place = (code, line.topic, line.content, kind, ",".join(levels), f"U{number % 4}")
                rows.append((*place, f"1,{number}", f"{number - 5},5"))
    names = ["id", "topic", "content", "kind", "level", "unit", "a", "b"]
    pl.DataFrame(rows, schema=names, orient="row").write_csv(tmp_path / "bank.csv", separator=";")
    return tmp_path


def call(room, *more):
    words = ["paper", "assemble", room / "bank.csv", "--blueprint", room / "matrix.xlsx", "--json", *more]
    return main(list(map(str, words)))


def test_two_parallel_forms_meet_the_matrix(room, capsys):
    assert call(room, "--forms", 2, "--gap", 0.05) == 0

    made = json.loads(capsys.readouterr().out)
    kinds = [[one.split("-")[1] for one in form] for form in made["forms"]]
    assert all(own.count("choice") == 12 and own.count("true_false") == 2 for own in kinds)
    assert all(own.count("short_answer") == 4 and own.count("essay") == 2 for own in kinds)
    assert not set(made["forms"][0]) & set(made["forms"][1])
    assert made["gap"] <= 0.05
    assert made["blueprint_faults"] == made["shortages"] == []


def test_a_shortage_is_listed_by_cell_with_exit_code_one(room, capsys):
    assert call(room, "--forms", 4) == 1

    short = json.loads(capsys.readouterr().out)
    assert short["forms"] == []
    cells = {one["cell"]: one["missing"] for one in short["shortages"]}
    assert cells["Số hữu tỉ|Các phép tính|choice|Biết"] == 8


def test_a_bank_without_statistics_is_enough_for_the_matrix(room, capsys):
    frame = pl.read_csv(room / "bank.csv", separator=";", infer_schema_length=0).drop("a", "b")
    frame.write_csv(room / "bank.csv")

    assert call(room) == 0
    assert json.loads(capsys.readouterr().out)["share"] == 0


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("level", "Giỏi", "“Giỏi”"),
        ("kind", "điền", "“điền”"),
        ("b", "khó", "cột b"),
        ("topic", None, "topic"),
    ],
)
def test_bad_cells_are_named_with_their_line(room, capsys, column, value, word):
    frame = pl.read_csv(room / "bank.csv", separator=";", infer_schema_length=0)
    frame = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 3).then(pl.lit(value)).otherwise(column).alias(column)
    )
    frame.write_csv(room / "bank.csv")

    assert call(room) == 2
    said = capsys.readouterr().err
    assert word in said
    assert "dòng 5" in said
