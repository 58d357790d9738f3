from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from thucchat.engine.documents.forms.commitment import (
    CommitmentPaper,
    Level,
    PromisedTarget,
    commitment_document,
)
from thucchat.engine.documents.tree import Heading, Letterhead, Paragraph, Signature
from thucchat.engine.errors import InvalidInput

HEAD = Letterhead("Phòng GDĐT X", "Trường Y", "", "X", date(2024, 10, 1), "Bản cam kết", "Chất lượng")
SIGNED = (Signature(("Người cam kết",), "Lò Mẫu"), Signature(("Hiệu trưởng",), "Lê Mẫu"))
SHARE = PromisedTarget("Toán 6A: từ 5,0 điểm", 40, 24.5, 30, 62, 22)
MEAN = PromisedTarget("Toán 6A: điểm trung bình", 40, None, Decimal("6.50"), None, None, "điểm")
PAPER = CommitmentPaper("Lò Mẫu, giáo viên Trường Y", "Hiệu trưởng Trường Y", "2024-2025", (SHARE, MEAN))


def texts(paper, kind=Paragraph):
    return [block.text for block in commitment_document(paper, HEAD, SIGNED).body if isinstance(block, kind)]


def test_each_target_stands_in_its_own_unit_and_what_is_unknown_stays_so():
    (table,) = commitment_document(PAPER, HEAD, SIGNED).tables

    assert table.rows == (
        (1, "Toán 6A: từ 5,0 điểm", "học sinh", 40, "22", "24,5", "30", 62),
        (2, "Toán 6A: điểm trung bình", "điểm", 40, None, None, "6,50", None),
    )
    assert table.note.endswith("không phải là 0.")


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Level.TEACHER, "phụ đạo học sinh chưa đạt"),
        (Level.TEAM, "sinh hoạt tổ chuyên môn hằng tháng"),
        (Level.SCHOOL, "không đổ lỗi cho hoàn cảnh"),
        (Level.DISTRICT, "các trường trên địa bàn"),
    ],
)
def test_every_level_has_its_own_duty(level, said):
    duty, *shared = texts(replace(PAPER, level=level))[2:]

    assert duty.startswith("1. Tôi")
    assert said in duty
    assert shared[0].startswith("2. Tôi chịu trách nhiệm")
    assert not any(said in text for text in texts(PAPER))


def test_the_paper_says_who_promises_whom_and_ends_with_its_proof():
    signed = replace(PAPER, content="ab" * 32, root="THUCCHAT-SO 1", measures="Phụ đạo chiều thứ ba.")
    document = commitment_document(signed, HEAD, SIGNED)

    assert texts(signed)[0] == (
        "Tôi là Lò Mẫu, giáo viên Trường Y, cam kết với Hiệu trưởng Trường Y về chất lượng năm học 2024-2025:"
    )
    assert "Phụ đạo chiều thứ ba." in texts(signed)
    assert texts(signed)[-1] == f"Mã nội dung: {'ab' * 32}"
    assert document.body[-1].caption.endswith("THUCCHAT-SO 1")
    assert document.signatures == SIGNED
    assert texts(PAPER, Heading) == [
        "I. CHỈ TIÊU CAM KẾT", "II. BIỆN PHÁP THỰC HIỆN", "III. TRÁCH NHIỆM",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        (replace(SHARE, amount=41), "pupils", "ghi 41 học sinh, nhiều hơn 40"),
        (replace(SHARE, measured=45), "pupils", "ghi 45 học sinh"),
        (replace(SHARE, chance=101), "chance", "là 101 %"),
    ],
)
def test_what_cannot_be_is_refused(target, code, said):
    with pytest.raises(InvalidInput, match=said) as refusal:
        commitment_document(replace(PAPER, targets=(target,)), HEAD, SIGNED)
    assert refusal.value.code == f"commitment.{code}"


def test_a_promise_needs_two_parties():
    with pytest.raises(InvalidInput, match="hai bên kí, đang có 1") as refusal:
        commitment_document(PAPER, HEAD, SIGNED[:1])
    assert refusal.value.code == "commitment.parties"
