"""Keys are found wherever authors put them; what contradicts or lacks is flagged, never guessed."""

import csv
from io import BytesIO, StringIO

import pytest
import xlsxwriter

from tests.engine.papers.word import box, level, lines, numbering, p, r, table
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.reading.key_files import read_key_file
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.writing.new_file import new_file

KEYS = "BDAC"
LETTERS = "ABCD"


def options(key, *looks, whole=False, label_looks=()):
    """Four options on a line, the right one in a look of its own."""
    runs = []
    for letter in LETTERS:
        shown = looks if letter == key else ()
        runs.append(r(f"{letter}.", *label_looks, *shown))
        runs.append(r(f" đáp án {letter}{key}", *(shown if whole else ())))
        runs.append(r("\t"))
    return p(*runs)


def paper_with(*looks, keys=KEYS, **more):
    return "".join(p(f"Câu {n}. Hỏi {n}?") + options(key, *looks, **more) for n, key in enumerate(keys, 1))


def keys_of(body, **more):
    return [question.key for question in read_paper(new_file(body, **more)).questions]


def flags_of(body):
    return [{flag.code for flag in question.flags} for question in read_paper(new_file(body)).questions]


@pytest.mark.parametrize("look", ["u", "red", "b", "yellow", "i"])
@pytest.mark.parametrize("whole", [False, True])
def test_the_key_is_the_option_that_looks_different(look, whole):
    assert keys_of(paper_with(look, whole=whole)) == list(KEYS)


def test_letters_that_are_all_bold_and_blue_do_not_hide_a_red_one():
    assert keys_of(paper_with("red", label_looks=("b", "blue"))) == list(KEYS)


def test_letters_that_are_all_underlined_mark_nothing():
    body = "".join(p(f"Câu {n}. Hỏi?") + options("?", label_looks=("u",)) for n in (1, 2))

    assert keys_of(body) == [None, None]
    assert flags_of(body) == [{"key.missing"}] * 2


def test_the_number_of_a_list_may_carry_the_mark():
    lists = numbering({0: [level(0, "Câu %1."), level(1, "%2.", "upperLetter")]}, {1: (0, None)})
    body = "".join(
        p("Hỏi?", numbered=(1, 0))
        + "".join(p(f"o{letter}", numbered=(1, 1), mark="u" if letter == key else "") for letter in LETTERS)
        for key in KEYS
    )

    assert keys_of(body, numbering=lists) == list(KEYS)


def test_a_star_before_the_letter_marks_the_key():
    body = "".join(
        lines(f"Câu {n}. Hỏi?\n" + "\n".join(("*" if x == key else "") + f"{x}. o{x}" for x in LETTERS))
        for n, key in enumerate(KEYS, 1)
    )

    paper = read_paper(new_file(body))

    assert [question.key for question in paper.questions] == list(KEYS)
    assert list(paper.questions[0].options.values()) == ["oA", "oB", "oC", "oD"]


def test_a_bold_word_inside_one_option_is_not_a_key():
    body = (
        p("Câu 1. Hỏi?")
        + p("A. một")
        + p("B. ", r("không", "b"))
        + p("C. ba")
        + p("D. bốn")
        + paper_with("u", keys="CA").replace("Câu 1", "Câu 2").replace("Câu 2. Hỏi 2", "Câu 3. Hỏi 2")
    )

    assert keys_of(body)[0] is None


def test_two_marked_options_are_flagged_and_no_key_is_chosen():
    body = paper_with("u") + p("Câu 5. Hỏi?") + p(r("A.", "u"), " x\t", r("B.", "u"), " y\tC. z\tD. t")

    paper = read_paper(new_file(body))

    assert [question.key for question in paper.questions] == [*KEYS, None]
    assert [flag.code for flag in paper.questions[4].flags] == ["key.several"]


def answer_tables():
    numbers = [str(n) for n in range(1, 5)]
    yield "rows", table(numbers, list(KEYS))
    yield "rows with headings", table(["Câu", *numbers], ["Đáp án", *KEYS])
    yield "two double rows", table(["Câu", "1", "2"], ["ĐA", *KEYS[:2]], ["Câu", "3", "4"], ["ĐA", *KEYS[2:]])
    yield "columns", table(["Câu", "Đáp án"], *([n, key] for n, key in zip(numbers, KEYS, strict=True)))
    yield (
        "columns beside each other",
        table(["Câu", "ĐA", "Câu", "ĐA"], ["1", KEYS[0], "3", KEYS[2]], ["2", KEYS[1], "4", KEYS[3]]),
    )
    yield "cells with both", table(*[[f"{n}.{key}" for n, key in zip(numbers, KEYS, strict=True)]])
    yield "cells without dots", table(*[[f"{n}{key}" for n, key in zip(numbers, KEYS, strict=True)]])
    yield "a line", lines("1.B 2.D 3.A 4.C")
    yield "a line with dashes", lines("1-B, 2-D, 3-A, 4-C")
    yield "tabs", lines("1. B\t2. D\t3. A\t4. C")
    yield "lines", lines("Câu 1: B\nCâu 2: D\nCâu 3: A\nCâu 4: C")
    yield "sentences", lines("Câu 1. Chọn B\nCâu 2. Chọn D vì thế.\nCâu 3. Đáp án A\nCâu 4. Chọn C")
    yield (
        "codes",
        table(["Câu\\Mã đề", "101", "102"], *([n, key, "A"] for n, key in zip(numbers, KEYS, strict=True))),
    )


@pytest.mark.parametrize("answers", [pytest.param(answers, id=name) for name, answers in answer_tables()])
@pytest.mark.parametrize("heading", ["BẢNG ĐÁP ÁN", "ĐÁP ÁN", "HƯỚNG DẪN CHẤM"])
def test_answer_tables_at_the_end_are_read(answers, heading):
    body = p("Mã đề: 101") + paper_with() + p("------ HẾT ------") + p(heading) + answers

    paper = read_paper(new_file(body))

    assert [question.key for question in paper.questions] == list(KEYS)
    assert len(paper.questions) == 4
    assert paper.questions[3].options["D"] == "đáp án DC"


def test_the_answer_table_of_a_2025_paper_is_read_part_by_part():
    body = lines(
        "PHẦN I. Trắc nghiệm nhiều phương án\nCâu 1. x\nA. 1\tB. 2\tC. 3\tD. 4\nCâu 2. x\nA. 1\tB. "
        "2\tC. 3\tD. 4\n"
        "PHẦN II. Trắc nghiệm đúng sai\nCâu 1. x\na) m\nb) n\nc) p\nd) q\nCâu 2. x\na) m\nb) n\nc) p\nd) q\n"
        "PHẦN III. Trả lời ngắn\nCâu 1. x\nCâu 2. y\nHẾT\nĐÁP ÁN\nPHẦN I"
    )
    body += table(["Câu", "1", "2"], ["Đáp án", "C", "A"]) + p("PHẦN II")
    body += table(["Câu", "1", "2"], ["a)", "Đ", "S"], ["b)", "S", "S"], ["c)", "Đ", "Đ"], ["d)", "Đ", "S"])
    body += p("PHẦN III") + table(["Câu", "1", "2"], ["Đáp án", "2,5", "-3"])

    assert keys_of(body) == ["C", "A", "ĐSĐĐ", "SSĐS", "2,5", "-3"]


def test_lines_under_the_question_name_the_key():
    body = lines(
        "Câu 1. x\nA. 1\tB. 2\tC. 3\tD. 4\nLời giải\nTa có 1 + 1 = 2. Chọn B.\nCâu 2. y\nA. 1\tB. "
        "2\tC. 3\tD. 4\nĐáp án: C\n"
        "Câu 3. z\nA. 1\nB. 2\nC. 3\nD. 4\nChọn D"
    )

    paper = read_paper(new_file(body))

    assert [question.key for question in paper.questions] == ["B", "C", "D"]
    assert paper.questions[2].options["D"] == "4"
    assert paper.questions[0].solution == "Lời giải\nTa có 1 + 1 = 2. Chọn B."


@pytest.mark.parametrize(
    ("statements", "key"),
    [
        ("a) m (Đ)\nb) n (S)\nc) p (S)\nd) q (Đ)", "ĐSSĐ"),
        ("a) m\nb) n\nc) p\nd) q\nĐáp án: a) Đúng; b) Sai; c) Sai; d) Đúng", "ĐSSĐ"),
        ("a) m\nb) n\nc) p\nd) q\nĐáp án: S - S - Đ - S", "SSĐS"),
    ],
)
def test_statements_may_say_themselves_whether_they_are_true(statements, key):
    body = lines(
        "PHẦN II. Câu trắc nghiệm đúng sai\nCâu 1. Xét:\n" + statements + "\nCâu 2. Xét:\n" + statements
    )

    paper = read_paper(new_file(body))

    assert [question.key for question in paper.questions] == [key, key]
    assert list(paper.questions[0].options.values()) == ["m", "n", "p", "q"]


def test_crosses_in_columns_make_statements_true_or_false():
    rows = [
        ["Phát biểu", "Đúng", "Sai"],
        ["a) m", "X", ""],
        ["b) n", "", "X"],
        ["c) p", "", "x"],
        ["d) q", "x", ""],
    ]
    body = p("PHẦN II. Câu trắc nghiệm đúng sai") + p("Câu 1. Xét các phát biểu:") + table(*rows)

    question = read_paper(new_file(body)).questions[0]

    assert (question.key, list(question.options.values())) == ("ĐSSĐ", ["m", "n", "p", "q"])


def test_underlined_statements_are_the_true_ones():
    def statement(letter, true):
        return p(r(f"{letter})", *(["u"] if true else [])), f" ý {letter}")

    body = p("PHẦN II. Câu trắc nghiệm đúng sai")
    for n, key in enumerate(["ĐSSĐ", "SSSĐ", "ĐĐĐS"], 1):
        body += p(f"Câu {n}. Xét:") + "".join(
            statement(x, true == "Đ") for x, true in zip("abcd", key, strict=True)
        )

    assert keys_of(body) == ["ĐSSĐ", "SSSĐ", "ĐĐĐS"]


def test_where_table_and_print_differ_the_table_is_taken_and_the_question_flagged():
    body = paper_with("u") + p("ĐÁP ÁN") + lines("1.B 2.D 3.C 4.C")

    paper = read_paper(new_file(body))

    assert [question.key for question in paper.questions] == ["B", "D", "C", "C"]
    assert [[flag.code for flag in question.flags] for question in paper.questions] == [
        [],
        [],
        ["key.conflict"],
        [],
    ]


def test_a_key_outside_the_options_is_named():
    body = paper_with() + p("ĐÁP ÁN") + lines("1.B 2.D 3.E 4.C")

    question = read_paper(new_file(body)).questions[2]

    assert question.key is None
    assert [(flag.code, flag.message) for flag in question.flags] == [
        ("key.outside", "Câu 3: đáp án “E” không khớp; cần một chữ cái trong các phương án.")
    ]


def workbook(rows):
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Dữ liệu")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def written(rows):
    out = StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


ROWS = [["Câu\\Mã đề", "101", "102"], [1, "A", "B"], [2, "A", "D"], [3, "A", "A"], [4, "A", "C"]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("k.xlsx", workbook(ROWS)),
        ("k.csv", written(ROWS)),
        ("k.docx", new_file(table(*[[str(cell) for cell in row] for row in ROWS]))),
        ("k.txt", b"1.B 2.D\n3.A 4.C\n"),
    ],
)
def test_a_separate_key_file_is_read(name, content):
    key = read_key_file(content, name, "102")

    assert [question.key for question in read_paper(new_file(paper_with()), key).questions] == list(KEYS)


def test_a_key_file_without_answers_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        read_key_file(b"xin chao", "k.txt")
    assert refusal.value.code == "key.nothing"


def test_options_in_text_boxes_can_be_marked():
    body = "".join(
        p(f"Câu {n}. x") + p(box(p(*(r(f"{x}. {x}{n}\t", *(["u"] if x == key else [])) for x in LETTERS))))
        for n, key in enumerate(KEYS, 1)
    )

    assert keys_of(body) == list(KEYS)
