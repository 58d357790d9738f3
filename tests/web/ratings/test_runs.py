"""A run over the small world with 22 pupils a class, and what people do with it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.db.utils import IntegrityError

from tests.web.quality.year import LATE, NOON
from tests.web.ratings.year import CODES, RULES, lived_year
from tests.web.world import make_user
from thucchat.engine.growth.rating import rate, rules_from_plain
from thucchat.web.ledger.actions.decisions import approve
from thucchat.web.org.models import Role
from thucchat.web.ratings.actions import publishing
from thucchat.web.ratings.actions.computing import compute, values_of
from thucchat.web.ratings.actions.rules import freeze_rules, write_rules
from thucchat.web.ratings.forms import RulesForm
from thucchat.web.ratings.models import Objection, Rating, RuleBook
from thucchat.web.ratings.queries.parts import parts_of
from thucchat.web.ratings.queries.starting import STARTING
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        call()
    return refusal.value.code


@pytest.fixture
def year(world):
    return lived_year(world)


@pytest.fixture
def run(year):
    return compute(year, RuleBook.objects.get(), CODES, by=None, at=LATE)


def test_the_school_whose_pupils_gained_most_comes_first(run, world):
    schools = list(run.ratings.filter(kind="school").order_by("rank"))

    assert schools[0].unit == world.schools[2]
    assert all(row.best <= row.rank <= row.worst for row in schools)
    assert schools[0].worst == 1
    assert run.counts == {"teacher.rated": 6, "school.rated": 3, "district.rated": 2}


def test_every_rating_can_be_added_up_again_from_what_it_shows(run):
    rules = rules_from_plain(run.rules.content)
    for row in run.ratings.all():
        again = rate(rules, values_of(row))
        assert again.points == pytest.approx(row.points)
        assert (again.label, again.certain) == (row.label, row.certain)
        assert sum(part.brought for part in parts_of(row) if part.brought is not None) == pytest.approx(
            row.points
        )


def test_a_missing_result_or_commitment_is_no_zero(run, world):
    teacher = run.ratings.get(staff=world.teachers[0])
    parts = {one["code"]: one for one in teacher.parts}

    assert (teacher.pupils, teacher.left_out) == (21, 1)
    assert teacher.excluded == {"start": 0, "end": 1, "both": 0}
    assert 0 <= parts["level"]["value"] <= 100
    assert (parts["commitment"]["value"], parts["commitment"]["weight"]) == (None, 0.0)
    assert parts["progress"]["weight"] == pytest.approx(60 / 75)


def test_the_same_inputs_give_the_same_run(run, year):
    again = compute(year, RuleBook.objects.get(), CODES, by=None, at=LATE)

    assert again.inputs == run.inputs
    first, second = (
        list(one.ratings.order_by("kind", "unit", "staff").values_list("points", "rank", "best", "worst"))
        for one in (run, again)
    )
    assert first == second


def test_rules_are_frozen_before_results_and_for_good(year, world):
    late = write_rules(world.year, replace(RULES, version="2"), by=None, at=LATE)

    assert code_of(lambda: freeze_rules(late.pk, by=None, at=LATE)) == "rules.late"
    assert code_of(lambda: compute(year, late, CODES, by=None, at=LATE)) == "rating.rules"
    with pytest.raises(IntegrityError, match="rules_as_frozen"), transaction.atomic():
        RuleBook.objects.filter(version="1").update(content={})


def test_a_rating_is_never_changed(run):
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        Rating.objects.filter(run=run).update(points=100)


def test_publication_takes_two_offices_and_opens_objections(run, world):
    testing, leader = make_user(Role.TESTING, world.province), make_user(Role.LEADER, world.province)
    head = make_user(Role.PRINCIPAL, world.schools[0])
    rating = run.ratings.get(kind="school", unit=world.schools[0])

    assert code_of(lambda: publishing.object_to(rating, "Sai", by=head, at=LATE)) == "objection.late"
    decision = publishing.ask_to_publish(run, "Đã soát", by=testing, role="testing", at=LATE)
    refusal = code_of(lambda: publishing.publish(run.pk, decision.pk, by=testing, at=LATE))
    assert refusal == "decision.state"
    approve(decision.pk, by=leader, role="leader", at=LATE)
    done = publishing.publish(run.pk, decision.pk, by=testing, at=LATE)
    assert (done.state, done.object_by) == ("published", date(2027, 5, 20))

    rating = run.ratings.get(kind="school", unit=world.schools[0])
    stranger = make_user(Role.PRINCIPAL, world.schools[1])
    assert code_of(lambda: publishing.object_to(rating, "Sai", by=stranger, at=LATE)) == "objection.not_yours"
    assert code_of(lambda: publishing.object_to(rating, " ", by=head, at=LATE)) == "objection.none"
    after = LATE + timedelta(days=11)
    assert code_of(lambda: publishing.object_to(rating, "Sai", by=head, at=after)) == "objection.late"
    made = publishing.object_to(rating, "Thiếu lớp 6A2", by=head, at=LATE)

    def answer(by, text="Đã kiểm tra"):
        return publishing.answer_objection(made.pk, text, upheld=True, by=by, at=LATE)

    assert code_of(lambda: answer(head)) == "objection.same_person"
    assert code_of(lambda: answer(leader, " ")) == "objection.no_answer"
    assert answer(leader).state == Objection.State.UPHELD


def test_people_see_what_is_published_and_theirs(client, run, world, settings):
    settings.SECOND_FACTOR = False
    head = make_user(Role.PRINCIPAL, world.schools[0])
    client.force_login(head)
    assert client.get(f"/xep-loai/{run.pk}/").status_code == 404
    enter_scope(Scope(WHOLE_PROVINCE))
    publishing.publish_on_paper(run.pk, at=LATE)
    page = client.get(f"/xep-loai/{run.pk}/").content.decode()
    assert world.schools[0].name in page
    assert world.schools[1].name not in page
    enter_scope(Scope(WHOLE_PROVINCE))
    rating = run.ratings.get(kind="school", unit=world.schools[0])
    shown = client.get(f"/xep-loai/ket-qua/{rating.pk}/").content.decode()
    assert "Tự tính lại" in shown
    assert client.get(f"/xep-loai/{run.pk}/thong-bao/?loai=school").content[:4] == b"%PDF"
    assert client.get(f"/xep-loai/{run.pk}/giao-vien/").status_code == 200
    assert client.get(f"/xep-loai/quy-tac/{run.rules_id}/").status_code == 200
    enter_scope(Scope(WHOLE_PROVINCE))
    other = run.ratings.get(kind="school", unit=world.schools[1])
    assert client.get(f"/xep-loai/ket-qua/{other.pk}/").status_code == 404


def test_rules_are_written_by_one_person_and_frozen_by_another(world, client_of):
    page = "/xep-loai/quy-tac/lap/"
    testing, leader = client_of("testing", world.province), client_of("leader", world.province)
    facts = {name: field.initial for name, field in RulesForm(starting=STARTING).fields.items()} | {
        "weight_level": 0,
        "weight_progress": 75,
    }

    book = RuleBook.objects.get(pk=int(testing.post(page, facts).url.rstrip("/").rpartition("/")[2]))
    assert [(one["code"], one["weight"]) for one in book.content["components"]] == [
        ("progress", 75_000), ("commitment", 25_000),
    ]  # fmt: skip
    writer = book.written_by
    assert code_of(lambda: freeze_rules(book.pk, by=writer, at=NOON)) == "rules.same_person"
    assert testing.post(f"{book.get_absolute_url()}chot/").status_code == 403
    leader.post(f"{book.get_absolute_url()}chot/")

    book.refresh_from_db()
    assert (book.state, len(book.fingerprint)) == ("frozen", 64)
    assert leader.get(page).status_code == 403
