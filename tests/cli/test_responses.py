import json

import pytest

from thucchat.cli.main import main

LETTERS = "sbd,c1,c2,c3\n01,A,B,C\n02,A,B,D\n03,B,B,C\n04,A,,D\n05,C,A,A\n"


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "bai.csv"
    path.write_text(LETTERS, encoding="utf-8")
    return str(path)


def payload(capsys, *words):
    assert main(["analyse", "responses", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_letters_are_scored_by_the_key(letters, capsys):
    found = payload(capsys, letters, "--key", "ABC")

    first, second, _ = found["items"]
    assert found["persons"] == 5
    assert first["difficulty"] == 0.6
    assert [(option["option"], option["count"], option["key"]) for option in first["options"]] == [
        ("A", 3, True),
        ("B", 1, False),
        ("C", 1, False),
    ]
    assert second["count"] == 4


def test_blanks_may_count_as_wrong(letters, capsys):
    found = payload(capsys, letters, "--key", "ABC", "--blank", "wrong")

    assert found["items"][1]["count"] == 5
    assert found["items"][1]["difficulty"] == 0.6
    assert "tính là sai" in found["caveats"][0]


def test_scored_tables_need_no_key(tmp_path, capsys):
    path = tmp_path / "diem.csv"
    path.write_text("a;b;c\n1;0;0,5\n1;1;1\n0;0;0\n1;1;0,5\n", encoding="utf-8")

    found = payload(capsys, str(path))

    assert found["alpha"] == pytest.approx(0.857142857)
    assert found["items"][2]["difficulty"] == 0.5
    assert found["conditional_sem"] is None


def test_equal_totals_have_no_reliability_but_say_so(tmp_path, capsys):
    path = tmp_path / "diem.csv"
    path.write_text("a,b\n1,0\n1,0\n1,0\n", encoding="utf-8")

    found = payload(capsys, str(path))

    assert found["alpha"] is None
    assert any("cùng tổng điểm" in caveat for caveat in found["caveats"])


def test_a_key_of_another_paper_is_suspected(letters, capsys):
    found = payload(capsys, letters, "--key", "DBC")

    assert any("Không thí sinh nào chọn đáp án của: c1" in caveat for caveat in found["caveats"])


def test_teachers_read_a_table(letters, capsys):
    assert main(["analyse", "responses", letters, "--key", "ABC"]) == 0

    assert "*A: 0,60" in capsys.readouterr().out
