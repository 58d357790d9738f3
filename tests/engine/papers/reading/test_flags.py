"""What is wrong in one question is named with its text, and the rest is read all the same."""

import pytest

from tests.engine.papers.word import lines, mathtype, p, picture, r
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.writing.new_file import new_file

GOOD = "A. một\tB. hai\tC. ba\tD. bốn\nChọn A\n"

CASES = {
    "a question without options": ("Câu 2. Hỏi?\nChọn A\n", {"option.none"}),
    "two options D": ("Câu 2. Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn\nD. năm\nChọn A\n", {"option.duplicate"}),
    "an option missing": ("Câu 2. Hỏi?\nA. một\nB. hai\nD. bốn\nChọn A\n", {"option.missing"}),
    "an empty option": ("Câu 2. Hỏi?\nA. một\nB.\nC. ba\nD. bốn\nChọn A\n", {"option.empty"}),
    "two options alike": ("Câu 2. Hỏi?\nA. một\nB. một\nC. ba\nD. bốn\nChọn A\n", {"option.same"}),
    "a letter without its dot": ("Câu 2. Hỏi?\nA. một. B. hai. C. ba. D bốn\nChọn A\n", {"option.marker"}),
    "no key": ("Câu 2. Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn\n", {"key.missing"}),
    "a key outside the options": ("Câu 2. Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn\nChọn F\n", {"key.outside"}),
    "two keys": ("Câu 2. Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn\nChọn B\nChọn C\n", {"key.several"}),
    "a number used twice": ("Câu 1. Hỏi?\n" + GOOD, {"number.duplicate"}),
    "a number left out": ("Câu 5. Hỏi?\n" + GOOD, {"number.gap"}),
    "text nobody owns": ("Câu 2. Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn\nDòng lạ.\n", {"text.after_options"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_faulty_question_is_flagged_and_its_neighbours_are_read(name):
    text, codes = CASES[name]
    body = lines(f"Câu 1. Trước?\n{GOOD}{text}Câu 3. Sau?\n{GOOD}")

    before, faulty, after = read_paper(new_file(body)).questions

    assert {flag.code for flag in faulty.flags} >= codes
    assert all(flag.text for flag in faulty.flags)
    assert (before.key, len(before.options), before.flags) == ("A", 4, ())
    assert (after.stem, after.key, len(after.options)) == ("Sau?", "A", 4)


def test_flags_name_the_page_where_the_file_tells_it():
    broken = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = lines("Câu 1. Trước?\n" + GOOD) + p(broken, "Câu 2. Hỏi?")

    flags = read_paper(new_file(body)).questions[1].flags

    assert {(flag.page, flag.text) for flag in flags} == {(2, "Câu 2. Hỏi?")}


def test_mathtype_objects_are_named_and_leave_a_placeholder():
    media = {"rId7": ("image", "media/a.wmf", b"x"), "rId8": ("oleObject", "embeddings/a.bin", b"y")}
    body = p(r("Câu 1. Tính "), mathtype("rId7", "rId8"), r(".")) + lines(GOOD) + lines("Câu 2. x\n" + GOOD)

    paper = read_paper(new_file(body, media))

    assert paper.questions[0].stem == "Tính [MathType]."
    assert paper.objects == 1
    assert [flag.code for flag in paper.questions[0].flags] == ["equation.mathtype"]


def test_an_option_that_is_a_picture_has_a_placeholder():
    body = p("Câu 1. Hình nào?") + "".join(p(f"{letter}. ", picture("rId5")) for letter in "ABCD")

    question = read_paper(new_file(body, {"rId5": ("image", "media/a.png", b"x")})).questions[0]

    assert list(question.options.values()) == ["[hình]"] * 4


def test_hidden_and_deleted_text_is_not_read():
    deleted = "<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>"
    inserted = "<w:ins>" + r("mới") + "</w:ins>"
    body = p("Câu 1. Bản ", deleted, inserted, r(" đáp án B", "hidden")) + lines(GOOD)

    assert read_paper(new_file(body)).questions[0].stem == "Bản mới"


def test_a_file_without_questions_says_how_they_should_begin():
    paper = read_paper(new_file(p("Thông báo nghỉ lễ")))

    assert [flag.code for flag in paper.flags] == ["paper.no_questions"]


@pytest.mark.parametrize(
    "body",
    [
        p("Câu 1. x") + p("") * 6000 + p("Câu 2. y"),
        p("Câu 1. " + "A. B. C. D. " * 2000),
        p("Câu 1. x") + p("." * 100) * 2000,
        p("Câu 1. x" + " " * 100_000 + "A. y"),
    ],
)
def test_endless_blanks_letters_and_dots_are_read_once(body):
    # Quadratic reading of these takes minutes, and the suite with them.
    assert read_paper(new_file(body)).questions[0].number == 1
