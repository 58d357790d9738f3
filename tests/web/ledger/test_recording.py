import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.web.world import make_user
from thucchat.engine.custody.chain import START, event_hash
from thucchat.engine.custody.merkle import leaf_hash, root
from thucchat.engine.errors import InvalidInput
from thucchat.web.ledger.actions.recording import Entry, record_event, record_events
from thucchat.web.ledger.actions.sealing import seal, seal_all
from thucchat.web.ledger.models import Event, Root
from thucchat.web.ledger.queries.export import ledger_lines, root_lines
from thucchat.web.ledger.queries.roots import latest_root
from thucchat.web.org.models import Role
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

NOON = datetime(2025, 1, 18, 5, 0, 0, 7, UTC)


def entries(count, unit_path="1/2/"):
    return [Entry("score.entered", "exams.score", n, unit_path, {"hash": f"ớ“{n}\n”"}) for n in range(count)]


def someone(world):
    return make_user(Role.PRINCIPAL, world.schools[0])


def exported():
    with connection.cursor() as cursor:
        return [json.loads(line) for line in ledger_lines(cursor)]


def test_an_event_is_sealed_as_the_chain_of_the_engine_seals_it(world):
    lan = someone(world)
    with transaction.atomic():
        record_event("unit.named", lan, by=lan, at=NOON, unit_path="1/2/", old="“A”", size=3)
    record_events(entries(2), by=None, at=NOON - timedelta(days=1))

    stored = seal(at=NOON)

    previous = START
    lines = exported()
    for place, (sequence, kind, body, before, own) in enumerate(lines, 1):
        assert (sequence, before) == (place, previous)
        assert own == event_hash(sequence, kind, body=body, previous=before)
        previous = own
    assert lines[0][2] == {
        "actor": lan.pk,
        "at": "2025-01-18T05:00:00.000007Z",
        "facts": {"old": "“A”", "size": 3},
        "subject": "org.user",
        "subject_id": lan.pk,
        "unit": "1/2/",
    }
    assert stored.root == root([leaf_hash(bytes.fromhex(line[4])) for line in lines]).hex()
    assert (stored.size, stored.head) == (3, previous)
    assert latest_root().printed == f"THUCCHAT-SO 3 {stored.root}"


def test_an_act_that_fails_leaves_no_event(world):
    with transaction.atomic():
        record_event("unit.named", someone(world), by=None, at=NOON, unit_path="1/2/")
        transaction.set_rollback(True)

    assert not Event.objects.exists()


def test_batches_chain_on_and_each_has_its_root(world):
    record_events(entries(5), by=None, at=NOON)
    seal(at=NOON, most=2)
    record_events(entries(1), by=None, at=NOON)
    last = seal_all(at=NOON)

    lines = exported()
    assert [line[0] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert [line[3] for line in lines] == [START, *(line[4] for line in lines[:-1])]
    assert list(Root.objects.values_list("size", flat=True)) == [2, 6]
    assert last.root == root([leaf_hash(bytes.fromhex(line[4])) for line in lines]).hex()
    assert seal(at=NOON) is None
    with connection.cursor() as cursor:
        assert list(root_lines(cursor)) == [one.printed for one in Root.objects.all()]


def test_the_sealer_sees_every_unit_and_the_reader_only_his(world):
    record_events(entries(2, "1/2/"), by=None, at=NOON)
    record_events(entries(3, "1/3/"), by=None, at=NOON)
    enter_scope(Scope("1/2/"))

    assert seal(at=NOON).size == 5
    assert Event.objects.count() == 2
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        record_events(entries(1, "1/3/"), by=None, at=NOON)
    enter_scope(Scope(WHOLE_PROVINCE))
    assert Event.objects.count() == 5


@pytest.mark.parametrize("act", ["UPDATE ledger_event SET facts = '{}'", "DELETE FROM ledger_event",
                                 "UPDATE ledger_root SET size = 9", "DELETE FROM ledger_root"])  # fmt: skip
def test_the_application_may_neither_change_nor_delete(world, act):
    record_events(entries(2), by=None, at=NOON)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(act)


def test_an_event_cannot_be_born_sealed(world):
    with pytest.raises(IntegrityError, match="ledger_append_only"), transaction.atomic():
        Event.objects.create(
            kind="a", subject_kind="b", subject_id=1, at=NOON, facts="{}", unit_path="1/",
            sequence=1, previous=START, hash=START,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value"), [("kind", 'a","b'), ("subject_kind", "A b"), ("unit_path", '1/"/')]
)
def test_texts_that_would_need_escaping_are_refused(world, column, value):
    good = {"kind": "a.b", "subject_kind": "b", "subject_id": 1, "at": NOON, "facts": "{}", "unit_path": "1/"}

    with pytest.raises(IntegrityError, match="event_"), transaction.atomic():
        Event.objects.create(**good | {column: value})


def test_fractions_have_no_single_text(world):
    with pytest.raises(InvalidInput) as refusal:
        record_event("a", someone(world), by=None, at=NOON, unit_path="1/2/", mean=0.5)
    assert refusal.value.code == "canonical.value"
