"""Tables with a question a row: the key column is read, pictures and leads go where they belong."""

from tests.engine.papers.test_shuffle import told, tree_of
from tests.engine.papers.word import p, picture, png, r, table
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.shuffle import shuffle
from thucchat.engine.papers.writing.new_file import new_file
from thucchat.engine.papers.writing.variant_map import canonical_paper

MEDIA = {"rId5": ("image", "media/image1.png", png(1, 2, 3))}
LEAD = "Read the following passage and mark the letter.\nA (4) ___ and (5) ___."


def row(n, text, key, shown=" "):
    return [
        f"MET_Thu_IE_2019_{n}",
        shown,
        p(r(text)),
        key,
        " ",
        f"Giải thích {n}: A. sai, B. sai, C. đúng. Chọn {key}",
    ]


def question(n):
    return f"Câu {n}. Hỏi {n}?\nA. a{n}\t\nB. b{n}\t\nC. c{n}\t\nD. d{n}"


def bank():
    rows = [row(n, question(n), "ABC"[n - 1], p(picture("rId5")) if n == 2 else " ") for n in (1, 2, 3)]
    rows += [row(n, f"{LEAD}\n\nQuestion {n}: \nA. a{n}\nB. b{n}\nC. c{n}\nD. d{n}", "D") for n in (4, 5)]
    return new_file(table(*rows), MEDIA)


def test_each_row_is_a_question_with_the_key_of_its_column():
    questions = read_paper(bank()).questions

    assert [question.number for question in questions] == [1, 2, 3, 4, 5]
    assert [question.key for question in questions] == ["A", "B", "C", "D", "D"]
    assert questions[1].stem == "Hỏi 2?"
    assert questions[1].options == {"A": "a2", "B": "b2", "C": "c2", "D": "d2"}
    assert questions[1].images == ("word/media/image1.png",)
    assert questions[0].solution == "Giải thích 1: A. sai, B. sai, C. đúng. Chọn A"
    assert questions[3].stem == LEAD
    assert not any(question.flags for question in questions)


def test_a_heading_row_and_rows_without_key_are_told_apart():
    rows = [["STT", "Câu hỏi", "Đáp án"], *([str(n), question(n), "B" if n < 4 else ""] for n in range(1, 5))]

    questions = read_paper(new_file(table(*rows))).questions

    assert [(question.number, question.key) for question in questions] == [
        (1, "B"),
        (2, "B"),
        (3, "B"),
        (4, None),
    ]
    assert [flag.code for flag in questions[3].flags] == ["key.missing"]


def test_named_rows_without_options_are_essay_questions():
    rows = [
        [f"MET_Lit_IE_2019_{n}", " ", f"Câu {n}: Anh/chị hãy viết một đoạn văn về chủ đề {n}.", " ", "Dàn ý"]
        for n in (1, 2)
    ]

    questions = read_paper(new_file(table(*rows))).questions

    assert [(question.type, question.key, question.solution) for question in questions] == [
        ("essay", None, "Dàn ý")
    ] * 2
    assert questions[0].stem == "Anh/chị hãy viết một đoạn văn về chủ đề 1."


def test_a_table_of_answers_is_no_bank():
    questions = read_paper(
        new_file(p(question(1)) + p(question(2)) + p("ĐÁP ÁN") + table(["1", "2"], ["A", "B"]))
    ).questions

    assert [question.key for question in questions] == ["A", "B"]


def test_variants_print_questions_without_table_key_or_explanation():
    made = shuffle(bank(), ["101", "102", "103"], "1")

    for file, variant in zip(made.files, made.maps, strict=True):
        text = "".join(tree_of(file).itertext())
        paper = read_paper(file)
        assert "Giải thích" not in text
        assert "MET_" not in text
        assert text.count("Read the following passage") == 1
        assert {question.key for question in paper.questions} == {None}
        back = canonical_paper(paper, variant)
        assert [options for _, options, _, _ in told(back)] == [
            options for _, options, _, _ in told(made.paper)
        ]
        shared = [question for question in paper.questions if question.context]
        assert [question.number for question in shared] == [shared[0].number, shared[0].number + 1]
        assert f"({shared[0].number}) ___ and ({shared[1].number}) ___" in shared[0].context


def test_explanations_that_list_options_too_are_not_taken_for_questions():
    explained = "A. sai vì thế. B. đúng. C. sai."
    rows = [[f"MET_X_2019_{n}", "", question(n), "B", "", explained] for n in range(1, 4)]
    rows.append(["MET_X_2019_4", "", "Câu 4. Hỏi bị mất phương án?", "B", "", explained])

    questions = read_paper(new_file(table(*rows))).questions

    assert [question.stem for question in questions] == [
        "Hỏi 1?",
        "Hỏi 2?",
        "Hỏi 3?",
        "Hỏi bị mất phương án?",
    ]
    assert [len(question.options) for question in questions] == [4, 4, 4, 0]


def test_rows_without_a_printed_number_get_one_in_variants():
    rows = [[str(n), f"Hỏi {n}?\nA. a{n}\nB. b{n}\nC. c{n}\nD. d{n}", "C", ""] for n in range(1, 5)]

    made = shuffle(new_file(table(["STT", "Câu hỏi", "ĐA", "Ghi chú"], *rows)), ["101", "102"], "1")

    for file, variant in zip(made.files, made.maps, strict=True):
        paper = read_paper(file)
        assert [question.number for question in paper.questions] == [1, 2, 3, 4]
        assert told(canonical_paper(paper, variant)) == told(made.paper)
