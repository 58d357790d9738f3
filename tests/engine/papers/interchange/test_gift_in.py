"""GIFT in all its forms; what breaks its rules is named with line and text, and the rest is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.gift_in import paper_from_gift


def read(text):
    return paper_from_gift(text.encode(), "x.gift")


def one(text):
    return read(text).questions[0]


def codes(found):
    return [flag.code for flag in found.flags]


def test_a_choice_with_title_weights_and_feedback():
    found = one("::Câu khó:: 2 + 2 \\= ?{\n=4#đúng rồi\n~%50%3#gần\n~5\n####Cộng lại}")

    assert (found.type, found.stem) == ("choice", "2 + 2 = ?")
    assert (found.options, found.key) == ({"A": "4", "B": "3", "C": "5"}, "A")
    assert found.solution == "A. đúng rồi\nB. gần\nCộng lại"
    assert codes(found) == ["key.weights"]


def test_weights_without_a_right_answer_are_several_answers():
    found = one("Chọn {~%50%a ~%-50%b ~%50%c ~d}")

    assert (found.type, found.key, codes(found)) == ("true_false", "ĐSĐS", ["choice.multiple"])


@pytest.mark.parametrize(
    ("answer", "key", "solution"),
    [("T", "A", None), ("true", "A", None), ("F#sai rồi#đúng", "B", "sai rồi\nđúng"), ("FALSE", "B", None)],
)
def test_true_or_false_is_a_choice_between_both(answer, key, solution):
    found = one(f"Mặt Trời mọc đằng Đông. {{{answer}}}")

    assert (found.options, found.key, found.solution) == ({"A": "Đúng", "B": "Sai"}, key, solution)


@pytest.mark.parametrize(
    ("answer", "key", "flags"),
    [
        ("=Hà Nội", "Hà Nội", []),
        ("=Hà Nội =%50%HN", "Hà Nội", ["key.alternatives"]),
        ("#3.5", "3,5", []),
        ("#-3,5:0", "-3,5", []),
        ("#3.5:0.1", "3,5", ["key.tolerance"]),
        ("#1..5", None, ["key.range", "key.missing"]),
        ("#=3.5:0 =%50%3.5:1#gần", "3,5", ["key.tolerance", "key.alternatives"]),
        ("#=3.5 ~#chưa đúng", "3,5", []),
    ],
)
def test_answers_to_be_typed(answer, key, flags):
    found = one(f"Hỏi {{{answer}}}")

    assert (found.type, found.key, codes(found)) == ("short_answer", key, flags)


def test_an_interval_is_told_in_the_explanation():
    assert one("Số {#1.5..5}").solution == "Đáp án trong tệp: từ 1,5 đến 5"


def test_empty_braces_are_an_essay():
    assert (one("Viết về quê hương {}").type, one("Viết {####Gợi ý}").solution) == ("essay", "Gợi ý")


def test_matching_is_named_and_kept():
    found = one("Nối {=Pháp -> Paris =Ý -> Roma}")

    assert (found.stem, found.solution) == (
        "Nối\nPháp\nÝ\n(Paris / Roma)", "Đáp án trong tệp: Pháp → Paris; Ý → Roma",
    )  # fmt: skip
    assert codes(found) == ["interaction.unsupported"]


def test_an_answer_inside_a_sentence_leaves_a_gap():
    found = one("Trái Đất quay quanh {=Mặt Trời ~Mặt Trăng} mỗi năm.")

    assert (found.stem, found.key) == ("Trái Đất quay quanh _____ mỗi năm.", "A")


def test_escaped_signs_come_back():
    found = one("$\\\\frac\\{1\\}\\{2\\}$ \\: a \\~ b \\# c {=x \\= 1 \\# 2}")

    assert (found.stem, found.key) == ("$\\frac{1}{2}$ : a ~ b # c", "x = 1 # 2")


def test_an_escaped_n_is_a_line_end_but_not_in_commands_of_latex():
    assert one("Dòng một\\nDòng hai \\(a \\neq b \\nu\\) {}").stem == "Dòng một\nDòng hai $a \\neq b \\nu$"


@pytest.mark.parametrize(
    ("form", "stem"),
    [
        ("[html]", "đậm"),
        ("[plain]", "<b>đậm</b>"),
        ("[markdown]", "<b>đậm</b>"),
        ("[moodle]", "đậm"),
        ("", "đậm"),
    ],
)
def test_the_format_says_how_to_read_markup(form, stem):
    assert one(f"{form}<b>đậm</b> {{}}").stem == stem


def test_an_answer_may_have_a_format_of_its_own():
    assert one("x {=[html]<i>a</i> ~[plain]<i>b</i>}").options == {"A": "a", "B": "<i>b</i>"}


def test_a_comparison_is_no_markup():
    assert one("Tìm x < 5 và y > 2 {}").stem == "Tìm x < 5 và y > 2"


BANK = """// lời ghi
$CATEGORY: $course$/top/Đại số

Đọc đoạn sau.

Câu một {}
// giữa chừng
nối tiếp

$CATEGORY: Hình học
Câu hai {T}

Lời kết
"""


def test_categories_are_parts_and_texts_without_answer_are_shared():
    paper = read(BANK)

    assert [(q.number, q.part, q.context) for q in paper.questions] == [
        (1, "Đại số", "Đọc đoạn sau."), (2, "Hình học", None),
    ]  # fmt: skip
    assert paper.questions[0].stem == "Câu một _____\nnối tiếp"
    assert codes(paper) == ["context.assumed", "context.unused"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a {=x", "thiếu dấu “}” đóng phần trả lời"),
        ("a =x}", "có dấu “}” mà không có dấu “{” đứng trước"),
        ("$\\frac{1}{2}$ {=x}", "có nhiều hơn một cặp ngoặc { }; ngoặc của công thức hãy viết \\{ và \\}"),
        ("a {x}", "phần trả lời “x” phải mở đầu bằng = hoặc ~"),
        ("a {#x}", "“x” không phải là số, số:sai số hay số..số"),
        ("a {#1..2..3}", "“1..2..3” không phải là số, số:sai số hay số..số"),
        ("a {=b -> c =d}", "cặp ghép “d” thiếu dấu ->"),
    ],
)
def test_a_fault_is_named_with_its_line_and_the_rest_is_read(text, message):
    paper = read(f"Câu một {{}}\n\n{text}\n\nCâu hai {{}}")

    assert [(q.number, q.stem) for q in paper.questions] == [(1, "Câu một"), (2, "Câu hai")]
    assert [(flag.code, flag.message) for flag in paper.flags] == [
        ("gift.fault", f"Dòng 3: {message}; câu này bị bỏ qua.")
    ]


def test_utf_16_is_read_and_other_encodings_are_refused_with_their_line():
    assert paper_from_gift("Đề {}".encode("utf-16")).questions[0].stem == "Đề"
    with pytest.raises(InvalidInput, match="“x” sai bảng mã ở dòng 2; hãy lưu lại bằng UTF-8"):
        paper_from_gift("a\nĐà {}".encode("cp1258"), "x")


def test_a_file_without_questions_is_refused_with_its_first_fault():
    with pytest.raises(InvalidInput, match="không có câu hỏi GIFT nào đọc được"):
        read("a {=x")


@given(st.text("ab1={}~#%:\\->.$/[]T \n", max_size=60))
def test_any_text_is_read_or_refused_by_name(text):
    # A question of its own stands behind, so that whatever the text is, something is read.
    assert read(f"{text}\n\nCâu {{}}").questions
