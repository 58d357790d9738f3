import json

import numpy as np
import polars as pl
import pytest

from tests.engine.measurement.dif.worlds import two_groups
from thucchat.cli.main import main


@pytest.fixture
def frame():
    data = two_groups(persons=1500, items=12, planted={3: 0.9})
    columns = {name: data.scores[:, place].astype(int) for place, name in enumerate(data.items)}
    return pl.DataFrame({"sbd": [f"{place:05d}" for place in range(1500)], **columns}).with_columns(
        pl.Series("nhóm", np.where(data.focal, "Nữ", "Nam"))
    )


def result_of(capsys, path, *words):
    assert main(["dif", str(path), *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("method", ["mh", "logistic", "lrt", "score"])
def test_each_method_lists_every_item_once(capsys, tmp_path, frame, method):
    frame.write_csv(tmp_path / "a.csv")

    result = result_of(capsys, tmp_path / "a.csv", "--group", "nhóm", "--focal", "Nữ", "--method", method)

    assert [item["item"] for item in result["items"]] == [f"c{place}" for place in range(12)]
    assert {"statistic", "p", "effect", "class"} <= set(result["items"][0])
    assert result["items"][3]["flagged"]


def test_the_same_answers_give_the_same_result_however_they_are_stored(capsys, tmp_path, frame):
    words = ["--group", "nhóm", "--focal", "Nữ"]
    frame.write_csv(tmp_path / "a.csv")
    expected = result_of(capsys, tmp_path / "a.csv", *words)["items"]
    frame.write_csv(tmp_path / "b.csv", separator=";")
    frame.write_parquet(tmp_path / "c.parquet")
    frame.select(pl.all().cast(pl.String)).write_excel(tmp_path / "d.xlsx")
    frame.with_columns(pl.col("^c.*$").cast(pl.Boolean)).write_csv(tmp_path / "e.csv")
    frame.with_columns(tuoi_thang=pl.Series(np.arange(1500) % 97)).write_csv(tmp_path / "f.csv")

    for name in ("b.csv", "c.parquet", "d.xlsx", "e.csv", "f.csv"):
        assert result_of(capsys, tmp_path / name, *words)["items"] == expected, name


def test_a_group_written_as_numbers_is_found_and_chosen_items_are_used(capsys, tmp_path, frame):
    numbered = frame.with_columns(group=(pl.col("nhóm") == "Nữ").cast(pl.Float64)).drop("nhóm")
    numbered.write_csv(tmp_path / "a.csv")

    words = ["--group", "group", "--focal", "1", "--items", "c1,c3,c5:c8"]
    result = result_of(capsys, tmp_path / "a.csv", *words)

    assert [item["item"] for item in result["items"]] == ["c1", "c3", "c5", "c6", "c7", "c8"]
    assert result["focal"] == (frame["nhóm"] == "Nữ").sum()


def test_a_file_has_the_same_items_here_as_in_a_calibration(capsys, tmp_path, frame):
    total = frame.select(tất_cả=pl.sum_horizontal("^c.*$"))
    wider = frame.with_columns(total, tests=pl.lit(3), tháng=pl.int_range(1500) % 40)
    wider.write_csv(tmp_path / "a.csv")
    group = [str(tmp_path / "a.csv"), "--group", "nhóm"]

    result = result_of(capsys, *group, "--focal", "Nữ")
    assert main(["calibrate", *group, "--model", "rasch", "--json"]) == 0
    calibrated = json.loads(capsys.readouterr().out)

    assert [item["item"] for item in result["items"]] == [item["item"] for item in calibrated["items"]]
    assert len(result["items"]) == 12
    assert result["cautions"] == calibrated["caveats"]


def test_the_odds_ratio_is_the_effect_in_other_words(capsys, tmp_path, frame):
    frame.write_csv(tmp_path / "a.csv")

    item = result_of(capsys, tmp_path / "a.csv", "--group", "nhóm", "--focal", "Nữ")["items"][3]

    assert -2.35 * np.log(item["odds_ratio"]) == pytest.approx(item["effect"])
    assert item["odds_ratio"] > 1


def test_without_a_group_persons_are_left_out_and_said_so(capsys, tmp_path, frame):
    blank = frame.with_columns(nhóm=pl.when(pl.int_range(1500) < 20).then(None).otherwise("nhóm"))
    blank.write_csv(tmp_path / "a.csv")

    result = result_of(capsys, tmp_path / "a.csv", "--group", "nhóm", "--focal", "Nữ")

    assert result["focal"] + result["reference"] == 1480
    assert any("20 thí sinh" in caution for caution in result["cautions"])


def test_a_reader_sees_what_the_star_means(capsys, tmp_path, frame):
    frame.write_csv(tmp_path / "a.csv")

    assert main(["dif", str(tmp_path / "a.csv"), "--group", "nhóm", "--focal", "Nữ"]) == 0

    page = capsys.readouterr().out
    assert "chưa phải kết luận" in page
    assert next(line for line in page.splitlines() if line.startswith("c3 ")).endswith("C *")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--group", "lop", "--focal", "1"], "Không có cột “lop”"),
        (["--group", "nhóm", "--focal", "Khác"], "không có giá trị “Khác”"),
        (["--group", "nhóm", "--focal", "Nữ", "--items", "z*"], "z*"),
        (["--group", "nhóm", "--focal", "Nữ", "--items", "c1"], "ít nhất 2 câu"),
        (["--group", "nhóm", "--focal", "Nữ", "--reference", "Ai"], "Nhóm đối chiếu không có ai"),
    ],
)
def test_what_cannot_be_compared_is_refused(capsys, tmp_path, frame, words, sentence):
    frame.write_csv(tmp_path / "a.csv")

    assert main(["dif", str(tmp_path / "a.csv"), *words]) == 2
    assert sentence in capsys.readouterr().err
