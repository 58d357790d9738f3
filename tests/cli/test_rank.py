import json

import polars as pl
import pytest

from thucchat.cli.main import main

ROWS = "Trường;Ước lượng;Sai số\nA;1,2;0,2\nB;0,2;0,1\nC;;0,1\nD;0,2;0\nE;-2;0,5\n"
COLUMNS = ("--unit", "trường", "--estimate", "ước lượng", "--se", "sai số")


@pytest.fixture
def schools(tmp_path):
    path = tmp_path / "truong.csv"
    path.write_text("\ufeff" + ROWS, encoding="utf-8")
    return path


def ranked(capsys, *words):
    assert main(["rank", *map(str, words), *COLUMNS, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_keys_are_those_of_the_contract(schools, capsys):
    found = ranked(capsys, schools)

    assert [row["unit"] for row in found["units"]] == ["A", "B", "C", "D", "E"]
    assert {"unit", "estimate", "se", "rank", "low", "high", "expected_rank"} <= set(found["units"][0])
    assert [row["rank"] for row in found["units"]] == [1, 2, None, 2, 4]
    assert [(row["low"], row["high"]) for row in found["units"]][::3] == [(1, 1), (2, 3)]
    assert found["units"][2]["reason"] == "thiếu ước lượng hoặc sai số chuẩn"
    assert (found["level"], found["kind"], found["first"]) == (0.9, "marginal", "highest")


def test_simultaneous_sets_level_and_seed_are_as_asked(schools, capsys):
    words = (schools, "--simultaneous", "--level", "0.75", "--seed", "5", "--draws", "500")

    first, second = ranked(capsys, *words), ranked(capsys, *words)

    assert first == second
    assert (first["kind"], first["level"], first["seed"]) == ("simultaneous", 0.75, 5)


def test_lower_can_be_better(schools, capsys):
    found = ranked(capsys, schools, "--lower-better", "--top", "1")

    assert [row["rank"] for row in found["units"]] == [4, 2, None, 2, 1]
    assert [row["top"] for row in found["units"]] == ["excluded", "excluded", None, "excluded", "certain"]
    assert found["units"][4]["estimate"] == -2


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_other_files_give_the_same(schools, capsys, tmp_path, suffix):
    other = tmp_path / f"truong.{suffix}"
    table = pl.read_csv(schools, separator=";", decimal_comma=True)
    {"xlsx": table.write_excel, "parquet": table.write_parquet}[suffix](other)

    assert ranked(capsys, other) == ranked(capsys, schools)


def test_the_table_orders_groups_and_gives_no_order_inside_them(schools, capsys):
    assert main(["rank", str(schools), *COLUMNS]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[3:]] == [
        ["1", "A"],
        ["2", "B"],
        ["2", "D"],
        ["3", "E"],
        ["-", "C"],
    ]
    assert "2 (2-3)" in lines[4]


def test_results_can_go_to_a_file(schools, tmp_path):
    out = tmp_path / "hang.csv"

    assert main(["rank", str(schools), *COLUMNS, "--out", str(out)]) == 0

    assert pl.read_csv(out)["rank"].to_list() == [1, 2, None, 2, 4]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("u,e,s\nA,1,1\nA,2,1\n", "Dòng 3: đơn vị “A” có hai dòng."),
        ("u,e,s\nA,1,1\n,2,1\n", "Dòng 3: thiếu tên đơn vị"),
        ("u,e,s\nA,x,1\n", "Dòng 2, cột “e”: “x” không phải là số."),
        ("u,e,s\nA,1,1\nB,2,-1\n", "Sai số chuẩn không được âm."),
        ("u,e\nA,1\n", "Không có cột “s”."),
        ("u,e,s\nA,1,1\n", "Xếp hạng cần từ 2 đến 5000 đơn vị"),
    ],
)
def test_bad_files_end_with_two_and_a_sentence(tmp_path, capsys, rows, message):
    path = tmp_path / "x.csv"
    path.write_text(rows, encoding="utf-8")

    assert main(["rank", str(path), "--unit", "u", "--estimate", "e", "--se", "s"]) == 2

    assert message in capsys.readouterr().err
