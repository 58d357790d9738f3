"""Whoever owns the database changes it behind the triggers' back; the export and a printed root tell."""

import random
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections, transaction

from thucchat.engine.custody.frontier import Frontier
from thucchat.engine.custody.ledger_check import check
from thucchat.engine.custody.merkle import leaf_hash
from thucchat.web.ledger.actions.recording import INSERT
from thucchat.web.ledger.queries.export import ledger_lines

sys.path.append(str(Path(__file__).parents[3] / "docs"))
import verify_ledger  # the second, independent verifier

SIZE = 60
NOON = datetime(2025, 1, 18, 5, tzinfo=UTC)
EDITS = (
    "facts = '{\"score\":' || id || '}'",
    "kind = kind || 'x'",
    "subject_kind = subject_kind || 'x'",
    "subject_id = subject_id + 1",
    "at = at - interval '1 microsecond'",
    "actor_id = 9",
    "actor_id = NULL",
    "unit_path = unit_path || '7/'",
    "hash = repeat('a', 64)",
    "previous = repeat('a', 64)",
)
REWRITE = """
UPDATE ledger_event e SET previous = %s,
hash = encode(sha256(convert_to(ledger_text(e, e.sequence, %s), 'UTF8')), 'hex')
WHERE sequence = %s RETURNING hash
"""


@contextmanager
def undone():
    """What happens inside is rolled back."""
    with transaction.atomic("owner"):
        yield
        transaction.set_rollback(True, "owner")


@pytest.fixture
def owner(transactional_owner):
    with undone(), connections["owner"].cursor() as cursor:
        columns = [["score.set"] * SIZE, ["exams.score"] * SIZE, list(range(SIZE))]
        columns += [['{"of":"“ă”"}'] * SIZE, ["1/2/"] * SIZE]
        cursor.execute(INSERT, [NOON, 5, "Lan", *columns])
        cursor.execute("SELECT hash FROM ledger_seal(1000)")
        cursor.execute("ALTER TABLE ledger_event DISABLE TRIGGER USER")
        yield cursor


@pytest.fixture
def transactional_owner(request, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def exported(cursor):
    return [line.encode() for line in ledger_lines(cursor)]


def printed_roots(cursor, *sizes):
    cursor.execute("SELECT hash FROM ledger_event ORDER BY sequence")
    leaves = [leaf_hash(bytes.fromhex(row[0])) for row in cursor.fetchall()]
    return [(size, Frontier().grown(leaves[:size]).root.hex()) for size in sizes]


def edit(cursor, chance):
    place, change = chance.randint(1, SIZE), chance.choice(EDITS)
    cursor.execute(f"UPDATE ledger_event SET {change} WHERE sequence = {place}")
    return {place}


def delete(cursor, chance):
    place = chance.randint(1, SIZE)
    cursor.execute(f"DELETE FROM ledger_event WHERE sequence = {place}")
    return {place}


def swap(cursor, chance):
    one, other = sorted(chance.sample(range(1, SIZE + 1), 2))
    for old, new in ((one, SIZE + 9), (other, one), (SIZE + 9, other)):
        cursor.execute(f"UPDATE ledger_event SET sequence = {new} WHERE sequence = {old}")
    return {one, other}


def truncate(cursor, chance):
    place = chance.randint(1, SIZE)
    cursor.execute(f"DELETE FROM ledger_event WHERE sequence >= {place}")
    return {place}


@pytest.mark.parametrize("tamper", [edit, delete, swap, truncate])
def test_a_thousand_changes_are_each_found_where_they_are(owner, tamper):
    roots = printed_roots(owner, SIZE // 2, SIZE)
    for seed in range(250):
        with undone():
            places = tamper(owner, random.Random(seed))
            lines = exported(owner)
        faults = check(lines, roots).faults
        located = {fault.first for fault in faults if fault.code != "root"}
        assert min(located) == min(places), seed
        assert places <= located, seed
        assert list(verify_ledger.faults(lines, roots)), seed


def test_a_chain_computed_again_is_found_between_two_printed_roots(owner):
    roots = printed_roots(owner, *range(10, SIZE + 1, 10))
    for seed in range(50):
        with undone():
            (place,) = (random.Random(seed).randint(1, SIZE),)
            owner.execute(f"UPDATE ledger_event SET actor_id = 9 WHERE sequence = {place}")
            owner.execute(f"SELECT previous FROM ledger_event WHERE sequence = {place}")
            before = owner.fetchone()[0]
            for later in range(place, SIZE + 1):
                owner.execute(REWRITE, [before, before, later])
                before = owner.fetchone()[0]
            lines = exported(owner)
        (fault,) = check(lines, roots).faults
        assert (fault.code, fault.last - fault.first) == ("root", 9)
        assert fault.first <= place <= fault.last
        assert list(verify_ledger.faults(lines, roots))


def test_clean_copies_raise_no_alarm(owner):
    for size in range(1, 101):
        columns = [["a.b"], ["c"], [size], ["{}"], ["1/2/"]]
        owner.execute("ALTER TABLE ledger_event ENABLE TRIGGER USER")
        owner.execute(INSERT, [NOON, None, "", *columns])
        owner.execute("SELECT hash FROM ledger_seal(1000)")
        lines = exported(owner)
        roots = printed_roots(owner, 1, SIZE + size // 2, SIZE + size)
        verdict = check(lines, roots)
        assert (verdict.size, verdict.root, verdict.faults) == (SIZE + size, roots[-1][1], ())
        assert list(verify_ledger.faults(lines, roots)) == []


def test_the_owner_too_is_stopped_while_the_triggers_stand(owner):
    owner.execute("ALTER TABLE ledger_event ENABLE TRIGGER USER")
    for act in ("UPDATE ledger_event SET actor_id = 9", "DELETE FROM ledger_event"):
        with pytest.raises(Exception, match="ledger_append_only"), transaction.atomic("owner"):
            owner.execute(act)
