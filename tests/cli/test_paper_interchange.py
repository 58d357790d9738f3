"""`thucchat paper export` and `import` over files: written packages, printed doubts, exit codes."""

import json

import pytest

from tests.engine.papers.interchange_samples import parts_of
from tests.engine.papers.test_shuffle import MEDIA, with_formulas
from tests.engine.papers.word import lines
from thucchat.cli.main import main
from thucchat.engine.papers.writing.new_file import new_file

PAPER = lines("ĐỀ THỬ\nCâu 1. x?\nA. 1\tB. 2\tC. 3\tD. 4\nChọn B\nCâu 2. y?\nA. 1\tB. 2\tC. 3\tD. 4")


@pytest.fixture
def word(tmp_path):
    path = tmp_path / "de.docx"
    path.write_bytes(new_file(PAPER))
    return path


@pytest.mark.parametrize("form", ["qti22", "qti30"])
def test_a_word_paper_goes_out_and_comes_back(word, tmp_path, capsys, form):
    out, back = tmp_path / "de.zip", tmp_path / "de.json"

    assert main(["paper", "export", str(word), "--format", form, "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"Đã ghi 2 câu vào {out}.\n"
    assert main(["paper", "import", str(out), "--out", str(back)]) == 0

    questions = json.loads(back.read_text("utf-8"))["questions"]
    assert [(each["stem"], each["options"]["D"], each["key"]) for each in questions] == [
        ("x?", "4", "B"),
        ("y?", "4", None),
    ]
    assert main(["paper", "write", str(back), "--out", str(tmp_path / "moi.docx")]) == 0


def test_a_separate_key_and_pictures_go_along(tmp_path, capsys):
    word, key, out = tmp_path / "de.docx", tmp_path / "key.csv", tmp_path / "de.zip"
    word.write_bytes(new_file(with_formulas(), MEDIA))
    key.write_text("Câu;Đáp án\n1;C\n2;C\n3;D\n", encoding="utf-8")

    assert (
        main(
            [
                "paper",
                "export",
                str(word),
                "--key",
                str(key),
                "--format",
                "qti22",
                "--out",
                str(out),
                "--json",
            ]
        )
        == 0
    )

    told = json.loads(capsys.readouterr().out)
    parts = parts_of(out.read_bytes())
    assert (told["file"], told["count"]) == (
        str(out),
        len([name for name in parts if name.startswith("items/")]),
    )
    assert b"<value>C</value>" in parts["items/Q1.xml"]
    assert [name for name in parts if "/media/" in name]


def test_json_goes_out_with_its_solution_and_doubts_are_printed(tmp_path, capsys):
    source, out = tmp_path / "de.json", tmp_path / "de.zip"
    question = {"stem": "Giải", "type": "short_answer", "key": "2", "points": "nhiều", "solution": "Vì thế"}
    source.write_text("\ufeff" + json.dumps({"questions": [question]}), encoding="utf-8")

    assert main(["paper", "export", str(source), "--format", "qti30", "--out", str(out)]) == 0

    assert "! Câu 1: điểm “nhiều” không phải là số nên bị bỏ. (“Giải”)" in capsys.readouterr().out
    assert "Vì thế" in parts_of(out.read_bytes())["items/Q1.xml"].decode()


def test_json_in_another_encoding_is_refused(tmp_path, capsys):
    source = tmp_path / "de.json"
    source.write_bytes('{"questions": [{"stem": "Đà"}]}'.encode("cp1258"))

    assert main(["paper", "export", str(source), "--format", "qti22", "--out", str(tmp_path / "x.zip")]) == 2
    assert "“de.json” sai bảng mã; hãy lưu lại bằng UTF-8." in capsys.readouterr().err


def test_import_prints_vietnamese_lines_and_doubts(tmp_path, capsys):
    path = tmp_path / "bank.txt"
    path.write_text("Câu {=a ~b}\n\nLỗi {=a\n", encoding="utf-8")

    assert main(["paper", "import", str(path)]) == 0

    out = capsys.readouterr().out
    assert "Câu 1, lựa chọn: Câu\n  A. a\n  B. b\n  Đáp án: A\n" in out
    assert "! Dòng 3: thiếu dấu “}” đóng phần trả lời; câu này bị bỏ qua.\n" in out


def test_a_named_format_is_used_and_a_wrong_one_refused(tmp_path, capsys):
    path = tmp_path / "bank.txt"
    path.write_text("Câu {=a ~b}", encoding="utf-8")

    assert main(["paper", "import", str(path), "--format", "gift", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"][0]["key"] == "A"
    assert main(["paper", "import", str(path), "--format", "moodle"]) == 2
    assert "hỏng ở dòng 1" in capsys.readouterr().err
