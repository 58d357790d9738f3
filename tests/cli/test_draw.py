import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from thucchat.cli.main import main

ROUND = "KS-2025"
DICE = "20 xúc xắc mười mặt"
VERIFIER = Path(__file__).parents[2] / "docs" / "verify_draw.py"


@pytest.fixture
def room(tmp_path):
    """A pool of papers as files, and what three units committed to and revealed."""
    rows, commitments, reveals = ["id;unit;file"], ["unit,commitment"], ["unit,value"]
    for unit in ("THCS-A", "THCS-B", "Trường Č"):
        (tmp_path / f"{unit}.docx").write_bytes(unit.encode())
        rows.append(f" de-{unit} ;{unit};{unit}.docx")
        assert (
            main(["draw", "commit", "--round", ROUND, "--unit", unit, "--out", str(tmp_path / "c.json")]) == 0
        )
        made = json.loads((tmp_path / "c.json").read_text("utf-8"))
        commitments.append(f"{unit},{made['commitment']}")
        reveals.append(f"{unit},{made['value']}")
    for name, lines in (("pool", rows), ("commitments", commitments), ("reveals", reveals)):
        (tmp_path / f"{name}.csv").write_text("\n".join([*lines, "", ""]), "utf-8")
    return tmp_path


def freeze(room, *more):
    words = ["draw", "freeze", room / "pool.csv", "--round", ROUND, "--title", "Bốc đề Toán 9"]
    words += ["--at", "2025-01-19T08:00:00", "--source", f"dice:{DICE}", "--source", "beacon:drand 1"]
    words += ["--commitments", room / "commitments.csv", "--out", room / "notice.json"]
    return main([str(word) for word in (*words, *more)])


def draw(room, name="minutes", digits="0123456789 9876543210", *more):
    words = ["draw", "new", room / "notice.json", "--reveals", room / "reveals.csv"]
    words += ["--closed-at", "2025-01-20T08:00:00", "--results-at", "2025-01-20T08:05:00"]
    words += ["--result", f"{DICE}={digits}", "--out", room / f"{name}.json", "--text", room / f"{name}.txt"]
    return main([str(word) for word in (*words, *more)])


def verify(room, *more):
    return main(["draw", "verify", str(room / "minutes.json"), *map(str, more), "--json"])


def test_freeze_new_verify_and_the_verifier_of_the_docs_agree(room, capsys):
    assert freeze(room) == 0
    assert draw(room) == 0
    assert verify(room, "--text", room / "minutes.txt") == 0

    report = json.loads(capsys.readouterr().out)
    minutes = json.loads((room / "minutes.json").read_text("utf-8"))
    first = minutes["announcement"]["pool"][0]
    assert report["valid"]
    assert first["fingerprint"] == sha256(first["unit"].encode()).hexdigest()
    assert report["minutes"][0]["forms"] == minutes["selection"]["forms"]
    with (room / "minutes.json").open("rb") as file:
        done = subprocess.run([sys.executable, VERIFIER], stdin=file, capture_output=True, check=True)
    assert done.stdout.decode().split() == ["OK", minutes["fingerprint"]]
    assert minutes["fingerprint"] in (room / "minutes.txt").read_text("utf-8")


def test_what_left_on_paper_is_compared(room, capsys):
    freeze(room)
    draw(room)
    minutes = json.loads((room / "minutes.json").read_text("utf-8"))

    assert verify(room, "--expect", minutes["fingerprint"].upper()) == 0
    assert verify(room, "--expect", "0" * 64, "--announcement", "0" * 64, "--text", room / "pool.csv") == 1
    report = json.loads(capsys.readouterr().out.split("\n}\n")[1] + "}")
    codes = [fault["code"] for fault in report["minutes"][0]["faults"]]
    assert codes == ["draw.paper", "draw.announcement", "draw.text"]


def test_an_edited_file_is_wrong_with_exit_code_one(room, capsys):
    freeze(room)
    draw(room)
    path = room / "minutes.json"
    path.write_text(path.read_text("utf-8").replace("Bốc đề Toán 9", "Bốc đề Toán 8"), "utf-8")

    assert main(["draw", "verify", str(path)]) == 1
    assert "SAI" in capsys.readouterr().out


def test_a_hidden_second_draw_is_found_and_a_declared_one_holds(room, capsys):
    freeze(room)
    draw(room)
    draw(room, "other", "1" * 20)
    assert verify(room, room / "other.json") == 1
    assert freeze(room, "--previous", room / "minutes.json", "--reason", "Đề bị lộ") == 0
    assert draw(room, "second", "1" * 20) == 0
    assert verify(room, room / "second.json") == 0
    assert json.loads(capsys.readouterr().out.split("\n}\n")[1] + "}")["series"] == []


def test_where_no_unit_may_sit_its_own_a_spare_of_another_unit_is_drawn(room, capsys):
    pl.DataFrame({"unit": ["THCS-A", "THCS-B", "Trường Č"]}).write_excel(room / "sitting.xlsx")
    assert freeze(room, "--sitting", room / "sitting.xlsx") == 0
    assert draw(room) == 0

    selection = json.loads((room / "minutes.json").read_text("utf-8"))["selection"]
    owners = [form[0].removeprefix("de-") for form in selection["forms"]]
    assert len(set(owners)) == 2
    assert selection["seats"][owners[0]] == 2


def test_items_under_a_matrix_from_parquet(room):
    rows = [
        (f"{cell}-{unit}-{n}", unit, "ab" * 32, cell) for cell in "xy" for unit in "ABC" for n in range(3)
    ]
    pl.DataFrame(rows, schema=["ID ", "unit", "fingerprint", "cell"], orient="row").write_parquet(
        room / "items.parquet"
    )
    (room / "matrix.csv").write_text("cell,count\nx,3\ny,2\n", "utf-8")
    words = ["draw", "freeze", room / "items.parquet", "--round", ROUND, "--title", "Bốc câu"]
    words += ["--at", "2025-01-19T08:00:00", "--source", f"dice:{DICE}", "--matrix", room / "matrix.csv"]
    words += ["--form-cap", 2, "--out", room / "notice.json"]

    assert main([str(word) for word in words]) == 0
    (room / "reveals.csv").write_text("unit,value\n", "utf-8")
    assert draw(room) == 0
    [form] = json.loads((room / "minutes.json").read_text("utf-8"))["selection"]["forms"]
    assert [one[0] for one in form] == list("xxxyy")
    assert max(sum(f"-{unit}-" in one for one in form) for unit in "ABC") == 2


def test_without_files_the_text_is_printed(room, capsys):
    words = ["draw", "freeze", str(room / "pool.csv"), "--round", ROUND, "--title", "Bốc"]
    words += ["--at", "2025-01-19T08:00:00", "--source", f"dice:{DICE}"]

    assert main(words) == 0
    assert "THÔNG BÁO BỐC THĂM\nBốc\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("pool", "id,unit\na,b\n", "fingerprint"),
        ("pool", "id,fingerprint\na,b\n", "thiếu cột unit"),
        ("pool", "id,unit,fingerprint\n,A,12\n", "dòng 2"),
        ("pool", "id,unit,fingerprint,size\na,A,12,to\n", "“to”"),
        ("pool", "id,unit,fingerprint\na,A,12\n", "SHA-256"),
        ("commitments", "unit,commitment\nA,12\n", "Cam kết của A"),
        ("commitments", "unit,commitment\nA,\n", "dòng 2"),
        ("commitments", "unit,commitment\nA,1\nA,2\n", "dòng 3"),
    ],
)
def test_bad_tables_are_refused_with_their_place(room, capsys, name, content, word):
    (room / f"{name}.csv").write_text(content, "utf-8")

    assert freeze(room) == 2
    assert word in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (["--source", "sao:x"], "LOẠI:TÊN"),
        (["--forms", "9"], "không đủ"),
        (["--reason", "thử"], "bốc lại"),
        (["--own-cap", "0"], "danh sách đơn vị dự thi"),
    ],
)
def test_bad_options_are_refused(room, capsys, more, word):
    assert freeze(room, *more) == 2
    assert word in capsys.readouterr().err


def test_bad_results_and_binary_files_are_refused(room, capsys):
    freeze(room)
    assert draw(room, "minutes", "12") == 2
    assert draw(room, "minutes", "1" * 20, "--result", "không có dấu bằng") == 2
    (room / "notice.json").write_bytes(b"\xff\xfe")
    assert draw(room) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_a_unit_whose_pupils_know_its_items_is_asked_about(tmp_path, capsys):
    rng = np.random.default_rng(8)
    ability = rng.normal(0, 1, 900)
    units = np.where(np.arange(900) < 300, "PGD A", "PGD B")
    lift = np.where(np.arange(900) < 300, 1.2, 0.0)[:, None] * (np.arange(24) < 6)
    right = rng.random((900, 24)) < 1 / (1 + np.exp(-(ability[:, None] + lift)))
    frame = pl.DataFrame(right.astype(int), schema=[f"c{n}" for n in range(24)])
    frame.with_columns(pl.Series("unit", units), pl.Series("id", range(900))).write_csv(tmp_path / "r.csv")
    owners = ["item,unit", *(f"c{n},{'PGD A' if n < 6 else 'PGD B'}" for n in range(12))]
    (tmp_path / "owners.csv").write_text("\n".join(owners), "utf-8")
    words = ["draw", "advantage", str(tmp_path / "r.csv"), "--unit", "unit", "--items", "c*"]
    words += ["--owners", str(tmp_path / "owners.csv")]

    assert main([*words, "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["units"]
    assert (first["unit"], first["flagged"], second["flagged"]) == ("PGD A", True, False)
    assert main(words) == 0
    assert "cần hỏi lại" in capsys.readouterr().out
    for name in ("r.csv", "owners.csv"):
        text = (tmp_path / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("PGD A", "1").replace("PGD B", "2"), "utf-8")
    words = [word for word in words if word not in {"--items", "c*"}]
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["units"][0]["effect"] == first["effect"]
