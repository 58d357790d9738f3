from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.world import make_pupil, make_user
from thucchat.web.people.models import Assignment, Enrolment, Pupil
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

MOST_QUERIES = 8  # of a list page, besides those that find out who asks
WHO_ASKS = 8  # session, user, roles, scope


@pytest.fixture
def year_now(world):
    """Let the world's school year be the present one."""
    today = timezone.localdate()
    world.year.starts, world.year.ends = date(today.year - 1, 9, 1), date(today.year + 1, 8, 31)
    world.year.save()
    return world


@pytest.fixture
def client_of(year_now, settings):
    settings.SECOND_FACTOR = False

    def make(role: str, unit) -> Client:
        enter_scope(Scope(WHOLE_PROVINCE))
        client = Client()
        client.force_login(make_user(role, unit))
        return client

    return make


def test_a_name_is_found_without_its_accents(world, client_of):
    make_pupil(world.classes[0], "Đặng Thị Ánh Nguyệt")
    client = client_of("principal", world.schools[0])

    page = client.get(reverse("people:pupils"), {"q": "dang nguyet"})

    assert [row.full_name for row in page.context["page"].rows] == ["Đặng Thị Ánh Nguyệt"]


def test_a_list_is_sorted_by_given_name_and_keeps_to_the_school(world, client_of):
    make_pupil(world.classes[0], "Vàng Thị An")
    client = client_of("clerk", world.schools[0])

    rows = client.get(reverse("people:pupils")).context["page"].rows

    assert [row.full_name.split()[-1] for row in rows] == ["An", "Dế", "Dế", "Páo", "Páo", "Sùng", "Sùng"]


@pytest.mark.parametrize(
    "name", ["people:pupils", "people:classes", "people:staff-list", "org:users", "org:tree"]
)
def test_a_list_takes_the_same_few_queries_at_any_size(world, client_of, name):
    client = client_of("district", world.districts[0])
    few = queries(client, name)
    enter_scope(Scope(WHOLE_PROVINCE))
    for number in range(60):
        make_pupil(world.classes[number % 4], f"Lò Văn {number}")
        make_user("teacher", world.schools[0])

    assert queries(client, name) == few <= MOST_QUERIES + WHO_ASKS


def queries(client: Client, name: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse(name)).status_code == 200
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_a_pupil_is_edited_with_a_reason_which_his_page_then_tells(world, client_of):
    pupil = world.pupils[0]
    client = client_of("clerk", world.schools[0])
    form = client.get(reverse("people:pupil-edit", args=[pupil.pk])).context["forms"][0]
    facts = {name: form[name].value() or "" for name in form.fields} | {
        "born_on": "2014-05-06",
        "is_poor": "on",
    }

    without = client.post(reverse("people:pupil-edit", args=[pupil.pk]), facts)
    client.post(reverse("people:pupil-edit", args=[pupil.pk]), facts | {"reason": "Sổ hộ nghèo năm 2026"})

    assert without.context["forms"][1].errors
    page = client.get(pupil.get_absolute_url()).content.decode()
    assert "Sổ hộ nghèo năm 2026" in page
    assert "hộ nghèo, cận nghèo: <del>không</del> → <ins>có</ins>" in page


def test_a_pupil_is_moved_on_the_page(world, client_of):
    client = client_of("principal", world.schools[0])
    facts = {
        "class_code": world.classes[1].code,
        "on": f"{timezone.localdate():%Y-%m-%d}",
        "reason": "Xếp lại lớp",
    }

    page = client.post(reverse("people:pupil-transfer", args=[world.pupils[0].pk]), facts, follow=True)

    assert "Đã ghi cho Vàng A Dế." in page.content.decode()
    assert Pupil.objects.get(pk=world.pupils[0].pk).current_class == world.classes[1]


def test_a_refusal_is_told_on_the_page(world, client_of):
    client = client_of("principal", world.schools[0])
    facts = {"class_code": "xyz", "on": "2026-11-01", "reason": "Xếp lại lớp"}

    page = client.post(reverse("people:pupil-transfer", args=[world.pupils[0].pk]), facts, follow=True)

    assert "Không có lớp mã “xyz”. Hãy hỏi trường tiếp nhận." in page.content.decode()


def test_a_new_teacher_takes_over_a_subject(world, client_of):
    client = client_of("principal", world.schools[0])
    row, today = world.classes[0], timezone.localdate()
    facts = {
        "subject": world.subject.pk, "staff": world.teachers[1].pk, "share": "1", "on": f"{today:%Y-%m-%d}",
        "reason": "Nghỉ thai sản",
    }  # fmt: skip

    client.post(reverse("people:class-assign", args=[row.pk]), facts)

    parts = (
        Assignment.objects.filter(school_class=row).order_by("days").values_list("staff", "days__upper_inf")
    )
    assert list(parts)[-1] == (world.teachers[1].pk, True)
    assert len([part for part in parts if part[1]]) == 1


def test_parts_of_a_subject_do_not_add_up_to_more_than_one(world, client_of):
    client = client_of("principal", world.schools[0])
    facts = {
        "subject": world.subject.pk, "staff": world.teachers[1].pk, "share": "0.5",
        "on": f"{timezone.localdate():%Y-%m-%d}", "reason": "Dạy thay",
    }  # fmt: skip

    page = client.post(reverse("people:class-assign", args=[world.classes[0].pk]), facts)

    assert "vượt quá 1" in page.content.decode()
    assert Assignment.objects.filter(school_class=world.classes[0]).count() == 1


def test_a_teacher_sees_his_class_and_not_the_next(world, client_of):
    client = Client()
    user = make_user("teacher", world.schools[0], staff_code=world.teachers[0].code)
    client.force_login(user)

    rows = client.get(reverse("people:pupils")).context["page"].rows

    assert {row.pk for row in rows} == {pupil.pk for pupil in world.pupils[:3]}
    assert client.get(world.pupils[3].get_absolute_url()).status_code == 404


def test_a_team_head_sees_the_classes_of_his_team(world, client_of):
    client = client_of("team_head", world.teams[0])
    enter_scope(Scope(""))  # as at the start of any request

    rows = client.get(reverse("people:pupils")).context["page"].rows

    assert {row.pk for row in rows} == {pupil.pk for pupil in world.pupils[:6]}


def test_the_whole_school_turns_the_year_on_one_page(world, client_of):
    from thucchat.web.org.models import SchoolYear

    SchoolYear.objects.create(code="2027-2028", starts=date(2028, 9, 1), ends=date(2029, 8, 31))
    client = client_of("principal", world.schools[0])
    assert client.get(reverse("people:rollover")).context["total"] == 6

    page = client.post(reverse("people:rollover"), {f"p{world.pupils[0].pk}": "repeat"}, follow=True)

    text = "6 học sinh = 5 lên lớp + 1 lưu ban + 0 hoàn thành cấp học + 0 thôi học"
    assert text in page.content.decode()
    assert Enrolment.objects.filter(days__upper_inf=True).count() == 6


def test_the_tree_is_shown_as_of_a_day(world, client_of):
    client = client_of("office", world.province)

    assert "Trường THCS 0" in client.get(reverse("org:tree")).content.decode()
    assert "chưa thành lập" in client.get(reverse("org:tree"), {"ngay": "2001-01-01"}).content.decode()


@pytest.mark.parametrize("text", ["abc", "0", "-3", "99999999999999", "٣"])
def test_a_page_number_that_is_none_shows_a_page(world, client_of, text):
    assert (
        client_of("clerk", world.schools[0]).get(reverse("people:pupils"), {"trang": text}).status_code == 200
    )
