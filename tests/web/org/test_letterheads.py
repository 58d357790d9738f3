from datetime import date

import pytest

from tests.web.world import make_school, make_unit
from thucchat.web.org.queries.letterheads import initials, letterhead, place_of

DAY = date(2026, 9, 2)


def lines(unit, kind="BIÊN BẢN"):
    head = letterhead(unit, kind, "Việc", DAY)
    return head.parent, head.agency, head.number, head.place


def test_an_office_stands_under_the_committee_of_its_place(world):
    assert lines(world.province, "KẾ HOẠCH") == (
        "UBND tỉnh Mẫu", "Sở Giáo dục và Đào tạo", "Số: …/KH-SGDĐT", "Mẫu",
    )  # fmt: skip
    assert lines(world.districts[0], "BÁO CÁO") == (
        "UBND huyện Bắc", "Phòng Giáo dục và Đào tạo", "Số: …/BC-PGDĐT", "Bắc",
    )  # fmt: skip


def test_a_school_and_its_team_stand_under_the_unit_above_and_in_its_place(world):
    school, team = world.schools[0], world.teams[0]

    assert lines(school) == (world.districts[0].name, "Trường THCS 0", "Số: …/BB-THCS0", "Bắc")
    assert lines(team) == ("Trường THCS 0", "Tổ Toán", "Số: …/BB-TT", "Bắc")


def test_a_commune_is_the_committee_itself_and_a_numbered_ward_keeps_its_kind(world):
    commune = make_unit("commune", "UBND phường 5", world.province)

    assert lines(commune) == ("", "UBND phường 5", "Số: …/BB-UBND", "Phường 5")


def test_a_school_named_after_its_place_is_dated_there(world):
    school = make_school("Trường PTDTNT THPT huyện Tuần Giáo", world.province, "ptdtnt")

    assert place_of(school) == "Tuần Giáo"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Trường PTDTBT THCS Mường Mùn", "PTDTBTTHCSMM"), ("Trung tâm GDNN-GDTX huyện Bắc", "TTGDNNGDTXHB")],
)
def test_the_letters_behind_the_number_are_those_of_the_name(world, name, letters):
    assert initials(make_school(name, world.districts[0])) == letters


def test_what_is_no_kind_of_the_decree_bears_no_number(world):
    assert lines(world.schools[0], "BẢN CAM KẾT")[2] == ""
