import json

import numpy as np
import pytest

from tests.engine.measurement.linking.test_calibrations import form
from thucchat.cli.main import main

A, B = 1.1, 0.4


def calibration(path, *, count=15, slope=1.0, shift=0.0, moved=None, errors=0.05):
    rng = np.random.default_rng(1)
    a, b = rng.uniform(0.8, 1.6, count), rng.normal(size=count)
    items = []
    for place in range(count):
        location = (b[place] - shift) / slope + (moved or {}).get(place, 0.0)
        item = {"item": f"c{place}", "a": a[place] * slope, "b": location, "c": 0, "d": [location]}
        items.append(item | {"se_a": errors, "se_b": errors, "se_d": [errors]})
    path.write_text(json.dumps({"model": "2pl", "items": items}))
    return str(path)


def linked(capsys, *words):
    assert main(["link", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_constants_and_carried_items_are_printed(capsys, tmp_path):
    target = calibration(tmp_path / "old.json")
    source = calibration(tmp_path / "new.json", slope=A, shift=B)

    result = linked(capsys, "--from", source, "--to", target)

    assert (result["A"], result["B"]) == pytest.approx((A, B), abs=1e-6)
    assert result["se_B"] > 0
    old = json.loads((tmp_path / "old.json").read_text())["items"]
    assert [item["b"] for item in result["items"]] == pytest.approx([item["b"] for item in old], abs=1e-6)


def test_a_moved_anchor_is_left_out_unless_told_otherwise(capsys, tmp_path):
    target = calibration(tmp_path / "old.json")
    source = calibration(tmp_path / "new.json", slope=A, shift=B, moved={4: -1.0})

    words = ["--from", source, "--to", target, "--method", "mean-mean"]
    clean, kept = linked(capsys, *words), linked(capsys, *words, "--keep-drifted")

    assert clean["removed"] == ["c4"]
    assert clean["B"] == pytest.approx(B, abs=1e-6)
    assert kept["removed"] == []
    assert kept["anchors"][4]["moved"]
    assert abs(kept["B"] - B) > 0.05


def test_three_ways_give_one_mean_for_the_new_group(capsys, tmp_path):
    for one in (form("X", np.arange(0, 17), ability=0.0), form("Y", np.arange(8, 25), ability=0.5, seed=2)):
        lines = [",".join(("sbd", *one.items))]
        lines += [
            ",".join((f"s{place}", *(f"{score:.0f}" for score in row)))
            for place, row in enumerate(one.scores)
        ]
        (tmp_path / f"{one.name}.csv").write_text("\n".join(lines) + "\n")
        out = str(tmp_path / f"{one.name}.json")
        assert main(["calibrate", str(tmp_path / f"{one.name}.csv"), "--model", "2pl", "--out", out]) == 0
    capsys.readouterr()
    new, old = tmp_path / "Y", tmp_path / "X"

    by_link = linked(capsys, "--from", f"{new}.json", "--to", f"{old}.json")
    together = linked(capsys, "--from", f"{new}.csv", "--to", f"{old}.csv", "--method", "concurrent")
    fixed = linked(capsys, "--from", f"{new}.csv", "--to", f"{old}.json", "--method", "fixed")

    assert by_link["B"] == pytest.approx(0.5, abs=0.15)
    assert np.ptp([by_link["B"], together["B"], fixed["B"]]) < 0.06
    assert len(together["items"]) == 25


def test_a_list_of_items_links_as_a_calibration_does(capsys, tmp_path):
    target = calibration(tmp_path / "old.json")
    source = calibration(tmp_path / "new.json", slope=A, shift=B)
    expected = linked(capsys, "--from", source, "--to", target)
    (tmp_path / "bare.json").write_text(json.dumps(json.loads((tmp_path / "new.json").read_text())["items"]))

    assert linked(capsys, "--from", str(tmp_path / "bare.json"), "--to", target) == expected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "không phải kết quả của thucchat calibrate"),
        ("[1, 2]", "không phải kết quả của thucchat calibrate"),
        (
            '{"items": [{"item": "c1", "slope": 1, "b": 1}], "model": "2pl"}',
            "“c1” trong tệp tham số thiếu độ phân",
        ),
        ('{"items": [{"item": "c1", "a": 1}]}', "thiếu độ khó"),
        ('[{"a": 1, "b": 1}]', "thiếu tên (item)"),
        ('{"items": [{"item": "z1", "a": 1, "b": 0}]}', "không có câu nào chung"),
    ],
)
def test_files_that_cannot_be_linked_are_refused(capsys, tmp_path, content, sentence):
    target = calibration(tmp_path / "old.json")
    (tmp_path / "bad.json").write_text(content)

    assert main(["link", "--from", str(tmp_path / "bad.json"), "--to", target]) == 2
    assert sentence in capsys.readouterr().err


def test_a_reader_sees_the_constants_and_the_moved_anchor(capsys, tmp_path):
    target = calibration(tmp_path / "old.json")
    source = calibration(tmp_path / "new.json", slope=A, shift=B, moved={4: -1.0})

    assert main(["link", "--from", source, "--to", target]) == 0

    page = capsys.readouterr().out
    assert "B = 0,4000" in page
    assert next(line for line in page.splitlines() if line.startswith("c4 ")).endswith("bị trôi")


@pytest.mark.parametrize("words", [["--reach", "0"], ["--nodes", "1"], ["--scaling", "0"]])
def test_abilities_and_factors_that_make_no_sense_are_refused(capsys, tmp_path, words):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"item": f"c{n}", "a": 1, "b": n / 2} for n in range(5)]))

    assert main(["link", "--from", str(path), "--to", str(path), *words]) != 0

    assert words[0] in capsys.readouterr().err
