from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from thucchat.engine.documents.forms.rating_decision import (
    RatedHolder,
    RatingDecision,
    decision_document,
)
from thucchat.engine.documents.tree import (
    Centred,
    Figure,
    Heading,
    LegalBases,
    Letterhead,
    Paragraph,
    Signature,
)
from thucchat.engine.errors import InvalidInput

HEAD = Letterhead(
    "UBND tỉnh X",
    "Sở Y",
    "Số: 05/QĐ-SGDĐT",
    "X",
    date(2025, 6, 2),
    "Quyết định",
    "Công nhận kết quả xếp loại",
)
SIGNED = Signature(("Giám đốc",), "Nguyễn Mẫu")
GOOD = RatedHolder("Trường B", "", Decimal("81.5"), Decimal("2.10"), "Tốt")
NEAR = RatedHolder("Trường A", "", Decimal("90.25"), Decimal("1.9"), "Xuất sắc", certain=False)
UNKNOWN = RatedHolder("Trường C", "", None, None, "", reason="Chưa dự khảo sát cuối năm")
GIVEN = RatingDecision(
    "Giám đốc Sở Y", "Trưởng phòng Tổ chức cán bộ", "trường", "2024-2025", "Quy tắc xếp loại trường",
    "3", "ab" * 32,
    ("Xuất sắc", "Tốt", "Đạt", "Chưa đạt"), (GOOD, UNKNOWN, NEAR), "Sở Y (phòng Tổ chức cán bộ)",
    date(2025, 6, 20), "Chánh Văn phòng, các trường", ("Căn cứ Quyết định 12/QĐ-UBND",), "THUCCHAT-SO 1",
)  # fmt: skip


def texts(decision, kind):
    return [block.text for block in decision_document(decision, HEAD, SIGNED).body if isinstance(block, kind)]


def test_the_decision_has_authority_bases_and_three_articles():
    body = decision_document(GIVEN, HEAD, SIGNED).body

    assert texts(GIVEN, Centred) == ["GIÁM ĐỐC SỞ Y", "QUYẾT ĐỊNH:"]
    assert body[1] == LegalBases(
        ("Căn cứ Quyết định 12/QĐ-UBND", "Theo đề nghị của Trưởng phòng Tổ chức cán bộ")
    )
    assert [text.split(".")[0] for text in texts(GIVEN, Heading)] == ["Điều 1", "Điều 2", "Điều 3"]
    assert texts(GIVEN, Paragraph)[0] == (
        "Công nhận kết quả xếp loại 3 trường năm học 2024-2025, gồm: 1 Xuất sắc; 1 Tốt; 1 chưa xếp loại vì "
        "thiếu số liệu (danh sách tại Phụ lục kèm theo)."
    )


def test_rule_version_and_the_way_to_object_are_told():
    rule, _, objection, missing, fingerprint = texts(GIVEN, Paragraph)[1:6]

    assert rule == (
        "1. Kết quả được tính theo Quy tắc xếp loại trường, phiên bản 3, đã chốt trước khi có kết quả."
    )
    assert objection.startswith(
        "3. Khiếu nại kèm minh chứng được gửi tới Sở Y (phòng Tổ chức cán bộ) chậm nhất ngày 20/06/2025"
    )
    assert "không phải là xếp loại thấp nhất" in missing
    assert fingerprint == f"Mã SHA-256 của quy tắc: {'ab' * 32}"


def test_the_list_is_an_appendix_ordered_by_class():
    (appendix,) = decision_document(GIVEN, HEAD, SIGNED).appendices
    rated, unrated, mark = appendix.body

    assert appendix.attached == "Kèm theo Quyết định số 05/QĐ-SGDĐT ngày 02 tháng 6 năm 2025 của Sở Y"
    assert rated.rows == (
        (1, "Trường A", 90.25, 1.9, "Xuất sắc", "Sát ranh giới"),
        (2, "Trường B", 81.5, 2.1, "Tốt", ""),
    )
    assert unrated.rows == ((1, "Trường C", "Chưa dự khảo sát cuối năm"),)
    assert isinstance(mark, Figure)


def test_a_draft_without_number_names_no_number():
    (appendix,) = decision_document(GIVEN, replace(HEAD, number=""), SIGNED).appendices

    assert appendix.attached == "Kèm theo Quyết định ngày 02 tháng 6 năm 2025 của Sở Y"


def test_within_a_class_teachers_stand_by_school_and_given_name_and_not_by_points():
    given = (("Lò Văn Đông", "Trường A", 88), ("Vừ Ánh", "Trường B", 90), ("Lò Văn Dương", "Trường A", 80))
    teachers = tuple(RatedHolder(name, unit, Decimal(points), None, "Tốt") for name, unit, points in given)
    (appendix,) = decision_document(replace(GIVEN, holders=teachers, root=""), HEAD, SIGNED).appendices

    (rated,) = appendix.body
    assert rated.rows == (
        (1, "Lò Văn Dương", "Trường A", 80.0, None, "Tốt"),
        (2, "Lò Văn Đông", "Trường A", 88.0, None, "Tốt"),
        (3, "Vừ Ánh", "Trường B", 90.0, None, "Tốt"),
    )
    assert rated.note == ""


def test_when_nobody_is_rated_only_the_reasons_are_listed():
    (appendix,) = decision_document(replace(GIVEN, holders=(UNKNOWN,), root=""), HEAD, SIGNED).appendices

    assert [table.title for table in appendix.body] == ["Danh sách chưa xếp loại"]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"bases": ()}, "bases", "chưa có căn cứ"),
        ({"holders": ()}, "empty", "đang trống"),
        ({"object_by": date(2025, 6, 2)}, "deadline", "không sau ngày kí 02/06/2025"),
        ({"holders": (GOOD, GOOD)}, "twice", "Trường B có 2 dòng"),
        ({"holders": (replace(GOOD, label="Khá"),)}, "class", "Mức “Khá” của Trường B không có"),
        ({"holders": (replace(GOOD, points=Decimal(101)),)}, "points", "101 điểm, ngoài thang"),
        ({"holders": (replace(UNKNOWN, label="Chưa đạt"),)}, "unrated", "Trường C chưa có điểm"),
        ({"holders": (replace(UNKNOWN, reason=""),)}, "unrated", "cần lí do"),
    ],
)
def test_a_decision_that_could_not_stand_is_refused(change, code, said):
    with pytest.raises(InvalidInput, match=said) as refusal:
        decision_document(replace(GIVEN, **change), HEAD, SIGNED)
    assert refusal.value.code == f"decision.{code}"
