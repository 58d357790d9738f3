import json

import numpy as np
import polars as pl
import pytest

from tests.engine.measurement.forensics.worlds import examination
from thucchat.cli.main import main

KEY = "A" * 30


@pytest.fixture(scope="module")
def frame():
    """Twelve rooms of twenty; in room P00 the third shares 26 answers with the eighth."""
    rng = np.random.default_rng(61)
    table, rooms, theta = examination(rng)
    codes = table.codes.copy()
    codes[2, :26] = codes[7, :26]
    letters = np.array(list("ABCD"))[codes]
    letters[rng.random(letters.shape) < 0.01] = ""
    columns = {f"c{place}": letters[:, place].tolist() for place in range(30)}
    head = {
        "SBD": [f"{row:04d}" for row in range(240)],
        "phòng thi": [f"P{room:02d}" for room in rooms],
        "nhóm": [f"9A{row % 8}" for row in range(240)],
        "kì trước": np.round(6 + theta + rng.normal(size=240) * 0.5, 2),
    }
    return pl.DataFrame(head | columns)


def result_of(capsys, path, *words):
    assert main(["forensics", str(path), "--key", KEY, *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_pair_is_found_and_every_list_says_how_far_it_may_be_wrong(capsys, tmp_path, frame):
    frame.write_csv(tmp_path / "a.csv")

    found = result_of(capsys, tmp_path / "a.csv", "--room", "phòng thi")

    (row,) = found["lists"]["similarity"]["rows"]
    assert {row["one"], row["two"]} == {"0002", "0007"}
    assert row["room"] == "P00"
    assert found["rooms"] == 12
    for listed in found["lists"].values():
        assert listed["question"].endswith("?")
        assert listed["expected_false_alarms"] <= max(listed["level"] * listed["flagged"], 1e-9)
        assert [one["p"] for one in listed["calibration"]] == [0.01, 0.001, 0.0001]


def test_class_lists_appear_when_the_file_allows_them(capsys, tmp_path, frame):
    frame.write_csv(tmp_path / "a.csv")
    words = ["--room", "phòng thi", "--class", "nhóm", "--prior", "kì trước", "--limits", "5;6,5"]

    found = result_of(capsys, tmp_path / "a.csv", *words)

    assert set(found["lists"]) == {"similarity", "runs", "spread", "jumps", "heaping_5", "heaping_6.5"}
    assert found["lists"]["jumps"]["tests"] == 8


def test_the_same_answers_give_the_same_lists_however_they_are_stored(capsys, tmp_path, frame):
    frame.write_csv(tmp_path / "a.csv")
    frame.write_csv(tmp_path / "b.csv", separator=";")
    frame.write_parquet(tmp_path / "c.parquet")
    frame.select(pl.all().cast(pl.String)).write_excel(tmp_path / "d.xlsx")
    words = ["--room", "Phòng thi", "--items", "c*"]
    expected = result_of(capsys, tmp_path / "a.csv", *words)["lists"]

    for name in ("b.csv", "c.parquet", "d.xlsx"):
        assert result_of(capsys, tmp_path / name, *words)["lists"] == expected, name


def test_changed_answers_are_compared_by_room(capsys, tmp_path, frame):
    rng = np.random.default_rng(62)
    erased = {
        f"c{place}": np.where(rng.random(240) < 0.1, rng.choice(list("ABCD"), 240), "").tolist()
        for place in range(30)
    }
    frame.write_csv(tmp_path / "a.csv")
    pl.DataFrame({"SBD": frame["SBD"]} | erased).sample(fraction=1, shuffle=True, seed=1).write_csv(
        tmp_path / "e.csv"
    )

    found = result_of(capsys, tmp_path / "a.csv", "--room", "phòng thi", "--first", str(tmp_path / "e.csv"))

    listed = found["lists"]["erasures"]
    assert listed["tests"] == 12
    assert listed["changed"] > listed["to_right"] > 0


def test_the_page_asks_and_never_accuses(capsys, tmp_path, frame):
    frame.write_csv(tmp_path / "a.csv")

    assert main(["forensics", str(tmp_path / "a.csv"), "--key", KEY, "--room", "phòng thi"]) == 0

    page = capsys.readouterr().out
    assert "0002 và 0007" in page
    assert "Mỗi dòng là một câu hỏi, không phải kết luận" in page
    assert "riêng ngẫu nhiên cũng làm" in page
    for word in ("gian lận", "quay cóp", "chép", "vi phạm", "nghi phạm"):
        assert word not in page.lower()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--key", "AAAA"], "Đáp án có 4 câu"),
        (["--key", KEY, "--room", "phong"], "Không có cột “phong”"),
        (["--key", KEY, "--level", "2"], "giữa 0 và 1"),
        (["--key", KEY, "--room", "phòng thi", "--limits", "năm"], "“năm” không phải là số"),
    ],
)
def test_what_cannot_be_used_is_refused(capsys, tmp_path, frame, words, message):
    frame.write_csv(tmp_path / "a.csv")

    assert main(["forensics", str(tmp_path / "a.csv"), "--items", "c*", *words]) == 2
    assert message in capsys.readouterr().err
