"""A paper written from JSON is a Word file that reads back as the same paper, and prints as PDF."""

import json

import pypdfium2
import pytest

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.writing.formulas import typst_formulas, word_formulas
from thucchat.engine.papers.writing.from_json import paper_from_json
from thucchat.engine.papers.writing.pdf import papers_to_pdf
from thucchat.engine.papers.writing.word_paper import word_paper

PAPER = {
    "heading": "ĐỀ KHẢO SÁT",
    "questions": [
        {"number": 1, "part": "I", "type": "choice", "stem": r"Nghiệm của $\frac{x}{2}=1$ là", "key": "B",
         "options": {"A": "1", "B": "2", "C": r"$\sqrt{2}$", "D": "một câu trả lời dài hơn hẳn"}},
        {"number": 2, "part": "I", "type": "choice", "stem": "Chọn <đúng> & đủ?", "key": "D",
         "options": {"A": "1", "B": "2", "C": "3", "D": "4"}},
        {"number": 1, "part": "II", "type": "true_false", "stem": "Xét các phát biểu sau:", "key": "ĐSSĐ",
         "options": {"a": "m", "b": "n", "c": "p", "d": "q"}},
        {"number": 1, "part": "III", "type": "short_answer", "stem": "Tính 1 + 1,5.", "key": "2,5"},
    ],
}  # fmt: skip


def written(**more):
    return word_paper(paper_from_json(json.dumps(PAPER)), **more)


def test_what_was_written_reads_back_the_same():
    read = read_paper(written(with_key=True))

    assert read.heading == "ĐỀ KHẢO SÁT"
    assert read.equations == 2
    for question, wanted in zip(read.questions, PAPER["questions"], strict=True):
        assert {name: getattr(question, name) for name in ("number", "part", "stem", "key")} == {
            name: wanted[name] for name in ("number", "part", "stem", "key")
        }
        assert dict(question.options) == wanted.get("options", {})


def test_without_a_key_none_is_printed():
    assert {question.key for question in read_paper(written()).questions} == {None}


def test_the_pdf_has_the_text_and_equal_papers_give_equal_bytes():
    one, other = papers_to_pdf([written()])[0], papers_to_pdf([written()])[0]
    text = pypdfium2.PdfDocument(one)[0].get_textpage().get_text_range()

    assert one == other
    assert "ĐỀ KHẢO SÁT" in text
    assert "Chọn <đúng> & đủ?" in text


def test_a_formula_nobody_understands_is_printed_as_it_is():
    strange = {"questions": [{"stem": r"Tính $\khongco{x$ và $\frac{1}{2}$", "options": {}}]}
    content = word_paper(paper_from_json(json.dumps(strange)))

    assert read_paper(content).equations == 1
    assert papers_to_pdf([content])[0].startswith(b"%PDF")


def test_formulas_become_typst_and_word_equations():
    assert typst_formulas([r"\frac{1}{2}", r"\khongco{x"]) == {r"\frac{1}{2}": "$1 / 2$", r"\khongco{x": None}
    assert word_formulas([r"x^{2}"])[r"x^{2}"].tag.endswith("oMath")


def test_papers_with_objects_that_cannot_be_drawn_are_not_printed_with_holes():
    from tests.engine.papers.test_shuffle import MEDIA, with_formulas
    from thucchat.engine.papers.writing.new_file import new_file

    with pytest.raises(NoResult) as refusal:
        papers_to_pdf([new_file(with_formulas(), MEDIA)])
    assert (refusal.value.code, refusal.value.facts) == ("pdf.opaque", {"count": 1})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("không phải JSON", "json"),
        ("[]", "questions"),
        ('{"questions": []}', "questions"),
        ('{"questions": ["x"]}', "questions"),
        ('{"questions": [{"stem": 5}]}', "questions"),
        ('{"questions": [{"stem": "x", "type": "khác"}]}', "questions"),
        ('{"questions": [{"stem": "x", "number": "một"}]}', "questions"),
    ],
)
def test_json_of_another_kind_is_refused(text, code):
    with pytest.raises(InvalidInput) as refusal:
        paper_from_json(text)
    assert refusal.value.code == f"paper.{code}"
