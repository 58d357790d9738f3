from dataclasses import replace
from datetime import date

import pytest

from thucchat.engine.documents.forms.survey_plan import (
    Duty,
    Moment,
    Step,
    SurveyedSubject,
    SurveyPlan,
    grades_text,
    survey_plan_document,
)
from thucchat.engine.documents.tree import Heading, Letterhead, Paragraph, Signature
from thucchat.engine.errors import InvalidInput

HEAD = Letterhead("UBND tỉnh X", "Sở Y", "Số: 05/KH-SGDĐT", "X", date(2024, 8, 30), "Kế hoạch", "Khảo sát")
SIGNED = Signature(("Giám đốc",), "Nguyễn Mẫu")
MATHS = SurveyedSubject("THCS", (9, 6, 7, 8), "Toán", "Trắc nghiệm", 45, date(2024, 9, 10), "Sở Y")
OTHER = SurveyedSubject("Tiểu học", (4, 5), "Tin học", "Trắc nghiệm", None, None, "Phòng GDĐT")
PLAN = SurveyPlan(
    Moment.START, "2024-2025", date(2024, 9, 9), date(2024, 9, 13), (MATHS, OTHER),
    (Duty("Phòng Khảo thí", ("Ra đề.", "Phân tích kết quả.")),),
    (Step(date(2024, 9, 20), "Báo cáo kết quả", "Các trường"),
     Step(date(2024, 9, 5), "Gửi đề", "Các trường")),
    graduation=("Toán", "Ngữ văn"), others=("Các môn khác do phòng GDĐT quy định.",),
)  # fmt: skip


def texts(plan, kind):
    return [block.text for block in survey_plan_document(plan, HEAD, SIGNED).body if isinstance(block, kind)]


def test_each_line_says_who_sits_what_for_how_long_and_who_sets_the_paper():
    subjects, _ = survey_plan_document(PLAN, HEAD, SIGNED).tables

    assert subjects.rows == (
        (1, "THCS", "6 đến 9", "Toán", "Trắc nghiệm", 45, "10/09/2024", "Sở Y"),
        (2, "Tiểu học", "4, 5", "Tin học", "Trắc nghiệm", None, None, "Phòng GDĐT"),
    )
    assert subjects.note == "Dấu gạch: chưa ấn định."
    (fixed, _) = survey_plan_document(replace(PLAN, subjects=(MATHS,)), HEAD, SIGNED).tables
    assert fixed.note == ""


def test_the_timetable_runs_in_time_and_duties_stand_by_unit():
    _, steps = survey_plan_document(PLAN, HEAD, SIGNED).tables

    assert [row[:2] for row in steps.rows] == [("05/09/2024", "Gửi đề"), ("20/09/2024", "Báo cáo kết quả")]
    assert texts(PLAN, Heading) == [
        "I. MỤC ĐÍCH, YÊU CẦU", "1. Mục đích", "2. Yêu cầu", "II. NỘI DUNG KHẢO SÁT",
        "III. TỔ CHỨC THỰC HIỆN", "1. Phòng Khảo thí", "IV. LỊCH THỰC HIỆN",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "purpose", "drawn"),
    [("start", "bàn giao", True), ("mid", "học kì I so với lộ trình", False), ("end", "nghiệm thu", True)],
)
def test_every_moment_has_its_purpose_and_only_the_provinces_papers_are_drawn(moment, purpose, drawn):
    whole = " ".join(texts(replace(PLAN, moment=Moment(moment)), Paragraph))

    assert purpose in whole
    assert ("chọn ngẫu nhiên" in whole) is drawn
    assert "không bị tính là điểm 0" in whole
    assert "gồm 6 bài khảo sát" in whole


def test_at_the_end_graduation_stands_for_two_subjects_of_grade_12():
    said = "Khối 12 không khảo sát cuối năm môn Toán và Ngữ văn"

    assert any(text.startswith(said) for text in texts(replace(PLAN, moment=Moment.END), Paragraph))
    assert not any(text.startswith(said) for text in texts(PLAN, Paragraph))


def test_grades_are_read_as_people_write_them():
    assert [grades_text(one) for one in ((6,), (6, 7), (8, 6, 7), (6, 8, 9))] == [
        "6", "6, 7", "6 đến 8", "6, 8, 9",
    ]  # fmt: skip


LAST = replace(MATHS, grades=(12,))


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"subjects": ()}, "empty", "ít nhất một môn"),
        ({"subjects": (replace(MATHS, grades=()),)}, "grade", "Khối của môn Toán là trống"),
        ({"subjects": (replace(MATHS, grades=(13,)),)}, "grade", "là 13"),
        ({"subjects": (replace(MATHS, minutes=0),)}, "minutes", "0 phút"),
        (
            {"subjects": (replace(MATHS, day=date(2024, 9, 14)),)},
            "day",
            "14/09/2024, ngoài đợt từ 09/09/2024",
        ),
        ({"subjects": (MATHS, replace(MATHS, grades=(8,)))}, "twice", "Khối 8 có hai dòng môn Toán"),
        ({"subjects": (LAST,), "moment": Moment.END}, "graduation", "đã dùng kết quả thi tốt nghiệp"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(change, code, said):
    with pytest.raises(InvalidInput, match=said) as refusal:
        survey_plan_document(replace(PLAN, **change), HEAD, SIGNED)
    assert refusal.value.code == f"survey.{code}"


def test_grade_12_sits_the_same_subjects_at_the_start():
    assert survey_plan_document(replace(PLAN, subjects=(LAST,)), HEAD, SIGNED).tables[0].rows[0][2] == "12"
