"""Every layout that teachers use gives the same questions, options and keys."""

import pytest

from tests.engine.papers.word import box, level, lines, numbering, p, r, table
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.writing.new_file import new_file

QUESTIONS = [
    ("Thủ đô của Việt Nam là", ["Huế.", "Hà Nội.", "Đà Nẵng.", "Vinh."]),
    ("Cho tam giác ABC vuông tại A. Khẳng định nào đúng?", ["AB < BC.", "AB > BC.", "AC > BC.", "AB = BC."]),
    ("Số nguyên tố chẵn là", ["1", "2", "3", "4"]),
]
LETTERS = "ABCD"


def expected():
    return [(stem, dict(zip(LETTERS, options, strict=True))) for stem, options in QUESTIONS]


def one_line_each():
    return "".join(
        p(f"Câu {n}. {stem}")
        + "".join(p(f"{letter}. {text}") for letter, text in zip(LETTERS, options, strict=True))
        for n, (stem, options) in enumerate(QUESTIONS, 1)
    )


def tabs():
    return "".join(
        p(r(f"Câu {n}: ", "b"), stem)
        + p("\t".join(f"{letter}. {text}" for letter, text in zip(LETTERS, options, strict=True)))
        for n, (stem, options) in enumerate(QUESTIONS, 1)
    )


def two_by_two():
    return "".join(
        p(f"Câu {n}) {stem}") + p(f"A. {a}\tB. {b}") + p(f"\tC. {c}\t\tD. {d}")
        for n, (stem, (a, b, c, d)) in enumerate(QUESTIONS, 1)
    )


def blanks_only():
    return "".join(
        p(f"Câu {n}. {stem}")
        + p(" ".join(f"{letter}. {text}" for letter, text in zip(LETTERS, options, strict=True)))
        for n, (stem, options) in enumerate(QUESTIONS, 1)
    )


def breaks_in_one_paragraph():
    return "".join(
        p(f"Câu {n} [NB]: {stem}\nA) {a}\nB) {b}\nC) {c}\nD) {d}")
        for n, (stem, (a, b, c, d)) in enumerate(QUESTIONS, 1)
    )


def option_table():
    return "".join(
        p(f"Câu {n}. {stem}") + table([f"A. {a}", f"B. {b}"], [f"C. {c}", f"D. {d}"])
        for n, (stem, (a, b, c, d)) in enumerate(QUESTIONS, 1)
    )


def letters_in_cells_of_their_own():
    return "".join(
        p(f"Câu {n}. {stem}") + table(["A.", a, "B.", b, "C.", c, "D.", d])
        for n, (stem, (a, b, c, d)) in enumerate(QUESTIONS, 1)
    )


def everything_in_one_table():
    rows = [
        [f"Câu {n}", p(stem) + p(f"A. {a}\tB. {b}\tC. {c}\tD. {d}")]
        for n, (stem, (a, b, c, d)) in enumerate(QUESTIONS, 1)
    ]
    return table(*rows)


def text_boxes():
    return "".join(
        p(f"Câu {n}. {stem}") + p(box(p(f"A. {a}\tB. {b}"), p(f"C. {c}\tD. {d}")))
        for n, (stem, (a, b, c, d)) in enumerate(QUESTIONS, 1)
    )


def split_runs():
    body = ""
    for n, (stem, options) in enumerate(QUESTIONS, 1):
        body += p(r("Câ", "b"), r("u ", "b"), r(str(n), "b"), r(".", "b"), r(" " + stem))
        body += p(
            *(
                r(part)
                for letter, text in zip(LETTERS, options, strict=True)
                for part in (letter, ".", f" {text}", "\t")
            )
        )
    return body


PLAIN_LAYOUTS = [
    one_line_each, tabs, two_by_two, blanks_only, breaks_in_one_paragraph, option_table,
    letters_in_cells_of_their_own, everything_in_one_table, text_boxes, split_runs,
]  # fmt: skip


@pytest.mark.parametrize("layout", PLAIN_LAYOUTS)
def test_every_layout_gives_the_same_questions(layout):
    paper = read_paper(new_file(p("ĐỀ KIỂM TRA") + layout() + p("---HẾT---")))

    assert [(question.stem, dict(question.options)) for question in paper.questions] == expected()
    assert [question.number for question in paper.questions] == [1, 2, 3]


def test_automatic_numbers_are_counted_as_word_counts_them():
    lists = numbering(
        {0: [level(0, "Câu %1."), level(1, "%2.", "upperLetter")]},
        {1: (0, None)},
    )
    body = "".join(
        p(stem, numbered=(1, 0)) + "".join(p(text, numbered=(1, 1)) for text in options)
        for stem, options in QUESTIONS
    )

    paper = read_paper(new_file(body, numbering=lists))

    assert [(question.stem, dict(question.options)) for question in paper.questions] == expected()


def test_lists_that_start_again_for_each_question_are_counted_from_their_start():
    lists = numbering(
        {0: [level(0, "Câu %1:")], 1: [level(0, "%1.", "upperLetter")]},
        {1: (0, None), 2: (1, 1), 3: (1, 1), 4: (1, 1)},
    )
    body = "".join(
        p(stem, numbered=(1, 0)) + "".join(p(text, numbered=(place, 0)) for text in options)
        for place, (stem, options) in enumerate(QUESTIONS, 2)
    )

    paper = read_paper(new_file(body, numbering=lists))

    assert [(question.stem, dict(question.options)) for question in paper.questions] == expected()


def test_plain_numbers_open_questions_where_no_other_mark_does():
    body = "".join(
        p(f"{n}. {stem}") + p("\t".join(map(". ".join, zip(LETTERS, options, strict=True))))
        for n, (stem, options) in enumerate(QUESTIONS, 1)
    )

    paper = read_paper(new_file(body))

    assert [(question.stem, dict(question.options)) for question in paper.questions] == expected()


def test_the_2025_format_has_three_parts_that_count_from_one():
    body = lines(
        "PHẦN I. Câu trắc nghiệm nhiều phương án lựa chọn. Thí sinh trả lời từ câu 1 đến câu 2.\n"
        "Câu 1. Một?\nA. a\tB. b\tC. c\tD. d\n"
        "Câu 2. Hai?\nA. e\tB. f\tC. g\tD. h\n"
        "PHẦN II. Câu trắc nghiệm đúng sai. Thí sinh trả lời từ câu 1 đến câu 1. Trong mỗi ý a), b), "
        "c), d) ở mỗi câu, "
        "thí sinh chọn đúng hoặc sai.\n"
        "Câu 1. Xét các phát biểu sau:\na) Nước sôi ở 100 °C.\nb) Băng nặng hơn nước.\nc) Sắt là phi "
        "kim.\nd) Đồng dẫn điện.\n"
        "PHẦN III. Câu trắc nghiệm trả lời ngắn. Thí sinh trả lời từ câu 1 đến câu 2.\n"
        "Câu 1. Tính 1 + 1.\nĐáp án: 2\n"
        "Câu 2. Tính nửa của 5.\n"
        "PHẦN IV. TỰ LUẬN\n"
        "Câu 1 (2,0 điểm). Chứng minh:\na) vế trái;\nb) vế phải.\n"
        "----HẾT----"
    )

    questions = read_paper(new_file(body)).questions

    assert [(q.part, q.number, q.type) for q in questions] == [
        ("I", 1, "choice"), ("I", 2, "choice"), ("II", 1, "true_false"), ("III", 1, "short_answer"),
        ("III", 2, "short_answer"), ("IV", 1, "essay"),
    ]  # fmt: skip
    assert list(questions[2].options) == ["a", "b", "c", "d"]
    assert questions[2].options["d"] == "Đồng dẫn điện."
    assert questions[3].key == "2"
    assert (questions[5].points, questions[5].stem) == ("2,0", "Chứng minh:\na) vế trái;\nb) vế phải.")


def test_a_shared_stem_is_given_to_the_questions_it_names():
    body = lines(
        "Câu 1. Trước?\nA. a\tB. b\tC. c\tD. d\n"
        "Đọc đoạn văn sau và trả lời câu 2 đến câu 3:\nNgày xưa có một người.\n"
        "Câu 2. Ai?\nA. a\tB. b\tC. c\tD. d\nCâu 3. Khi nào?\nA. a\tB. b\tC. c\tD. d\n"
        "Câu 4. Sau?\nA. a\tB. b\tC. c\tD. d"
    )

    questions = read_paper(new_file(body)).questions

    shared = "Đọc đoạn văn sau và trả lời câu 2 đến câu 3:\nNgày xưa có một người."
    assert [question.context for question in questions] == [None, shared, shared, None]
    assert [question.group for question in questions] == [None, 1, 1, None]
    assert questions[0].options["D"] == "d"


def test_instructions_of_english_papers_serve_all_questions_up_to_the_next():
    body = lines(
        "Mark the letter A, B, C, or D to indicate the correct answer to each of the following questions.\n"
        "Question 1: He ____ here.\nA. am\tB. is\tC. are\tD. be\nQuestion 2: They ____ here.\nA. "
        "am\tB. is\tC. are\tD. be\n"
        "Read the following passage and mark the letter A, B, C, or D on your answer sheet from 3 to "
        "4.\nA (3)___ of (4)___.\n"
        "Question 3. A. cup\tB. cap\tC. cop\tD. cub\nQuestion 4. A. tea\tB. ten\tC. tee\tD. toe"
    )

    questions = read_paper(new_file(body)).questions

    assert [question.group for question in questions] == [1, 1, 2, 2]
    assert questions[3].options == {"A": "tea", "B": "ten", "C": "tee", "D": "toe"}
    assert questions[3].stem == ""
    assert questions[2].context.endswith("A (3)___ of (4)___.")


def test_options_printed_by_columns_keep_their_letters():
    body = lines("Câu 1. Chọn?\nA. một\tC. ba\nB. hai\tD. bốn\nCâu 2. Nữa?\nA. a\tB. b\nC. c\tD. d")

    first = read_paper(new_file(body)).questions[0]

    assert dict(first.options) == {"A": "một", "C": "ba", "B": "hai", "D": "bốn"}


def test_names_that_look_like_options_stay_in_the_text():
    body = lines(
        "Câu 1. Ông A. cùng bà B. đi chợ. Ai đúng?\nA. Ông A và bà B.\nB. Chị C.\nC. Anh D.\nD. Cả "
        "anh C. và chị D.\nCâu 2. x\nA. 1\nB. 2\nC. 3\nD. 4"
    )

    first = read_paper(new_file(body)).questions[0]

    assert first.stem == "Ông A. cùng bà B. đi chợ. Ai đúng?"
    assert dict(first.options) == {
        "A": "Ông A và bà B.",
        "B": "Chị C.",
        "C": "Anh D.",
        "D": "Cả anh C. và chị D.",
    }


def test_superscripts_and_subscripts_are_formulas():
    body = p(
        r("Câu 1. Công thức H"), r("2", "sub"), r("SO"), r("4", "sub"), r("2-", "sup"), r(" là")
    ) + lines("A. 1\tB. 2\tC. 3\tD. 4\nCâu 2. x\nA. 1\tB. 2\tC. 3\tD. 4")

    assert read_paper(new_file(body)).questions[0].stem == "Công thức H$_{2}$SO$_{4}^{2-}$ là"
