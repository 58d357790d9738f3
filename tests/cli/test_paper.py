"""`thucchat paper` over files: contract keys, exit codes, written files."""

import json

import pytest

from tests.engine.papers.test_shuffle import MEDIA, with_formulas
from tests.engine.papers.word import lines
from thucchat.cli.main import main
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.writing.new_file import new_file

OPTIONS = "A. 1\tB. 2\tC. 3\tD. 4"
PAPER = lines(f"Câu 1. x?\n{OPTIONS}\nChọn B\nCâu 2. y?\n{OPTIONS}\nCâu 3. z?\n{OPTIONS}")
CONTRACT = ("number", "stem", "options", "key", "type", "part", "flags")


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "de.docx"
    path.write_bytes(new_file(PAPER))
    return path


def test_read_prints_the_keys_of_the_contract(paper, capsys):
    assert main(["paper", "read", str(paper), "--json"]) == 0

    questions = json.loads(capsys.readouterr().out)["questions"]
    assert {name: questions[0][name] for name in CONTRACT} == {
        "number": 1, "stem": "x?", "options": {"A": "1", "B": "2", "C": "3", "D": "4"}, "key": "B",
        "type": "choice", "part": None, "flags": [],
    }  # fmt: skip
    assert [flag["code"] for flag in questions[1]["flags"]] == ["key.missing"]


def test_read_without_json_prints_vietnamese_lines(paper, capsys):
    assert main(["paper", "read", str(paper)]) == 0

    out = capsys.readouterr().out
    assert "Câu 1, lựa chọn: x?\n  A. 1\n" in out
    assert "  Đáp án: B\n" in out
    assert "Câu 2 chưa có đáp án" in out


def test_check_counts_doubts_and_is_strict_when_asked(paper, capsys):
    assert main(["paper", "check", str(paper)]) == 0
    assert capsys.readouterr().out.startswith("3 câu, 1 câu có đáp án, 2 câu còn điểm nghi vấn.\n")
    assert main(["paper", "check", str(paper), "--strict"]) == 1


def test_a_separate_key_fills_in(paper, tmp_path, capsys):
    key = tmp_path / "dap-an.csv"
    key.write_text("Câu;Đáp án\n1;B\n2;C\n3;A\n", encoding="utf-8")

    assert main(["paper", "read", str(paper), "--key", str(key), "--json"]) == 0

    assert [question["key"] for question in json.loads(capsys.readouterr().out)["questions"]] == [
        "B",
        "C",
        "A",
    ]


def test_variants_are_written_with_keys_and_map(paper, tmp_path, capsys):
    out = tmp_path / "ma-de"

    assert (
        main(
            [
                "paper",
                "variants",
                str(paper),
                "--codes",
                "0101,0102",
                "--seed",
                "7",
                "--out",
                str(out),
                "--pdf",
                "--json",
            ]
        )
        == 0
    )

    summary = json.loads(capsys.readouterr().out)
    assert sorted(path.name for path in out.iterdir()) == [
        "de-0101.docx", "de-0101.pdf", "de-0102.docx", "de-0102.pdf", "de-dap-an.xlsx", "de-so-do.json",
    ]  # fmt: skip
    assert summary["seed"] == "7"
    assert [variant["code"] for variant in summary["variants"]] == ["0101", "0102"]
    assert len(read_paper((out / "de-0102.docx").read_bytes()).questions) == 3


def test_a_paper_with_mathtype_says_why_it_has_no_pdf(tmp_path, capsys, monkeypatch):
    path = tmp_path / "de.docx"
    path.write_bytes(new_file(with_formulas(), MEDIA))
    monkeypatch.setenv("PATH", str(tmp_path))  # no LibreOffice

    assert main(["paper", "variants", str(path), "-n", "2", "--out", str(tmp_path / "o"), "--pdf"]) == 2
    assert "1 đối tượng (MathType, WMF) không vẽ được" in capsys.readouterr().err


def test_write_makes_word_and_pdf_from_json(paper, tmp_path, capsys):
    source = tmp_path / "de.json"
    main(["paper", "read", str(paper), "--out", str(source)])

    for name in ("moi.docx", "moi.pdf"):
        assert main(["paper", "write", str(source), "--out", str(tmp_path / name)]) == 0
    assert main(["paper", "write", str(source), "--out", str(tmp_path / "moi.txt")]) == 2

    assert "“moi.txt” phải là tệp .docx hoặc .pdf" in capsys.readouterr().err
    assert len(read_paper((tmp_path / "moi.docx").read_bytes()).questions) == 3


def test_write_puts_questions_of_word_files_together(paper, tmp_path, capsys):
    other = tmp_path / "khac.docx"
    other.write_bytes(new_file(with_formulas(), MEDIA))
    chosen = [{"file": "de.docx", "question": 3}, {"file": "khac.docx", "question": 2}]
    source = tmp_path / "ghep.json"

    source.write_text(json.dumps({"heading": "ĐỀ GHÉP", "items": chosen}), encoding="utf-8")
    assert main(["paper", "write", str(source), "--out", str(tmp_path / "ghep.docx")]) == 0
    source.write_text(json.dumps({"items": [{"file": "de.docx", "question": 4}]}), encoding="utf-8")
    assert main(["paper", "write", str(source), "--out", str(tmp_path / "sai.docx")]) == 2

    assert "“de.docx” có 3 câu, không có câu thứ 4." in capsys.readouterr().err
    stems = [question.stem for question in read_paper((tmp_path / "ghep.docx").read_bytes()).questions]
    assert stems == ["z?", "Hỏi 2?"]


@pytest.mark.parametrize("content", [b"", b"khong phai Word", b"PK\x03\x04hong"])
def test_a_file_that_is_no_paper_ends_with_exit_code_2(tmp_path, content, capsys):
    path = tmp_path / "hong.docx"
    path.write_bytes(content)

    assert main(["paper", "read", str(path), "--json"]) == 2
    assert capsys.readouterr().err.startswith("Lỗi: Tệp")


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["paper", "read", str(tmp_path / "khong-co.docx")]) == 2
    assert "khong-co.docx" in capsys.readouterr().err
