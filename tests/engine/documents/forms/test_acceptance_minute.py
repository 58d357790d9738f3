from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from thucchat.engine.documents.forms.acceptance_minute import (
    AcceptanceMinute,
    AcceptedTarget,
    Band,
    Dispute,
    ExceptedPupil,
    acceptance_document,
)
from thucchat.engine.documents.tree import Heading, Letterhead, Paragraph, Signature
from thucchat.engine.errors import InvalidInput

HEAD = Letterhead(
    "Phòng GDĐT X", "Trường Y", "Số: 03/BB-TY", "X", date(2025, 5, 28), "Biên bản", "Nghiệm thu"
)
SIGNED = (Signature(("Người cam kết",), "Lò Mẫu"), Signature(("Hiệu trưởng",), "Lê Mẫu"))
COUNT = AcceptedTarget("Toán 6A", 30, 38, 2, 1, 29, 33, 1.5, Band.CLEAR, 22)
UNKNOWN = AcceptedTarget("Toán 6B", 20, 0, 35, 0, 0, 0, 0.0, Band.UNCERTAIN)
GAP = AcceptedTarget(
    "Chênh lệch giữa các huyện", Decimal("1.00"), 900, 0, 10, Decimal("1.00"), Decimal("0.85"),
    Decimal("0.10"), Band.MET, Decimal("1.42"), "điểm", at_most=True,
)  # fmt: skip
MINUTE = AcceptanceMinute(
    "Lò Mẫu, giáo viên", "Hiệu trưởng Trường Y", "2024-2025", "kết quả khảo sát cuối năm",
    (COUNT, UNKNOWN, GAP), "Đạt.", (Dispute("Lò Mẫu", "Lớp 6B chưa khảo sát.", "Khảo sát bù."),), "ab" * 32,
    exceptions=(
        ExceptedPupil("Vừ Một", "Ốm dài ngày", "Giấy ra viện"),
        ExceptedPupil("Vừ Hai", "Chuyển đi", "Quyết định 12"),
        ExceptedPupil("Vừ Ba", "Chuyển đi", "Quyết định 15"),
    ),
)  # fmt: skip


def texts(minute, kind=Paragraph):
    return [block.text for block in acceptance_document(minute, HEAD, SIGNED).body if isinstance(block, kind)]


def test_start_promise_end_and_error_stand_side_by_side():
    results, counted, _ = acceptance_document(MINUTE, HEAD, SIGNED).tables

    assert results.rows == (
        ("Toán 6A", "học sinh", "22", "30", "29", "33", "1,5", "Đạt rõ"),
        ("Toán 6B", "học sinh", None, "20", "0", None, None, "Chưa đủ chứng cứ"),
        ("Chênh lệch giữa các huyện", "điểm", "1,42", "1,00", "1,00", "0,85", "0,10", "Đạt"),
    )
    assert counted.rows[0] == ("Toán 6A", 38, 2, 1)


def test_excepted_pupils_are_named_with_their_reasons():
    *_, excepted = acceptance_document(MINUTE, HEAD, SIGNED).tables

    assert excepted.rows[0] == (1, "Vừ Một", "Ốm dài ngày", "Giấy ra viện")
    assert "Lí do được trừ: ốm dài ngày 1 em; chuyển đi 2 em." in texts(MINUTE)


def test_disputes_and_conclusion_close_the_minute():
    assert "Lò Mẫu: Lớp 6B chưa khảo sát. Trả lời: Khảo sát bù." in texts(MINUTE)
    assert texts(MINUTE)[-2:] == ["Đạt.", f"Mã nội dung: {'ab' * 32}"]
    bare = replace(MINUTE, disputes=(), exceptions=(), conclusion="", content="")
    assert texts(bare, Heading)[-1] == "IV. KẾT LUẬN"
    assert texts(bare)[-1] == "Chưa kết luận."
    open_one = replace(MINUTE, disputes=(Dispute("Lò Mẫu", "Chưa rõ"),))
    assert "Lò Mẫu: Chưa rõ. Trả lời: chưa có." in texts(open_one)


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        (
            replace(UNKNOWN, evidence=Band.MISSED),
            "unmeasured",
            "chưa có số đo nên không thể kết luận “Chưa đạt”",
        ),
        (replace(COUNT, reached=None, evidence="Đạt"), "unmeasured", "chưa có số đo"),
        (replace(COUNT, evidence=Band.MISSED), "band", "đo được 33, phải đạt 29, không khớp"),
        (replace(COUNT, reached=28), "band", "đo được 28, phải đạt 29"),
        (replace(GAP, reached=Decimal("1.20")), "band", "đo được 1,20"),
        (replace(COUNT, missing=39), "count", "39 em chưa có kết quả trong 38"),
    ],
)
def test_a_conclusion_that_the_numbers_do_not_carry_is_refused(target, code, said):
    with pytest.raises(InvalidInput, match=said) as refusal:
        acceptance_document(replace(MINUTE, targets=(target,)), HEAD, SIGNED)
    assert refusal.value.code == f"acceptance.{code}"


def test_a_shortfall_within_the_error_may_stay_open():
    near = replace(COUNT, reached=28, evidence=Band.UNCERTAIN)

    assert acceptance_document(replace(MINUTE, targets=(near,)), HEAD, SIGNED).tables[0].rows[0][-3:] == (
        "28", "1,5", "Chưa đủ chứng cứ",
    )  # fmt: skip


def test_one_side_alone_accepts_nothing():
    with pytest.raises(InvalidInput, match="hai bên kí, đang có 1") as refusal:
        acceptance_document(MINUTE, HEAD, SIGNED[1:])
    assert refusal.value.code == "acceptance.parties"
