import json

import numpy as np
import polars as pl
import pytest

from thucchat.cli.main import main

COLUMNS = ("--record", "hocba", "--exam", "thi", "--by", "truong")


@pytest.fixture
def marks(tmp_path):
    rng = np.random.default_rng(50)
    rows = [
        (school, subject, year, 40 if school != "Nhỏ" else 4)
        for school in ("A", "B", "Nhỏ")
        for subject in ("Toán", "Văn")
        for year in ("2023", "2024")
    ]
    parts = []
    for school, subject, year, count in rows:
        exam = np.clip(rng.normal(5, 1.5, count), 0, 10).round(2)
        lenient = 2 if (school, year) == ("A", "2023") else 0.5
        record = np.clip(exam + lenient + rng.normal(0, 0.5, count), 0, 10).round(1)
        parts.append(
            pl.DataFrame({"hocba": record, "thi": exam}).with_columns(
                truong=pl.lit(school), mon=pl.lit(subject), nam=pl.lit(year)
            )
        )
    path = tmp_path / "diem.csv"
    pl.concat(parts).write_csv(path)
    return path


def test_each_school_and_subject_has_its_gap_or_a_reason(marks, capsys):
    assert main(["gap", str(marks), *COLUMNS, "--subject", "mon", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)["groups"]
    table = pl.read_csv(marks)
    assert [(row["truong"], row["mon"]) for row in found] == [
        *(("A", "Toán"), ("A", "Văn"), ("B", "Toán")),
        *(("B", "Văn"), ("Nhỏ", "Toán"), ("Nhỏ", "Văn")),
    ]
    own = table.filter(truong="A", mon="Toán")
    assert found[0]["gap"] == pytest.approx(own["hocba"].mean() - own["thi"].mean())
    assert found[0]["strictness"] + found[0]["spread"] + found[0]["order"] == pytest.approx(
        found[0]["mean_square"]
    )
    assert (found[4]["gap"], found[4]["reason"]) == (None, "dưới 10 thí sinh có cả hai điểm")


def test_years_are_compared_and_a_true_fall_is_announced(marks, capsys):
    assert main(["gap", str(marks), *COLUMNS, "--subject", "mon", "--year", "nam", "--json"]) == 0

    falls = json.loads(capsys.readouterr().out)["falls"]
    assert {(row["truong"], row["before"], row["after"]) for row in falls} == {
        ("A", "2023", "2024"),
        ("B", "2023", "2024"),
    }
    assert [row["fell"] for row in falls if row["truong"] == "A"] == [True, True]


def test_the_plain_table_is_for_people(marks, capsys):
    assert main(["gap", str(marks), *COLUMNS, "--subject", "mon", "--year", "nam"]) == 0

    text = capsys.readouterr().out
    assert "Chênh = điểm học bạ trừ điểm thi" in text
    assert "dưới 10 thí sinh có cả hai điểm" in text
    assert "Giảm so với năm trước" in text


def test_a_file_of_one_subject_needs_no_subject_column(marks, tmp_path):
    out = tmp_path / "ra.csv"

    assert main(["gap", str(marks), *COLUMNS, "--out", str(out)]) == 0

    assert pl.read_csv(out)["truong"].to_list() == ["A", "B", "Nhỏ"]


def test_a_mark_off_the_scale_is_refused(marks, capsys):
    marks.write_text(
        marks.read_text(encoding="utf-8").replace("\n", "\n55,5,A,Toán,2023\n", 1), encoding="utf-8"
    )

    assert main(["gap", str(marks), *COLUMNS]) == 2

    assert "Điểm học bạ 55 nằm ngoài thang 0-10." in capsys.readouterr().err
