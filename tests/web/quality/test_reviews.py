from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from tests.web.world import make_user
from thucchat.engine.documents.forms.review_minute import Progress
from thucchat.web.org.models import Role
from thucchat.web.quality.actions import reviews as acts
from thucchat.web.quality.models import Review, Target
from thucchat.web.quality.queries.reviews import standing_of_review
from thucchat.web.shared.errors import RuleBroken

NOON = datetime(2026, 10, 20, 5, tzinfo=UTC)
OCTOBER, NOVEMBER = date(2026, 10, 20), date(2026, 11, 20)


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        call()
    return refusal.value.code


@pytest.fixture
def head(world):
    return make_user(Role.PRINCIPAL, world.schools[0])


@pytest.fixture
def review(world, head) -> Review:
    for place, chance in ((0, 0.2), (1, 0.8)):
        Target.objects.create(
            school_year=world.year, indicator="x", version="1", measure="share", threshold=500, field="TOAN",
            unit=world.schools[0], staff=world.teachers[place], school_class=world.classes[place], pupils=3,
            expected=1.0, amount=2, chance=chance, unit_path=world.classes[place].unit_path,
        )  # fmt: skip
    return acts.plan_review(world.schools[0], world.year, OCTOBER, by=head, at=NOON)


def task(world, **changes):
    values = {"cause": "Học sinh nghỉ mùa", "what": "Phụ đạo", "owner": world.teachers[0], "due_on": NOVEMBER}
    return acts.Task(**values | changes)


def meeting(world, **changes):
    values = {
        "held_on": OCTOBER, "present": 12, "conclusion": "Phụ đạo lớp 6A1", "invited": 13,
        "absent": (("Bà Vừ", "ốm"),), "place": "phòng họp", "secretary": world.teachers[1],
    }  # fmt: skip
    return acts.Meeting(**values | changes)


def test_a_team_reviews_the_classes_of_its_teachers(review, world, head):
    made = acts.plan_review(world.teams[0], world.year, OCTOBER, by=head, at=NOON)

    assert [point["text"] for point in made.agenda] == [review.agenda[0]["text"]]


def test_the_agenda_names_what_is_unlikely_and_what_is_still_open(review, world, head):
    assert [point["kind"] for point in review.agenda] == ["target"]
    assert "khả năng 20 %" in review.agenda[0]["text"]
    acts.add_action(review.pk, task(world), by=head, at=NOON)

    later = acts.plan_review(world.schools[0], world.year, NOVEMBER, by=head, at=NOON)

    assert [point["kind"] for point in later.agenda] == ["action", "target"]


def test_a_review_is_held_and_confirmed_once_a_month(review, world, head):
    again = lambda: acts.plan_review(world.schools[0], world.year, OCTOBER, by=head, at=NOON)  # noqa: E731
    assert code_of(again) == "review.twice"
    outside = lambda: acts.plan_review(world.schools[0], world.year, date(2020, 1, 1), by=head, at=NOON)  # noqa: E731
    assert code_of(outside) == "review.month"
    hold = {"by": head, "at": NOON}
    for changes, code in (
        ({"conclusion": " "}, "empty"),
        ({"present": 0}, "empty"),
        ({"invited": 12}, "people"),
        ({"secretary": world.teachers[4]}, "stranger"),
    ):
        wrong = meeting(world, **changes)
        assert code_of(lambda wrong=wrong: acts.hold_review(review.pk, wrong, **hold)) == f"review.{code}"
    assert code_of(lambda: acts.confirm_review(review.pk, by=head, at=NOON)) == "review.state"
    acts.hold_review(review.pk, meeting(world), **hold)
    acts.confirm_review(review.pk, by=head, at=NOON)

    review.refresh_from_db()
    assert (review.state, review.present, review.chair) == ("confirmed", 12, head)
    assert (review.secretary, review.absent) == (world.teachers[1], [{"name": "Bà Vừ", "reason": "ốm"}])
    with pytest.raises(IntegrityError, match="review_confirmed_for_good"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(standing={})


def test_the_database_refuses_more_people_than_were_invited(review):
    with pytest.raises(IntegrityError, match="review_no_more_than_invited"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(invited=3, present=4)


def test_a_held_review_keeps_where_its_targets_stood(review, world, head):
    acts.hold_review(review.pk, meeting(world), by=head, at=NOON)
    Target.objects.all().delete()

    review.refresh_from_db()
    kept = standing_of_review(review, NOVEMBER)
    assert [(one.name, one.signed, one.progress) for one in kept.targets] == [
        ("Toán, lớp 6A1: từ 5,0 điểm trở lên", 2, Progress.NOT_MEASURED),
        ("Toán, lớp 6A2: từ 5,0 điểm trở lên", 2, Progress.NOT_MEASURED),
    ]


def test_actions_belong_to_people_of_the_unit_and_end_with_an_outcome(review, world, head):
    stranger = task(world, owner=world.teachers[4])
    assert code_of(lambda: acts.add_action(review.pk, stranger, by=head, at=NOON)) == "action.stranger"
    late = task(world, due_on=date(2026, 9, 1))
    assert code_of(lambda: acts.add_action(review.pk, late, by=head, at=NOON)) == "action.late"
    made = acts.add_action(review.pk, task(world), by=head, at=NOON)
    end = {"by": head, "at": NOON}
    assert code_of(lambda: acts.end_action(made.pk, "", done=True, **end)) == "action.no_outcome"
    assert acts.end_action(made.pk, "12 buổi", done=True, **end).state == "done"
    assert code_of(lambda: acts.end_action(made.pk, "x", done=False, **end)) == "action.state"


def test_the_pages_hold_a_meeting_and_print_it(client, review, world, head, settings):
    settings.SECOND_FACTOR = False
    client.force_login(head)
    address = f"/chat-luong/ra-soat/{review.pk}/"
    assert "khả năng 20 %" in client.get(address).content.decode()
    facts = {"cause": "x", "what": "Phụ đạo", "owner": world.teachers[0].pk, "due_on": "2026-11-20"}
    client.post(f"{address}viec/", facts)
    held = {"held_on": "2026-10-20", "invited": "10", "present": "9", "conclusion": "Làm"}
    client.post(f"{address}hop/", held | {"absent": "Bà Vừ"})
    assert "hãy ghi “họ tên: lí do”" in client.get(address).content.decode()
    client.post(f"{address}hop/", held | {"absent": "Bà Vừ: ốm\n", "secretary": world.teachers[0].pk})
    client.post(f"{address}duyet/")
    page = client.get(address).content.decode()
    assert "9/10 người dự · thư kí Lò Thị 0" in page
    assert "Vắng mặt: Bà Vừ (ốm)" in page
    assert "Biên bản đã duyệt" in page
    assert "Phụ đạo" in page
    assert client.get(f"{address}bien-ban/").content[:4] == b"%PDF"
    assert client.get(f"{address}bien-ban/?dang=docx").content[:2] == b"PK"
    assert client.get(f"{address}bien-ban/?dang=exe").status_code == 404
    assert client.get("/chat-luong/ra-soat/").status_code == 200
