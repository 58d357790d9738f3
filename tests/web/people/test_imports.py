from datetime import timedelta

import pytest

from tests.web.people.desk import NEW, ON, PUPIL, STAFF, TODAY, Desk, codes, counts, frame, row_of, silent
from tests.web.world import YEAR_STARTS, make_pupil
from thucchat.web.people.actions.imports import batches
from thucchat.web.people.models import Enrolment, ImportBatch, Pupil, SchoolClass, Staff
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.models import Change
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope


@pytest.fixture
def desk(world) -> Desk:
    return Desk(world, world.schools[0])


def test_a_new_pupil_gets_a_record_and_a_stay_and_the_history_names_the_file(world, desk):
    batch = desk.apply(desk.bring("pupils", PUPIL, NEW))

    pupil = Pupil.objects.get(code="1100000001")
    assert (pupil.full_name, pupil.ethnic, pupil.current_class, pupil.grade, pupil.search) == (
        "Lò Thị Mẫu",
        "08",
        world.classes[0],
        6,
        "lo thi mau",
    )
    stay = pupil.enrolments.get()
    assert (stay.school_class, stay.days.lower, stay.days.upper, stay.start) == (
        world.classes[0],
        ON,
        None,
        "new",
    )
    change = Change.objects.filter(table="people_pupil", row_id=pupil.pk).get()
    assert change.reason == f"Nhập tệp “ds.csv”, lần nhập số {batch.pk}"


def test_the_keys_are_those_that_saving_one_pupil_would_make(world, desk):
    desk.apply(desk.bring("pupils", PUPIL, NEW))

    pupil = Pupil.objects.get(code="1100000001")
    made = (pupil.sort_key, pupil.search)
    pupil.save()
    assert (pupil.sort_key, pupil.search) == made


def test_importing_the_same_file_again_changes_nothing(world, desk):
    rows = [PUPIL, NEW, row_of(world.pupils[0], name="Vàng A Mới", class_="6A2")]
    desk.apply(desk.bring("pupils", *rows))

    again = desk.bring("pupils", *rows)
    desk.apply(again)

    assert counts(again) == (0, 0, 2, 0)
    assert (
        not Change.objects.filter(reason__endswith=f"số {again.pk}")
        .exclude(table="people_importbatch")
        .exists()
    )


def test_the_preview_tells_each_difference_and_who_is_missing(world, desk):
    batch = desk.bring(
        "pupils", PUPIL, row_of(world.pupils[0], name="Vàng A Mới", born="07/05/2014", class_="6A2")
    )

    (line,) = frame(batch, "lines").to_dicts()
    assert (line["line"], line["action"], line["who"]) == (2, "changed", "Vàng A Mới")
    assert line["changes"] == (
        "Họ và tên: Vàng A Dế → Vàng A Mới; Ngày sinh: 06/05/2014 → 07/05/2014; Lớp: 6A1 → 6A2"
    )
    assert frame(batch, "missing")["who"].to_list() == ["Vàng A Dế", "Vàng A Páo", "Vàng A Sùng"]
    assert not Change.objects.filter(row_id=world.pupils[0].pk, operation="U", table="people_pupil").exists()


def test_a_changed_class_moves_the_stay_from_the_day_of_the_list(world, desk):
    pupil = world.pupils[0]
    desk.apply(desk.bring("pupils", PUPIL, row_of(pupil, class_="6A2")))

    old, new = pupil.enrolments.all()
    assert (old.school_class, old.days.lower, old.days.upper, old.end) == (
        world.classes[0],
        YEAR_STARTS,
        ON,
        "regroup",
    )
    assert (new.school_class, new.days.lower, new.days.upper, new.start) == (
        world.classes[1],
        ON,
        None,
        "regroup",
    )
    pupil.refresh_from_db()
    assert (pupil.current_class, pupil.unit_path) == (world.classes[1], world.classes[1].unit_path)


def test_a_list_of_the_day_the_stay_began_puts_the_class_right(world, desk):
    pupil = world.pupils[0]
    desk.apply(desk.bring("pupils", PUPIL, row_of(pupil, class_="6A2"), on=YEAR_STARTS))

    stay = pupil.enrolments.get()
    assert (stay.school_class, stay.days.lower, stay.unit_path) == (
        world.classes[1],
        YEAR_STARTS,
        world.classes[1].unit_path,
    )


def test_a_move_dated_before_the_stay_is_an_error(world, desk):
    Enrolment.objects.filter(pupil=world.pupils[0]).update(days=(ON, None))
    batch = desk.bring("pupils", PUPIL, row_of(world.pupils[0], class_="6A2"), on=YEAR_STARTS)

    assert codes(batch) == ["stay.day"]


def test_a_pupil_who_left_is_let_go_and_one_who_returns_is_taken_in(world, desk):
    pupil = world.pupils[0]
    desk.apply(desk.bring("pupils", [*PUPIL, "Trạng thái"], [*row_of(pupil), "Thôi học"]))
    pupil.refresh_from_db()
    assert (pupil.status, pupil.current_class, pupil.unit_path) == ("05", None, world.schools[0].unit_path)
    assert pupil.enrolments.get().end == "dropout"

    pupil.current_class = world.classes[0]
    later = ON + timedelta(days=10)
    desk.apply(desk.bring("pupils", [*PUPIL, "Trạng thái"], [*row_of(pupil), "Đang học"], on=later))
    pupil.refresh_from_db()
    assert (pupil.status, pupil.current_class) == ("01", world.classes[0])
    assert [stay.start for stay in pupil.enrolments.all()] == ["new", "returned"]


def test_an_empty_cell_leaves_what_was_there(world, desk):
    pupil = world.pupils[0]
    Pupil.objects.filter(pk=pupil.pk).update(address="Bản Phủ", is_poor=True)

    batch = desk.bring("pupils", [*PUPIL, "Chỗ ở hiện nay", "Hộ nghèo"], [*row_of(pupil, ethnic=""), "", ""])

    assert counts(batch) == (0, 0, 1, 0)


def test_a_pupil_is_found_by_personal_id_when_the_code_is_unknown(world, desk):
    pupil = world.pupils[0]
    Pupil.objects.filter(pk=pupil.pk).update(personal_id="011214000001")

    batch = desk.bring("pupils", [*PUPIL, "Số CCCD"], [*row_of(pupil, code="1100000077"), "011214000001"])
    desk.apply(batch)

    assert counts(batch) == (0, 1, 0, 0)
    pupil.refresh_from_db()
    assert pupil.code == "1100000077"


def test_without_any_number_name_birth_date_and_class_must_all_fit(world, desk):
    same = desk.bring("pupils", PUPIL[1:], row_of(world.pupils[0])[1:])
    other_day = desk.bring("pupils", PUPIL[1:], row_of(world.pupils[0], born="07/05/2014")[1:])

    assert counts(same) == (0, 0, 1, 0)
    assert codes(other_day) == ["pupil.no_code"]


def test_two_of_one_name_and_birth_date_in_a_class_must_be_told_apart(world, desk):
    twin = make_pupil(world.classes[0], world.pupils[0].full_name)

    assert codes(desk.bring("pupils", PUPIL[1:], row_of(world.pupils[0])[1:])) == ["pupil.several"]
    assert counts(desk.bring("pupils", PUPIL, row_of(world.pupils[0]), row_of(twin))) == (0, 0, 2, 0)


def test_a_pupil_out_of_sight_is_told_without_a_word_about_him(world, desk):
    stranger = world.pupils[-1]
    batch = desk.bring("pupils", PUPIL, [stranger.code, *NEW[1:]])

    (problem,) = frame(batch, "problems").to_dicts()
    assert problem["code"] == "pupil.elsewhere"
    shown = str(problem) + str(frame(batch, "lines").to_dicts())
    for secret in (stranger.full_name, stranger.school.name, "06/05/2014"):
        assert secret not in shown


def test_a_district_moves_a_pupil_between_its_schools(world):
    desk = Desk(world, world.districts[0], "district")
    pupil = world.pupils[0]
    school = world.schools[1]
    batch = desk.bring("pupils", [*PUPIL, "Mã trường"], [*row_of(pupil), school.code])
    desk.apply(batch)

    assert "Lớp: 6A1 (Trường THCS 0) → 6A1 (Trường THCS 1)" in frame(batch, "lines")["changes"].item()
    assert [(stay.end, stay.start) for stay in pupil.enrolments.all()] == [
        ("moved_away", "new"),
        ("", "moved_in"),
    ]
    pupil.refresh_from_db()
    assert (pupil.school, pupil.unit_path) == (school, world.classes[2].unit_path)


def test_schools_outside_the_district_do_not_exist_for_it(world):
    desk = Desk(world, world.districts[0], "district")

    batch = desk.bring("pupils", [*PUPIL, "Mã trường"], [*NEW, world.schools[2].code])

    assert codes(batch) == ["school.unknown"]


def test_a_class_that_does_not_exist_yet_is_told(world, desk):
    batch = desk.bring("pupils", PUPIL, [*NEW[:5], "9Z"])

    assert codes(batch) == ["class.unknown"]
    with pytest.raises(RuleBroken, match="Còn 1 lỗi"):
        desk.apply(batch)
    assert not Pupil.objects.filter(code=NEW[0]).exists()


def test_undo_restores_exactly_what_the_import_changed(world, desk):
    before = list(Pupil.objects.order_by("pk").values()), list(Enrolment.objects.order_by("pk").values())
    rows = [row_of(world.pupils[0], name="Vàng A Mới", class_="6A2"), [*row_of(world.pupils[1])]]
    batch = desk.apply(
        desk.bring("pupils", [*PUPIL, "Đối tượng chính sách"], [*NEW, "a; b"], *([*row, "c"] for row in rows))
    )
    assert Pupil.objects.get(pk=world.pupils[1].pk).policies == ["c"]

    desk.undo(batch)

    assert (
        list(Pupil.objects.order_by("pk").values()),
        list(Enrolment.objects.order_by("pk").values()),
    ) == before
    batch.refresh_from_db()
    assert (batch.state, batch.undone_by) == ("undone", desk.user)


def test_undo_is_refused_when_somebody_has_changed_a_row_since(world, desk):
    batch = desk.apply(desk.bring("pupils", PUPIL, NEW, row_of(world.pupils[0], name="Vàng A Mới")))
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_pupil SET address = 'Bản Phủ' WHERE code = %s", [NEW[0]])

    with pytest.raises(RuleBroken) as refusal:
        desk.undo(batch)
    assert refusal.value.code == "import.changed"
    assert Pupil.objects.filter(code=NEW[0]).exists()


def test_undo_is_refused_when_other_rows_stand_on_a_new_one(world, desk):
    batch = desk.apply(
        desk.bring("staff", STAFF, ["1100900001", "Lò Thị Cô", "05/09/1984", "Nữ", "Giáo viên", ""])
    )
    SchoolClass.objects.filter(pk=world.classes[0].pk).update(homeroom=Staff.objects.get(code="1100900001"))

    with pytest.raises(RuleBroken) as refusal:
        desk.undo(batch)
    assert refusal.value.code == "import.used"


def test_what_changed_between_preview_and_decision_stops_the_import(world, desk):
    batch = desk.bring("pupils", PUPIL, NEW, row_of(world.pupils[0], name="Vàng A Mới"))
    Pupil.objects.filter(pk=world.pupils[0].pk).update(full_name="Vàng A Khác")

    with pytest.raises(RuleBroken) as refusal:
        desk.apply(batch)
    assert refusal.value.code == "import.meanwhile"
    assert not Pupil.objects.filter(code=NEW[0]).exists()

    batch = batches.preview(batch.pk, today=TODAY, progress=silent)
    desk.apply(batch)
    assert Pupil.objects.get(pk=world.pupils[0].pk).full_name == "Vàng A Mới"


def test_applying_and_undoing_twice_do_it_once(world, desk):
    batch = desk.bring("pupils", PUPIL, NEW)
    desk.apply(batch)
    desk.apply(batch)
    assert Pupil.objects.filter(code=NEW[0]).count() == 1
    desk.undo(batch)
    desk.undo(batch)
    assert not Pupil.objects.filter(code=NEW[0]).exists()
    with pytest.raises(RuleBroken, match="không thể chuyển"):
        desk.apply(batch)


def test_the_file_is_forgotten_once_it_is_in(world, desk):
    batch = desk.apply(desk.bring("pupils", PUPIL, NEW))

    batch.content.refresh_from_db()
    assert (bytes(batch.content.source), bytes(batch.content.sheets)) == (b"", b"")


@pytest.mark.parametrize("rows", [[], [PUPIL]])
def test_a_list_without_rows_changes_nothing(world, desk, rows):
    batch = desk.bring("pupils", *(rows or [["chỉ một ô"]]))

    assert counts(batch)[:3] == (0, 0, 0) if batch.counts else batch.state == "read"


def test_what_a_school_imports_another_cannot_see(world, desk):
    desk.bring("pupils", PUPIL, NEW)
    enter_scope(Scope(world.schools[2].unit_path))

    assert not ImportBatch.objects.exists()
    enter_scope(Scope(WHOLE_PROVINCE))
    assert ImportBatch.objects.count() == 1
