from datetime import date

import pytest

from thucchat.engine.documents.forms.item_report import (
    answers_chart,
    item_document,
    items_table,
    outcomes_table,
)
from thucchat.engine.documents.tree import Figure, Heading, Letterhead, Paragraph
from thucchat.engine.tables import ItemAnswer, ItemCard, ItemReport, OutcomeCard

HEAD = Letterhead("", "", "", "", date(2025, 2, 3), "NHẬN XÉT CÂU HỎI", "Toán 9")
ANSWERS = (
    ItemAnswer("A", 20, 0.2, (0.3, 0.2, 0.1), right=False),
    ItemAnswer("B", 75, 0.75, (0.6, 0.75, 0.9), right=True),
    ItemAnswer("", 5, 0.05, (0.1, 0.05, 0.0), right=False),
)
CARD = ItemCard(
    "Câu 7", "T9.1", 100, 0.75, 0.31, ANSWERS, "Dùng tốt", 0, "75 % số em làm đúng.", ("Thầy cô: hỏi lại.",)
)
NOBODY = ItemCard("Câu 8", "", 0, float("nan"), float("nan"), (), "Không có bài làm", 1, "Không em nào.", ())
OUTCOME = OutcomeCard("T9.1", "Giải phương trình", ("Câu 7",), 0.75, "Đạt một phần.")


@pytest.fixture
def report():
    return ItemReport(
        "Toán 9",
        "toan.csv",
        "0.1.0",
        100,
        0.7,
        1.1,
        6.5,
        10.0,
        "1 câu tốt.",
        (CARD, NOBODY),
        (OUTCOME,),
        ("Ít bài.",),
    )


def texts(document, kind):
    return [block.text for block in document.body if isinstance(block, kind)]


def test_each_item_has_its_heading_picture_sentence_and_advice(report):
    document = item_document(report, HEAD)

    assert texts(document, Heading) == [
        "I. CẢ ĐỀ TRONG MỘT TRANG",
        "II. THEO YÊU CẦU CẦN ĐẠT",
        "III. TỪNG CÂU",
        "Câu 7 (T9.1): Dùng tốt",
        "Câu 8: Không có bài làm",
    ]
    assert sum(isinstance(block, Figure) for block in document.body) == 1
    assert {"75 % số em làm đúng.", "→ Thầy cô: hỏi lại.", "Lưu ý: Ít bài."} <= set(
        texts(document, Paragraph)
    )


def test_the_picture_marks_the_key_and_says_itself_in_words():
    chart = answers_chart(CARD)

    assert "B ✓" in chart.svg
    assert "để trống" in chart.svg
    assert "B (đáp án): nhóm điểm thấp 60 %, nhóm điểm cao 90 %" in chart.alt


def test_tables_carry_the_numbers_and_a_dash_for_what_is_unknown(report):
    one, two = items_table(report).rows

    assert one == ("Câu 7", "T9.1", 100, 75.0, 0.31, "Dùng tốt")
    assert two[3:5] == (None, None)
    assert outcomes_table(report).rows == (("T9.1", "Giải phương trình", "Câu 7", 75.0, "Đạt một phần."),)


def test_without_outcomes_the_part_is_left_out_and_the_numbers_close_up(report):
    bare = ItemReport("T", "t.csv", "1", 100, None, None, None, 10.0, "Tốt.", (CARD,), (), ())

    assert texts(item_document(bare, HEAD), Heading)[:2] == ["I. CẢ ĐỀ TRONG MỘT TRANG", "II. TỪNG CÂU"]
