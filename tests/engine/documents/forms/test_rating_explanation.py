from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from thucchat.engine.documents.forms.rating_explanation import (
    ExplainedPart,
    RatingExplanation,
    explanation_document,
)
from thucchat.engine.documents.tree import Heading, Letterhead, Paragraph
from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.rating import Component, RuleSet, rate

HEAD = Letterhead("Sở Y", "Trường A", "", "X", date(2025, 6, 3), "Bản giải thích", "Kết quả xếp loại")
GROWTH = ExplainedPart(
    "Tiến bộ",
    "điểm",
    Decimal(60),
    Decimal("0.15"),
    Decimal("-0.50"),
    Decimal("0.50"),
    Decimal(65),
    "Khảo sát",
)
KEPT = ExplainedPart(
    "Cam kết đạt", "%", Decimal(40), Decimal(110), Decimal(0), Decimal(100), Decimal(100), "Nghiệm thu"
)
VOICES = ExplainedPart("Hài lòng", "%", Decimal(0), None, Decimal(0), Decimal(100), None, "Phiếu hỏi")
CLASSES = (("Xuất sắc", Decimal(90)), ("Tốt", Decimal(70)), ("Đạt", Decimal(50)), ("Chưa đạt", Decimal(0)))
GIVEN = RatingExplanation(
    "Lò Mẫu, Trường A", "2024-2025", "Quy tắc giáo viên, bản 3", (GROWTH, KEPT, VOICES),
    Decimal(79), Decimal("2.1"),
    "Tốt", CLASSES, 120, (("chuyển đi", 5), ("ốm", 3), ("khác", 0)), "Hiệu trưởng", date(2025, 6, 20),
    inputs="cd" * 32,
)  # fmt: skip


def texts(explained, kind=Paragraph):
    return [block.text for block in explanation_document(explained, HEAD).body if isinstance(block, kind)]


def test_each_component_shows_weight_value_points_and_source():
    (table,) = explanation_document(GIVEN, HEAD).tables

    assert table.rows == (
        ("Tiến bộ", 60.0, "0,15", "điểm", 65.0, 39.0, "Khảo sát"),
        ("Cam kết đạt", 40.0, "110", "%", 100.0, 40.0, "Nghiệm thu"),
        ("Hài lòng", None, None, "%", None, None, "Phiếu hỏi"),
        ("Cộng", 100.0, "", "", "", 79.0, ""),
    )


def test_the_arithmetic_can_be_followed_with_a_pencil():
    shown = texts(GIVEN)[5:9]

    assert shown == [
        "Tiến bộ: (0,15 - (-0,50)) ÷ (0,50 - (-0,50)) × 100 = 65,00; 65,00 × 60,00\u00a0% = 39,00.",
        "Cam kết đạt: (110 - 0) ÷ (100 - 0) × 100 = 110,00, giữ ở 100; 100,00 × 40,00\u00a0% = 40,00.",
        "Hài lòng: chưa có số liệu nên không tính; trọng số chia cho các thành phần còn lại.",
        "Cộng: 39,00 + 40,00 = 79,00 điểm. Chênh lệch dưới 0,05 điểm là do làm tròn khi in.",
    ]


def test_the_result_the_pupils_and_the_limit_are_told():
    assert texts(GIVEN)[:4] == [
        "Lò Mẫu, Trường A: 79,00 điểm, sai số 2,10; xếp loại Tốt.",
        "Các mức: Xuất sắc từ 90 điểm; Tốt từ 70 điểm; Đạt từ 50 điểm; Chưa đạt từ 0 điểm.",
        "Quy tắc: Quy tắc giáo viên, bản 3, năm học 2024-2025.",
        "Tính 120 lượt học sinh; không tính 8 lượt: chuyển đi 5; ốm 3.",
    ]
    assert "tới Hiệu trưởng chậm nhất ngày 20/06/2025." in texts(GIVEN)[-2]
    assert texts(GIVEN)[-1].endswith("cd" * 32)
    assert "sát ranh giới" in texts(replace(GIVEN, certain=False))[0]
    assert texts(GIVEN, Heading)[-1] == "V. KHIẾU NẠI"
    assert texts(replace(GIVEN, excluded=(), inputs=""))[3] == "Tính 120 lượt học sinh; không tính 0 lượt."


def test_who_is_not_rated_learns_why_and_gets_no_sum():
    unrated = replace(GIVEN, points=None, error=None, label="", reason="chưa đủ 10 học sinh")
    (table,) = explanation_document(unrated, HEAD).tables

    assert texts(unrated)[0] == "Lò Mẫu, Trường A: chưa xếp loại, vì chưa đủ 10 học sinh."
    assert len(table.rows) == 3
    assert not any(text.startswith("Cộng") for text in texts(unrated))


def test_the_page_explains_what_the_rating_computed():
    components = (
        Component("growth", "Tiến bộ", "điểm", 3, -0.5, 0.5),
        Component("kept", "Cam kết", "%", 2, 0, 100),
        Component("voices", "Hài lòng", "%", 1, 0, 100),
    )
    rules = RuleSet("3", components, (("Tốt", 70.0), ("Chưa đạt", 0.0)), 10)
    rated = rate(rules, {"growth": (0.123, 0.1), "kept": (87.5, 0.0)})
    parts = tuple(
        ExplainedPart(
            part.component.name, part.component.unit, Decimal(str(100 * part.weight)),
            None if part.value is None else Decimal(str(part.value)),
            Decimal(str(part.component.zero)), Decimal(str(part.component.full)),
            None if part.points is None else Decimal(str(part.points)), "Khảo sát",
        )
        for part in rated.parts
    )  # fmt: skip
    classes = tuple((name, Decimal(str(least))) for name, least in rules.classes)
    explained = replace(
        GIVEN, parts=parts, points=Decimal(str(rated.points)), label=rated.label, classes=classes
    )

    (table,) = explanation_document(explained, HEAD).tables

    assert table.rows[-1][5] == pytest.approx(rated.points)


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"parts": (replace(GROWTH, full=GROWTH.zero), KEPT)}, "scale", "cùng là -0,50"),
        (
            {"parts": (replace(GROWTH, points=Decimal(66)), KEPT)},
            "part",
            "tính ra 65,00 điểm nhưng ghi 66,00",
        ),
        ({"parts": (GROWTH, KEPT, replace(VOICES, points=Decimal(0)))}, "part", "giá trị chưa có, điểm 0"),
        ({"parts": (GROWTH, KEPT, replace(VOICES, weight=Decimal(10)))}, "part", "trọng số 10"),
        ({"parts": (GROWTH, replace(KEPT, weight=Decimal(30)))}, "weights", "cộng lại là 90 %"),
        ({"points": Decimal(80)}, "sum", "79,00 điểm nhưng ghi 80,00"),
        ({"label": "Đạt"}, "class", "thuộc mức “Tốt”, không phải “Đạt”"),
        ({"points": None}, "unrated", "chưa có điểm"),
        ({"points": None, "label": ""}, "unrated", "cần lí do"),
    ],
)
def test_arithmetic_that_would_not_come_out_is_refused(change, code, said):
    with pytest.raises(InvalidInput, match=said) as refusal:
        explanation_document(replace(GIVEN, **change), HEAD)
    assert refusal.value.code == f"explanation.{code}"
