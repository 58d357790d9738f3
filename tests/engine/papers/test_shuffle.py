"""Variants in Word: nothing is lost, nothing gives the key away, and de-permuting gives the original."""

import zipfile
from collections import Counter
from io import BytesIO

import pytest
from lxml import etree

from tests.engine.papers.word import (
    box,
    fraction,
    level,
    lines,
    mathtype,
    mr,
    numbering,
    omath,
    p,
    picture,
    png,
    r,
    table,
)  # fmt: skip
from thucchat.engine.errors import NoResult
from thucchat.engine.papers.reading.answers import AnswerList
from thucchat.engine.papers.reading.key_files import read_key_file
from thucchat.engine.papers.reading.names import OFFICE, OMATH, RELATION, WORD
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.shuffle import shuffle
from thucchat.engine.papers.writing.new_file import new_file
from thucchat.engine.papers.writing.variant_map import canonical_paper

CODES = ["101", "102", "103", "104", "105"]
LETTERS = "ABCD"
MEDIA = {
    "rId5": ("image", "media/image1.png", png(200, 30, 30)),
    "rId6": ("image", "media/image2.png", png(0, 0, 200)),
    "rId7": ("image", "media/image3.wmf", b"\xd7\xcd\xc6\x9a" + bytes(60)),
    "rId8": ("oleObject", "embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0" + bytes(range(250))),
}


def formulas(n):
    return [
        omath(fraction(str(n), "x+1")),
        omath(f"<m:sSup><m:e>{mr('x')}</m:e><m:sup>{mr(str(n))}</m:sup></m:sSup>"),
        omath(f"<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e>{mr(str(n))}</m:e></m:rad>"),
        omath(mr(f"α+{n}")),
    ]


def with_formulas(count=8):
    """Options as formulas, on one line, on two, and on four; keys underlined, and in a table at the end."""
    body = p("SỞ GD&ĐT ĐIỆN BIÊN") + p(r("Mã đề: ", "b"), r("00"), r("0"))
    for n in range(1, count + 1):
        key = LETTERS[n % 4]
        runs = [
            [r(f"{letter}.", "b", *(["u"] if letter == key else [])), r(" "), formula, r(f" số {letter}{n}.")]
            for letter, formula in zip(LETTERS, formulas(n), strict=True)
        ]
        body += p(
            r(f"Câu {n}.", "b"),
            f" Hỏi {n}? ",
            *([picture("rId5")] if n == 2 else []),
            *([mathtype("rId7", "rId8")] if n == 3 else []),
        )
        width = (4, 2, 1)[n % 3]
        for place in range(0, 4, width):
            body += p(*(run for one in runs[place : place + width] for run in [*one, r("\t")]))
    return (
        body
        + p("-----HẾT-----")
        + p("ĐÁP ÁN")
        + table([str(n) for n in range(1, count + 1)], [LETTERS[n % 4] for n in range(1, count + 1)])
    )


def in_text_boxes():
    return "".join(
        p(f"Câu {n}. Hỏi {n}?") + p(box(p(f"A. a{n}\tB. b{n}"), p(f"C. c{n}\tD. d{n}"))) for n in range(1, 6)
    )


def in_one_table():
    return table(
        *[[f"Câu {n}", p(f"Hỏi {n}?") + p(f"A. a{n}\tB. b{n}\tC. c{n}\tD. d{n}")] for n in range(1, 6)]
    )


def several_in_one_paragraph():
    return p("\n".join(f"Câu {n}. Hỏi {n}?\nA. a{n}\nB. b{n}\nC. c{n}\nD. d{n}" for n in range(1, 6)))


def with_option_tables():
    return "".join(
        p(f"Câu {n}. Hỏi {n}?") + table([f"A. a{n}", f"B. b{n}"], [f"C. c{n}", f"D. d{n}"])
        for n in range(1, 6)
    )


def options_of_several_paragraphs():
    body = ""
    for n in range(1, 6):
        body += p(f"Câu {n}. Hỏi {n}?")
        body += "".join(
            p(f"{letter}. dòng một {letter}{n}") + p(f"dòng hai {letter}{n}") for letter in LETTERS
        )
    return body


def three_parts():
    body = "PHẦN I. Câu trắc nghiệm nhiều phương án lựa chọn\n"
    body += "".join(f"Câu {n}. Hỏi {n}?\nA. a{n}\tB. b{n}\tC. c{n}\tD. d{n}\n" for n in range(1, 7))
    body += "PHẦN II. Câu trắc nghiệm đúng sai\n"
    body += "".join(f"Câu {n}. Xét {n}:\na) m{n}\nb) n{n}\nc) p{n}\nd) q{n}\n" for n in range(1, 5))
    body += "PHẦN III. Câu trắc nghiệm trả lời ngắn\n" + "".join(f"Câu {n}. Tính {n}.\n" for n in range(1, 5))
    return lines(body + "HẾT")


def with_a_passage():
    body = "".join(f"Câu {n}. Hỏi {n}?\nA. a{n}\nB. b{n}\nC. c{n}\nD. d{n}\n" for n in range(1, 4))
    body += "Đọc đoạn văn sau và trả lời câu 4 đến câu 6:\nNgày xưa (4) ___ và (5) ___ rồi (6) ___.\n"
    body += "".join(f"Câu {n}. A. a{n}\tB. b{n}\tC. c{n}\tD. d{n}\n" for n in range(4, 7))
    return lines(
        body + "".join(f"Câu {n}. Hỏi {n}?\nA. a{n}\nB. b{n}\nC. c{n}\nD. d{n}\n" for n in range(7, 10))
    )


LAYOUTS = [
    with_formulas, in_text_boxes, in_one_table, several_in_one_paragraph, with_option_tables,
    options_of_several_paragraphs, three_parts, with_a_passage,
]  # fmt: skip


def told(paper):
    """What a paper says, without numbers and keys."""
    return [
        (question.stem, dict(question.options), question.type, question.part) for question in paper.questions
    ]


def parts_of(content):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree_of(content):
    return etree.fromstring(parts_of(content)["word/document.xml"])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_taking_a_variant_back_gives_the_original(layout):
    original = new_file(layout(), MEDIA)

    made = shuffle(original, CODES, "hạt giống")

    for file, variant in zip(made.files, made.maps, strict=True):
        paper = read_paper(file)
        assert told(canonical_paper(paper, variant)) == told(made.paper)
        assert [question.number for question in paper.questions] == [
            question.number for question in made.paper.questions
        ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_variants_differ_in_questions_and_options(layout):
    made = shuffle(new_file(layout(), MEDIA), CODES, "1")

    assert len({tuple(position.canonical for position in variant.questions) for variant in made.maps}) == len(
        CODES
    )
    assert not made.kept or layout is with_a_passage


def test_equations_objects_and_pictures_are_all_there_and_unchanged():
    original = new_file(with_formulas(), MEDIA)
    before = Counter(etree.tostring(each, method="c14n") for each in tree_of(original).iter(OMATH))
    binary = {
        name: content for name, content in parts_of(original).items() if "media" in name or "embed" in name
    }

    for file in shuffle(original, CODES, "1").files:
        tree, parts = tree_of(file), parts_of(file)
        # Canonical XML names the namespaces in scope, which are the document's own and stay the same.
        assert Counter(etree.tostring(each, method="c14n") for each in tree.iter(OMATH)) == before
        assert {name: parts[name] for name in binary} == binary
        named = {
            value
            for each in tree.iter()
            for name, value in each.attrib.items()
            if name.startswith(f"{{{RELATION}}}")
        }
        known = {each.get("Id") for each in etree.fromstring(parts["word/_rels/document.xml.rels"])}
        assert named == {"rId5", "rId7", "rId8"} <= known
        assert len(list(tree.iter(f"{{{OFFICE}}}OLEObject"))) == 1


def test_no_variant_gives_its_key_away():
    made = shuffle(new_file(with_formulas(), MEDIA), CODES, "1")

    assert [question.key for question in made.paper.questions] == [LETTERS[n % 4] for n in range(1, 9)]
    for file in made.files:
        assert {question.key for question in read_paper(file).questions} == {None}
        assert b"w:u " not in parts_of(file)["word/document.xml"]
        assert "ĐÁP ÁN" not in parts_of(file)["word/document.xml"].decode()


@pytest.mark.parametrize("looks", [("red",), ("yellow",), ("b", "u"), ("blue", "i")])
def test_marks_on_the_whole_option_are_taken_off(looks):
    body = "".join(
        p(f"Câu {n}. Hỏi?")
        + p(
            *(
                r(f"{letter}. {letter}{n}\t", *(looks if letter == LETTERS[n % 4] else ()))
                for letter in LETTERS
            )
        )
        for n in range(1, 6)
    )

    made = shuffle(new_file(body), CODES, "1")

    assert all(question.key for question in made.paper.questions)
    assert [question.key for file in made.files for question in read_paper(file).questions] == [None] * 25


def test_solutions_and_told_truths_are_taken_out():
    body = lines(
        "PHẦN I. Trắc nghiệm nhiều lựa chọn\n"
        + "".join(
            f"Câu {n}. x{n}\nA. a\nB. b\nC. c\nD. d\nLời giải\nVì thế nên chọn.\nChọn B\n"
            for n in range(1, 4)
        )
        + "PHẦN II. Trắc nghiệm đúng sai\n"
        + "".join(f"Câu {n}. y{n}\na) m (Đ)\nb) n (S)\nc) p (S)\nd) q (Đ)\n" for n in range(1, 3))
        + "PHẦN III. Trả lời ngắn\n"
        + "".join(f"Câu {n}. z{n}\nĐáp án: {n},5\n" for n in range(1, 3))
    )

    made = shuffle(new_file(body), CODES, "1")

    assert [question.key for question in made.paper.questions] == [
        "B",
        "B",
        "B",
        "ĐSSĐ",
        "ĐSSĐ",
        "1,5",
        "2,5",
    ]
    for file in made.files:
        text = "".join(tree_of(file).itertext())
        assert not any(word in text for word in ("Lời giải", "Chọn B", "(Đ)", "(S)", ",5"))


def test_the_key_follows_its_option():
    made = shuffle(new_file(with_formulas(), MEDIA), CODES, "7")

    for file, variant in zip(made.files, made.maps, strict=True):
        for position, question in zip(variant.questions, read_paper(file).questions, strict=True):
            original = made.paper.questions[position.canonical - 1]
            assert question.options[position.key] == original.options[original.key]


def test_the_code_is_printed_where_the_paper_prints_it():
    for file, code in zip(shuffle(new_file(with_formulas(), MEDIA), CODES, "1").files, CODES, strict=True):
        assert read_paper(file).heading == f"SỞ GD&ĐT ĐIỆN BIÊN\nMã đề: {code}"


def test_a_paper_without_a_place_for_the_code_gets_one_on_top():
    for file, code in zip(shuffle(new_file(in_text_boxes()), CODES, "1").files, CODES, strict=True):
        assert read_paper(file).heading == f"Mã đề: {code}"


def test_the_code_in_a_header_is_rewritten_too():
    header = f'<w:hdr xmlns:w="{WORD}">{p(r("Mã đề th"), r("i: 1"), r("11"))}</w:hdr>'
    media = {"rId3": ("header", "header1.xml", header.encode())}

    files = shuffle(new_file(in_one_table(), media), ["0101", "0102"], "1").files

    texts = ["".join(etree.fromstring(parts_of(file)["word/header1.xml"]).itertext()) for file in files]
    assert texts == ["Mã đề thi: 0101", "Mã đề thi: 0102"]
    assert not any("Mã đề" in read_paper(file).heading for file in files)


def test_numbers_inside_a_passage_follow_their_questions():
    made = shuffle(new_file(with_a_passage()), CODES, "2")

    starts = set()
    for file in made.files:
        paper = read_paper(file)
        shared = [question for question in paper.questions if question.group]
        first, last = shared[0].number, shared[-1].number
        starts.add(first)
        assert last == first + 2
        assert shared[0].context == (
            f"Đọc đoạn văn sau và trả lời câu {first} đến câu {last}:\n"
            f"Ngày xưa ({first}) ___ và ({first + 1}) ___ rồi ({last}) ___."
        )
    assert len(starts) > 1


def test_automatic_numbers_count_on_in_the_new_order():
    lists = numbering(
        {0: [level(0, "Câu %1."), level(1, "%2.", "upperLetter")], 1: [level(0, "%1.", "upperLetter")]},
        {1: (0, None), **dict.fromkeys(range(2, 8), (1, 1))},
    )
    body = "".join(
        p(f"Hỏi {n}?", numbered=(1, 0))
        + "".join(p(f"{letter}{n}", numbered=(n + 1, 0)) for letter in LETTERS)
        for n in range(1, 6)
    )

    made = shuffle(new_file(body, numbering=lists), CODES, "1")

    for file, variant in zip(made.files, made.maps, strict=True):
        paper = read_paper(file)
        assert [question.number for question in paper.questions] == [1, 2, 3, 4, 5]
        assert told(canonical_paper(paper, variant)) == told(made.paper)


@pytest.mark.parametrize(
    "last",
    ["Cả A và B đều đúng.", "Tất cả các phương án trên.", "Cả ba đáp án trên đều sai.",
     "Không có đáp án nào đúng.",
     "Both A and C", "All of the above.", "A và B đúng", "Đáp án khác"],
)  # fmt: skip
def test_options_that_speak_of_others_keep_the_order_of_their_question(last):
    body = lines(
        f"Câu 1. x\nA. một\nB. hai\nC. ba\nD. {last}\n"
        + "".join(f"Câu {n}. y{n}\nA. a\nB. b\nC. c\nD. d\n" for n in range(2, 6))
    )

    made = shuffle(new_file(body), CODES, "1")

    assert made.kept == {1: "có phương án nhắc tới phương án khác"}


def test_statements_stay_unless_asked_for():
    original = new_file(three_parts())
    stay, move = shuffle(original, CODES, "1"), shuffle(original, CODES, "1", statements=True)

    def orders(made):
        return {
            tuple(position.options.values())
            for variant in made.maps
            for position in variant.questions
            if position.part == "II"
        }

    assert orders(stay) == {()}
    assert len(orders(move)) > 3
    for file, variant in zip(move.files, move.maps, strict=True):
        assert told(canonical_paper(read_paper(file), variant)) == told(move.paper)


def test_the_same_seed_gives_the_same_bytes():
    original = new_file(with_formulas(), MEDIA)

    assert shuffle(original, CODES, "a").files == shuffle(original, CODES, "a").files
    assert shuffle(original, CODES, "a").files != shuffle(original, CODES, "b").files


def test_macros_and_remarks_are_not_handed_on():
    from thucchat.engine.papers.writing.archive import packed

    parts = parts_of(new_file(in_one_table()))
    parts |= {"word/vbaProject.bin": b"macro", "word/comments.xml": b"<w:comments/>"}

    for file in shuffle(packed(parts), CODES[:2], "1").files:
        assert not {"word/vbaProject.bin", "word/comments.xml"} & set(parts_of(file))


def test_a_paper_without_questions_is_not_shuffled():
    with pytest.raises(NoResult) as refusal:
        shuffle(new_file(p("Thông báo nghỉ lễ")), CODES, "1")
    assert refusal.value.code == "variants.no_questions"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_key_table_gives_each_variant_its_keys_back(layout):
    key = ["A", "B", "C", "D"] * 3
    content = new_file(layout(), MEDIA)
    answers = AnswerList()
    for question, letter in zip(read_paper(content).questions, key + ["B"] * 9, strict=False):
        told_key = {"choice": letter, "true_false": "ĐSSĐ", "short_answer": "1,5"}[question.type]
        answers.open_part(question.part or "-")
        answers.add(question.number, told_key)

    made = shuffle(content, CODES, "3", key=answers)

    for file, variant in zip(made.files, made.maps, strict=True):
        read = read_paper(file, read_key_file(made.keys, "dap-an.xlsx", variant.code))
        assert [question.key for question in read.questions] == [
            position.key for position in variant.questions
        ]
