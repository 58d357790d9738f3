import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.organising import organising_of

PLAN = organising_of("dien-bien-2024")


def test_each_moment_names_a_unit_once_with_all_it_does():
    start = dict(PLAN.duties_at("start"))

    assert list(start) == [
        "Phòng Khảo thí - Kiểm định chất lượng giáo dục và CNTT",
        "Phòng giáo dục và đào tạo",
        "Các trường",
    ]
    assert start["Các trường"][-1].endswith("bàn giao chất lượng cụ thể tới từng giáo viên.")
    assert start["Các trường"][-1] not in dict(PLAN.duties_at("end"))["Các trường"]


def test_schools_set_the_papers_of_the_middle_of_the_year():
    assert PLAN.setters["mid"] == "Nhà trường"
    assert "Ra đề, tổ chức coi" in dict(PLAN.duties_at("mid"))["Các trường"][0]


def test_another_plan_is_refused_by_name():
    with pytest.raises(InvalidInput) as refusal:
        organising_of("son-la-1999")
    assert refusal.value.code == "annex.unknown"
