import json

import polars as pl
import pytest

from tests.engine.measurement.equating.worlds import common_item_group
from thucchat.cli.equate import parse_smoothing
from thucchat.cli.main import main
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.equating.loglinear import Smoothing


@pytest.fixture
def folder(tmp_path):
    for name, group in (
        ("x", common_item_group(1, persons=400, ability=0.2, easier=0.4)),
        ("y", common_item_group(2, persons=500, ability=0.0)),
    ):
        pl.DataFrame({"sbd": range(len(group[0])), "score": group[0], "anchor": group[1]}).write_csv(
            tmp_path / f"{name}.csv"
        )
    return tmp_path


def equated(capsys, folder, *words, x="x.csv", y="y.csv"):
    assert main(["equate", "--x", str(folder / x), "--y", str(folder / y), *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys, folder, *words, x="x.csv", y="y.csv"):
    assert main(["equate", "--x", str(folder / x), "--y", str(folder / y), *words, "--json"]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--design", "eg", "--method", "equipercentile", "--smooth", "loglinear:4"],
        ["--design", "neat", "--method", "tucker", "--weight", "1"],
        ["--design", "neat", "--method", "frequency", "--smooth", "loglinear:4:2"],
        ["--design", "neat", "--method", "levine", "--anchor", "external"],
    ],
    ids=lambda words: words[3],
)
def test_the_table_has_a_row_for_every_score(capsys, folder, words):
    result = equated(capsys, folder, *words, "--max", "30", "--y-max", "30")

    assert [row["x"] for row in result["table"]] == list(range(31))
    assert all(row["se"] > 0 for row in result["table"][1:-1])
    assert (result["persons_x"], result["persons_y"]) == (400, 500)


def test_the_same_scores_give_the_same_table_however_they_are_stored(capsys, folder):
    words = ["--design", "neat", "--method", "chained-linear"]
    expected = equated(capsys, folder, *words)["table"]
    frame = pl.read_csv(folder / "x.csv")
    frame.write_parquet(folder / "x.parquet")
    frame.select(pl.all().cast(pl.String)).write_excel(folder / "x.xlsx")
    renamed = frame.rename({"score": "Điểm ", "anchor": "Điểm neo"})
    renamed.write_csv(folder / "semicolon.csv", separator=";")
    counted = frame.group_by("score", "anchor").len("count").with_columns(extra=pl.lit("a"))
    counted.write_csv(folder / "counted.csv")

    for name in ("x.parquet", "x.xlsx", "semicolon.csv", "counted.csv"):
        table = equated(capsys, folder, *words, x=name)["table"]
        assert [row["y"] for row in table] == pytest.approx([row["y"] for row in expected]), name


def test_rows_without_a_score_are_left_out_and_counted(capsys, folder):
    text = (folder / "x.csv").read_text() + "900,,4\n901,17,\n902,,\n"
    (folder / "gaps.csv").write_text(text)

    result = equated(capsys, folder, "--design", "neat", "--method", "tucker", x="gaps.csv")

    assert result["persons_x"] == 400
    assert any("3 dòng" in caution for caution in result["cautions"])


def test_quarter_points_and_decimal_commas_are_a_scale_of_quarters(capsys, tmp_path):
    for name in "xy":
        rows = "".join(f"{place / 4:.2f};{5 + place % 7}\n" for place in range(41)).replace(".", ",")
        (tmp_path / f"{name}.csv").write_text("score;count\n" + rows)

    table = equated(capsys, tmp_path, "--design", "eg", "--method", "linear")["table"]

    assert [row["x"] for row in table[:3]] == [0, 0.25, 0.5]
    assert len(table) == 41


def test_bootstrap_errors_stand_beside_the_analytic_ones(capsys, folder):
    words = ["--design", "eg", "--method", "mean", "--bootstrap", "500", "--seed", "3"]

    first, second = (equated(capsys, folder, *words)["table"] for _ in range(2))

    assert first == second
    assert first[5]["se_bootstrap"] == pytest.approx(first[5]["se"], rel=0.1)


def test_a_reader_sees_a_table_with_decimal_commas(capsys, folder):
    words = ["--design", "eg", "--method", "mean", "--x", str(folder / "x.csv"), "--y", str(folder / "y.csv")]

    assert main(["equate", *words]) == 0

    page = capsys.readouterr().out
    assert "điểm đề X" in page
    assert "," in page.splitlines()[1]


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        ("mark,grade\n1,2\n", ["eg", "--method", "mean"], "không có cột"),
        ("score,other\n1,2\n2,3\n", ["neat", "--method", "tucker"], "phần chung"),
        ("score,other\ntám,2\n2,3\n", ["eg", "--method", "mean"], "Dòng 2"),
        ("score,other\n,2\n,3\n", ["eg", "--method", "mean"], "không có dòng nào"),
        ("score\n1\n2\n3\n", ["eg", "--method", "mean"], "chỉ có 3 thí sinh"),
        ("5\n6\n7\n", ["eg", "--method", "mean"], "không có cột"),
        ("score\n1\n2\n3\n4\n5\n", ["eg", "--method", "mean", "--bootstrap", "1"], "ít nhất 2 lần"),
        ("score,anchor\n1,1\n", ["neat", "--method", "mean"], "không có phương pháp"),
        ("score,count\n1,-2\n2,9\n", ["eg", "--method", "mean"], "số âm"),
    ],
)
def test_files_that_cannot_be_used_are_refused_with_a_way_out(capsys, folder, content, words, sentence):
    (folder / "bad.csv").write_text(content)

    assert sentence in refused(capsys, folder, "--design", *words, x="bad.csv")


def test_smoothing_is_read_from_its_word():
    assert parse_smoothing("loglinear:6") == Smoothing(6, 2)
    assert parse_smoothing("loglinear:3:1") == Smoothing(3, 1)
    assert parse_smoothing(None) is None
    for text in ("spline:3", "loglinear", "loglinear:a", "loglinear:1:2:3"):
        with pytest.raises(InvalidInput):
            parse_smoothing(text)
