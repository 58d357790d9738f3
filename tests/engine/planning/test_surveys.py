import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.surveys import annex_codes, annex_of

ANNEX = annex_of("dien-bien-2024")


def test_the_annex_of_the_plan_is_there_line_by_line():
    lines = {one.level: [(paper.subject, paper.minutes) for paper in one.papers] for one in ANNEX.levels}

    assert annex_codes() == ["dien-bien-2024"]
    assert lines["TH"] == [
        ("Tiếng Việt", 60), ("Toán", 35), ("Tiếng Anh", 35), ("Tin học", None), ("Khoa học", 35),
        ("Lịch sử và Địa lí", 35),
    ]  # fmt: skip
    assert lines["THCS"][0] == ("Ngữ văn", 60)
    assert [minutes for _, minutes in lines["THCS"][1:]] == [45] * 4
    assert len(lines["THPT"]) == 9
    assert {one.level: one.others for one in ANNEX.levels}["THPT"] == "Hiệu trưởng"


def test_grade_12_is_judged_in_two_subjects_by_the_graduation_exam():
    upper = ANNEX.of_level("THPT")

    assert {one.field for one in upper.papers_of(12, "end")}.isdisjoint({"TOAN", "VAN"})
    assert upper.papers_of(12, "start") == upper.papers_of(11, "end") == upper.papers
    assert ANNEX.of_level("MN") is None


def test_another_plan_is_refused_by_name():
    with pytest.raises(InvalidInput) as refusal:
        annex_of("son-la-1999")
    assert (refusal.value.code, "dien-bien-2024" in refusal.value.message) == ("annex.unknown", True)
