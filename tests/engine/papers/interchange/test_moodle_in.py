"""Question banks of Moodle, in the shape its export gives them."""

import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.moodle_in import paper_from_moodle


def text(name, content, *, form="html", more=""):
    return f'<{name} format="{form}"><text><![CDATA[{content}]]></text>{more}</{name}>'


def answer(share, content, *, form="html", feedback="", more=""):
    said = text("feedback", feedback)
    return (
        f'<answer fraction="{share}" format="{form}"><text><![CDATA[{content}]]></text>{said}{more}</answer>'
    )


def question(kind, *inside, stem="<p>Hỏi?</p>"):
    asked = text("questiontext", stem) + "".join(inside)
    return f'<question type="{kind}"><name><text>Tên</text></name>{asked}</question>'


def category(path):
    return f'<question type="category"><category><text>{path}</text></category></question>'


def bank(*inside):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(inside)}\n</quiz>'.encode()


def read(*inside):
    return paper_from_moodle(bank(*inside), "x.xml")


def one(*inside):
    return read(*inside).questions[0]


def codes(found):
    return [flag.code for flag in found.flags]


def test_a_choice_with_formulas_pictures_and_feedback():
    picture = '<img src="@@PLUGINFILE@@/h%C3%ACnh%201.png" alt="h">'
    file = '<file name="hình 1.png" path="/" encoding="base64">aGk=</file>'
    file += '<file name="b.png" path="/x/" encoding="base64">aGk=</file>'
    asked = (
        '<question type="multichoice">'
        + text(
            "questiontext", f"<p>Tính \\(x^2\\) và $$y$$&nbsp;khi</p><p>x<sup>3</sup>{picture}</p>", more=file
        )
        + text("generalfeedback", "<p>Vì thế</p>")
        + "<defaultgrade>0.2500000</defaultgrade><single>true</single>"
        + answer(0, "<p>một</p>", feedback="<p>chưa</p>")
        + answer(100, "a < b", form="moodle_auto_format")
        + "<hint format='html'><text>Xem lại</text></hint></question>"
    )

    found = one(asked)

    assert found.stem == "Tính $x^2$ và $y$ khi\nx$^{3}$"
    assert (found.type, found.options, found.key) == ("choice", {"A": "một", "B": "a < b"}, "B")
    assert found.points == "0,25"
    assert found.solution == "A. chưa\nVì thế\nGợi ý: Xem lại"
    assert found.images == ("hình 1.png", "x/b.png")
    assert found.flags == ()


@pytest.mark.parametrize(
    ("shares", "key", "flags"),
    [
        ((100, 100), None, ["key.several", "key.missing"]),
        ((100, 50), "A", ["key.weights"]),
        ((0, 0), None, ["key.missing"]),
        (("x", 100), "B", ["key.weights"]),
    ],
)
def test_doubtful_keys_of_a_choice_are_flagged(shares, key, flags):
    answers = [answer(share, name) for share, name in zip(shares, "pq", strict=True)]

    found = one(question("multichoice", *answers))

    assert (found.key, codes(found)) == (key, flags)


def test_several_right_answers_become_statements():
    answers = [answer(share, name) for share, name in zip((50, -50, 50, 0), "pqrs", strict=True)]

    found = one(question("multichoice", "<single>false</single>", *answers))

    assert (found.type, found.options, found.key) == (
        "true_false",
        dict(zip("abcd", "pqrs", strict=True)),
        "ĐSĐS",
    )
    assert codes(found) == ["choice.multiple"]


@pytest.mark.parametrize(
    ("shares", "key", "flags"), [((100, 0), "A", []), ((0, 100), "B", []), ((0, 0), None, ["key.missing"])]
)
def test_true_or_false_is_a_choice_between_both(shares, key, flags):
    answers = [answer(share, word) for share, word in zip(shares, ("true", "false"), strict=True)]

    found = one(question("truefalse", *answers))

    assert (found.type, found.options, found.key) == ("choice", {"A": "Đúng", "B": "Sai"}, key)
    assert codes(found) == flags


@pytest.mark.parametrize(
    ("kind", "answers", "key", "flags"),
    [
        ("shortanswer", [(100, "Hà Nội", "")], "Hà Nội", []),
        ("shortanswer", [(50, "HN", ""), (100, "Hà Nội", "")], "Hà Nội", ["key.alternatives"]),
        ("shortanswer", [(100, "Hà*", "")], "Hà*", ["key.pattern"]),
        ("numerical", [(100, "3.14", "<tolerance>0</tolerance>")], "3,14", []),
        ("numerical", [(100, "3.14", "<tolerance>0.01</tolerance>")], "3,14", ["key.tolerance"]),
        ("numerical", [(100, "*", "")], "*", ["key.pattern"]),
        ("shortanswer", [], None, ["key.missing"]),
    ],
)
def test_answers_to_be_typed(kind, answers, key, flags):
    given = [answer(share, word, form="plain_text", more=more) for share, word, more in answers]

    found = one(question(kind, *given))

    assert (found.type, found.key, codes(found)) == ("short_answer", key, flags)


def test_units_of_a_number_are_named():
    units = "<units><unit><multiplier>1</multiplier><unit_name>cm</unit_name></unit></units>"

    assert codes(one(question("numerical", answer(100, "2"), units))) == ["key.units"]


def test_an_essay_keeps_what_markers_are_told():
    told = text("graderinfo", "<p>Mở bài 1 điểm</p>") + text("responsetemplate", "Kính gửi")

    found = one(question("essay", told))

    assert (found.type, found.solution, codes(found)) == ("essay", "Mở bài 1 điểm", ["essay.template"])


def test_matching_is_named_and_its_columns_do_not_give_the_pairs_away():
    pairs = "".join(
        f'<subquestion format="html"><text>{one}</text><answer><text>{other}</text></answer></subquestion>'
        for one, other in (("Pháp", "Paris"), ("Ý", "Roma"), ("", "Bern"))
    )

    found = one(question("matching", pairs))

    assert (found.type, found.stem) == ("essay", "Hỏi?\nPháp\nÝ\n(Bern / Paris / Roma)")
    assert found.solution == "Đáp án trong tệp: Pháp → Paris; Ý → Roma"
    assert codes(found) == ["interaction.unsupported"]


def test_cloze_is_named_and_its_answers_leave_the_stem():
    found = one(question("cloze", stem="<p>2 + 2 = {1:NUMERICAL:=4:0} và {2:MULTICHOICE:=a~b\\}c}</p>"))

    assert found.stem == "2 + 2 = _____ và _____"
    assert found.solution == "Chỗ trống 1 (NUMERICAL): =4:0\nChỗ trống 2 (MULTICHOICE): =a~b\\}c"
    assert codes(found) == ["interaction.unsupported"]


def test_other_kinds_are_named_with_their_answers():
    found = one(question("calculated", answer(100, "{a}+{b}")))

    assert (found.stem, found.solution) == ("Hỏi?", "Đáp án trong tệp: {a}+{b} (100 %)")
    assert [(flag.code, flag.text) for flag in found.flags] == [("interaction.unsupported", "calculated")]


def test_categories_are_parts_and_descriptions_are_shared():
    paper = read(
        category("$course$/top/Mặc định cho Toán"), question("essay"),
        category("$course$/top/Đọc/Thơ//Văn"),
        question("description", stem="Đoạn 1"), question("description", stem="Đoạn 2"),
        question("essay"), question("essay"),
        question("description", stem="Đoạn 3"), question("essay"),
        question("description", stem="Lời chào"), category("top"), question("essay"),
    )  # fmt: skip

    assert [(q.number, q.part, q.context, q.group) for q in paper.questions] == [
        (1, None, None, None),
        (2, "Thơ/Văn", "Đoạn 1\nĐoạn 2", 1),
        (3, "Thơ/Văn", "Đoạn 1\nĐoạn 2", 1),
        (4, "Thơ/Văn", "Đoạn 3", 2),
        (5, None, None, None),
    ]
    assert [(flag.code, flag.text) for flag in paper.flags] == [
        ("context.assumed", "Đoạn 1 Đoạn 2"), ("context.assumed", "Đoạn 3"), ("context.unused", "Lời chào"),
    ]  # fmt: skip


def test_mathml_of_the_editor_becomes_latex():
    paper = read(question("essay", stem="<math><msqrt><mi>x</mi></msqrt></math> là gì"))

    assert paper.questions[0].stem == "$\\sqrt{x}$ là gì"
    assert paper.equations == 1


@pytest.mark.parametrize("grade", ["1.0000000", "1", "", "nhiều"])
def test_points_that_say_nothing_are_left_out(grade):
    assert one(question("essay", f"<defaultgrade>{grade}</defaultgrade>")).points is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html/>", "moodle.unknown"),
        (b"<quiz></quiz>", "moodle.empty"),
        (b"<quiz><question>", "interchange.xml"),
        (b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', "interchange.entities"),
        (b"<quiz>\xea\xe1</quiz>", "interchange.encoding"),
    ],
)
def test_what_is_no_bank_is_refused(content, code):
    with pytest.raises(InvalidInput) as refusal:
        paper_from_moodle(content, "x.xml")
    assert refusal.value.code == code
