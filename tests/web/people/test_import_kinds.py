from datetime import date, timedelta

import pytest

from tests.web.people.desk import ON, STAFF, Desk, codes, counts
from tests.web.world import YEAR_STARTS, make_class, make_staff
from thucchat.web.org.models import SchoolYear
from thucchat.web.people.models import Assignment, Posting, SchoolClass, Staff, Subject
from thucchat.web.shared.scope import Scope, enter_scope


@pytest.fixture
def desk(world) -> Desk:
    return Desk(world, world.schools[0])


def test_staff_come_with_a_posting_and_a_changed_post_is_dated(world, desk):
    teacher = world.teachers[0]
    rows = [
        ["1100900001", "Lò Thị Cô", "05/09/1984", "Nữ", "Giáo viên", "Tổ Toán"],
        [teacher.code, teacher.full_name, "03/02/1985", "Nữ", "Phó hiệu trưởng", ""],
    ]
    batch = desk.bring("staff", STAFF, *rows)
    desk.apply(batch)

    new = Staff.objects.get(code="1100900001")
    assert (new.unit, new.team, new.position) == (world.schools[0], world.teams[0], "teacher")
    assert [(post.unit, post.team, post.days.lower) for post in new.postings.all()] == [
        (world.schools[0], world.teams[0], ON)
    ]
    later = desk.bring("staff", STAFF, [*rows[0][:4], "Hiệu trưởng", "Tổ Toán"], on=ON + timedelta(days=5))
    desk.apply(later)
    assert [(post.position, post.days.upper) for post in Posting.objects.filter(staff=new)] == [
        ("teacher", ON + timedelta(days=5)),
        ("principal", None),
    ]
    assert counts(desk.bring("staff", STAFF, [*rows[0][:4], "Hiệu trưởng", "Tổ Toán"])) == (0, 0, 1, 0)


def test_subjects_are_those_of_the_schools_level_and_others_are_told(world, desk):
    headings = ["Mã định danh", "Họ và tên", "Ngày sinh", "Giới tính", "Vị trí việc làm", "Môn dạy"]
    batch = desk.bring(
        "staff", headings, ["1100900001", "Lò Thị Cô", "05/09/1984", "Nữ", "Giáo viên", "toán; Thiên văn"]
    )
    desk.apply(batch)

    assert codes(batch) == ["subject.unknown"]
    assert Staff.objects.get(code="1100900001").subjects == [world.subject.code]


def test_an_unknown_team_is_told(world, desk):
    batch = desk.bring(
        "staff", STAFF, ["1100900001", "Lò Thị Cô", "05/09/1984", "Nữ", "Giáo viên", "Tổ Vũ trụ"]
    )

    assert codes(batch) == ["team.unknown"]


def test_classes_are_made_with_code_path_and_homeroom(world, desk):
    teacher = make_staff(world.schools[0], "Lò Thị Chủ Nhiệm")
    batch = desk.bring(
        "classes",
        ["Tên lớp", "Khối", "Giáo viên chủ nhiệm"],
        ["7B", "7", teacher.full_name],
        ["6A1", "6", ""],
    )
    desk.apply(batch)

    made = SchoolClass.objects.get(name="7B")
    assert (made.code, made.homeroom) == (f"{world.schools[0].code}-2026-7B", teacher)
    assert made.unit_path == f"{world.schools[0].unit_path}c{made.pk}/"
    assert counts(batch) == (1, 0, 1, 0)
    sort_key = made.sort_key
    made.save()
    assert made.sort_key == sort_key


def test_an_unknown_homeroom_teacher_is_told(world, desk):
    batch = desk.bring("classes", ["Tên lớp", "Giáo viên chủ nhiệm"], ["6A1", "Không Có Ai"])

    assert codes(batch) == ["staff.unknown"]


def test_the_file_says_all_about_the_classes_and_subjects_it_names(world, desk):
    colleague = world.teachers[1]
    batch = desk.bring("assignments", ["Lớp", "Môn", "Mã giáo viên"], ["6A1", "Toán", colleague.code])
    desk.apply(batch)

    assert [
        (row.staff, row.days.lower, row.days.upper)
        for row in Assignment.objects.filter(school_class=world.classes[0]).order_by("pk")
    ] == [
        (world.teachers[0], YEAR_STARTS, ON),
        (colleague, ON, None),
    ]
    assert Assignment.objects.filter(school_class=world.classes[1], days__upper_inf=True).count() == 1
    desk.undo(batch)
    assert Assignment.objects.get(school_class=world.classes[0]).days.upper is None


def test_shares_of_a_class_and_subject_cannot_pass_one(world, desk):
    rows = [["6A1", "Toán", teacher.code, "0.6"] for teacher in world.teachers[:2]]

    assert set(codes(desk.bring("assignments", ["Lớp", "Môn", "Mã giáo viên", "Phần phụ trách"], *rows))) == {
        "assignment.share"
    }


def test_a_subject_not_taught_in_the_grade_is_told(world, desk):
    make_class(world.schools[0], world.year, "1A", grade=1)
    enter_scope(Scope(world.schools[0].unit_path))

    assert codes(
        desk.bring("assignments", ["Lớp", "Môn", "Mã giáo viên"], ["1A", "Toán", world.teachers[0].code])
    ) == ["subject.unknown"]


@pytest.mark.parametrize(("grade", "curriculum"), [(6, "2018"), (9, "2006")])
def test_of_two_curricula_the_one_in_force_in_the_year_and_grade_counts(world, grade, curriculum):
    older = Subject.objects.get(pk=world.subject.pk)
    older.pk, older.code, older.curriculum = None, "t06", "2006"
    older.save()
    year = SchoolYear.objects.create(code="2021-2022", starts=date(2021, 9, 1), ends=date(2022, 8, 31))
    make_class(world.schools[0], year, f"{grade}C", grade=grade)
    world.year = year
    desk = Desk(world, world.schools[0])
    row = [f"{grade}C", "Toán", world.teachers[0].code]
    desk.apply(desk.bring("assignments", ["Lớp", "Môn", "Mã giáo viên"], row, on=date(2021, 9, 1)))

    assert Assignment.objects.get(school_class__name=f"{grade}C").subject.curriculum == curriculum
