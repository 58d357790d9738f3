from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from thucchat.engine.documents.forms.review_minute import (
    ActionState,
    AgreedAction,
    Progress,
    ReviewedTarget,
    ReviewMinute,
    review_document,
)
from thucchat.engine.documents.tree import Figure, Letterhead, Paragraph
from thucchat.engine.errors import InvalidInput

HEAD = Letterhead("Trường Y", "Tổ Toán", "Số: 02/BB-TT", "X", date(2024, 11, 28), "Biên bản", "Họp rà soát")
BEHIND = ReviewedTarget("Toán 6A", "học sinh", 30, 26, 21, Progress.BEHIND, "Nhiều em hổng phân số.")
UNKNOWN = ReviewedTarget("Toán 6B", "điểm", Decimal("6.50"), None, None, Progress.NOT_MEASURED)
LATE = AgreedAction("Phụ đạo 6A", "Lò Mẫu", date(2024, 11, 20), cause="Hổng phân số")
DONE = AgreedAction("Dự giờ", "Lê Mẫu", date(2024, 10, 30), ActionState.DONE, "đã dự 3 tiết")
AHEAD = AgreedAction("Ra đề chung", "Tổ", date(2024, 12, 5))
MINUTE = ReviewMinute(
    "Tổ Toán, Trường Y", "2024-2025", date(2024, 11, 1), date(2024, 11, 28), 8, ("Việc tồn của tháng 10",),
    (LATE, DONE, AHEAD), ("Phụ đạo thêm hai buổi.",), (BEHIND, UNKNOWN),
    "Số đo: khảo sát giữa năm.", "Lê Mẫu", "Lò Mẫu", "phòng họp", 9,
    (("Bà Vừ", "ốm"),), "THUCCHAT-SO 1",
)  # fmt: skip


def texts(minute):
    return [block.text for block in review_document(minute, HEAD).body if isinstance(block, Paragraph)]


def test_each_target_stands_on_its_path_and_the_unmeasured_has_no_number():
    targets, _ = review_document(MINUTE, HEAD).tables

    assert targets.rows == (
        (1, "Toán 6A", "học sinh", "30", "26", "21", "Chậm so với lộ trình"),
        (2, "Toán 6B", "điểm", "6,50", None, None, "Chưa đo"),
    )
    assert (
        "Rà soát tháng 11/2024, năm học 2024-2025: 2 chỉ tiêu (1 chậm so với lộ trình; 1 chưa đo)."
        in texts(MINUTE)
    )
    assert "Toán 6A: Nhiều em hổng phân số." in texts(MINUTE)
    assert "Số đo: khảo sát giữa năm." in texts(MINUTE)


def test_actions_stand_by_their_day_and_open_ones_past_it_are_overdue():
    _, actions = review_document(MINUTE, HEAD).tables

    assert actions.rows == (
        (1, None, "Dự giờ", "Lê Mẫu", "30/10/2024", "Đã xong: đã dự 3 tiết"),
        (2, "Hổng phân số", "Phụ đạo 6A", "Lò Mẫu", "20/11/2024", "Quá hạn"),
        (3, None, "Ra đề chung", "Tổ", "05/12/2024", "Đang làm"),
    )


def test_an_action_due_on_the_day_of_the_meeting_is_not_overdue():
    assert LATE.shown_state(LATE.until) == "Đang làm"


def test_the_meeting_and_its_end_are_told():
    document = review_document(MINUTE, HEAD)

    assert texts(MINUTE)[:4] == [
        "1. Thời gian: ngày 28/11/2024. Địa điểm: phòng họp.",
        "2. Chủ trì: Lê Mẫu. Thư kí: Lò Mẫu.",
        "3. Có mặt 8/9 người của Tổ Toán, Trường Y.",
        "4. Vắng mặt: Bà Vừ (ốm).",
    ]
    assert texts(MINUTE)[-1] == "1. Phụ đạo thêm hai buổi."
    assert isinstance(document.body[-1], Figure)
    assert [(one.office, one.name) for one in document.signatures] == [
        (("Thư kí",), "Lò Mẫu"),
        (("Chủ trì",), "Lê Mẫu"),
    ]


def test_points_of_the_agenda_stand_behind_the_targets():
    told = texts(MINUTE)
    place = told.index("1. Việc tồn của tháng 10")
    assert told[place - 1] == "Ngoài các chỉ tiêu trên, chương trình còn các việc:"


def test_before_the_meeting_the_minute_is_an_agenda():
    planned = ReviewMinute("Trường Y", "2024-2025", date(2024, 11, 1), None, None, (), (LATE,), ())

    assert texts(planned) == [
        "1. Chưa họp.",
        "Rà soát tháng 11/2024, năm học 2024-2025.",
        "Không có chỉ tiêu nào đáng ngại, không còn việc tồn.",
        "Chưa kết luận.",
    ]
    (actions,) = review_document(planned, HEAD).tables
    assert actions.rows[0][-1] == "Quá hạn"  # as of the day of the letterhead
    assert "Không có việc nào đang làm." in texts(replace(planned, actions=()))


def test_how_many_came_is_told_without_knowing_how_many_were_asked():
    assert "3. Có mặt 8 người của Tổ Toán, Trường Y." in texts(replace(MINUTE, invited=None))


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"present": 9}, "present", "9 người dự và 1 người vắng có tên, nhiều hơn 9"),
        (
            {"targets": (replace(UNKNOWN, progress=Progress.BEHIND),)},
            "unmeasured",
            "ghi “Chậm so với lộ trình” nhưng số đo là chưa có",
        ),
        ({"targets": (replace(BEHIND, progress=Progress.NOT_MEASURED),)}, "unmeasured", "số đo là 21"),
    ],
)
def test_a_minute_that_contradicts_itself_is_refused(change, code, said):
    with pytest.raises(InvalidInput, match=said) as refusal:
        review_document(replace(MINUTE, **change), HEAD)
    assert refusal.value.code == f"review.{code}"
