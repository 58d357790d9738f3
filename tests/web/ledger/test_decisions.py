from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from thucchat.web.ledger.actions.decisions import approve, consume, propose, refuse
from thucchat.web.ledger.models import Decision, Event
from thucchat.web.shared.errors import RuleBroken

NOON = datetime(2025, 1, 18, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
Kind, State = Decision.Kind, Decision.State


@dataclass
class Person:
    pk: int


LAN, MINH = Person(1), Person(2)


@pytest.fixture
def decision(world):
    return propose(
        Kind.SCORE, {"score": 7}, summary="Sửa điểm", reason="Cộng nhầm",
        by=LAN, role="testing", at=NOON, unit_path="1/2/",
    )  # fmt: skip


def acts(decision, *, by=MINH, role="leader", at=NOON + HOUR, content=7, kind=Kind.SCORE):
    return {
        "approve": lambda: approve(decision.pk, by=by, role=role, at=at),
        "refuse": lambda: refuse(decision.pk, "Thiếu bài", by=by, role=role, at=at),
        "consume": lambda: consume(kind, {"score": content}, decision_id=decision.pk, by=LAN, at=at),
    }


PATHS = {
    State.PROPOSED: [],
    State.APPROVED: ["approve"],
    State.REFUSED: ["refuse"],
    State.USED: ["approve", "consume"],
}
LEGAL = {(State.PROPOSED, "approve"), (State.PROPOSED, "refuse"), (State.APPROVED, "consume")}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", ["approve", "refuse", "consume"])
def test_every_move_is_allowed_or_refused_by_the_table(decision, state, act):
    for step in PATHS[state]:
        acts(decision)[step]()

    if (state, act) in LEGAL:
        acts(decision)[act]()
        assert Event.objects.count() == len(PATHS[state]) + 2
        return
    with pytest.raises(RuleBroken) as refusal:
        acts(decision)[act]()
    assert refusal.value.code == "decision.state"
    decision.refresh_from_db()
    assert decision.state == state


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": LAN}, "same_person"),
        ({"role": "testing"}, "same_duty"),
        ({"at": NOON + 24 * HOUR}, "expired"),
    ],
)
@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_another_person_of_another_duty_decides_in_time(decision, change, code, act):
    with pytest.raises(RuleBroken) as refusal:
        acts(decision, **change)[act]()
    assert refusal.value.code == f"decision.{code}"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"content": 8}, "other"), ({"kind": Kind.KEY}, "other"), ({"at": NOON + 24 * HOUR}, "expired")],
)
def test_leave_is_for_the_approved_content_in_time(decision, change, code):
    acts(decision)["approve"]()

    with pytest.raises(RuleBroken) as refusal:
        acts(decision, **change)["consume"]()
    assert refusal.value.code == f"decision.{code}"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"approver_id": F("proposer_id")}, "two"),
        ({"approver_role": F("proposer_role")}, "duties"),
        ({"reason": ""}, "reasoned"),
        ({"used_at": None}, "used"),
        ({"decided_at": None}, "decided"),
        ({"content": "x"}, "content"),
        ({"expires_at": F("proposed_at")}, "expires"),
    ],
)
def test_the_database_refuses(decision, change, constraint):
    acts(decision)["approve"]()
    acts(decision)["consume"]()

    with pytest.raises(IntegrityError, match=f"decision_{constraint}"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(**change)


def test_without_a_reason_nothing_is_asked(world):
    with pytest.raises(RuleBroken) as refusal:
        propose(
            Kind.KEY, {}, summary="x", reason=" ", by=LAN, role="testing", at=NOON, unit_path="1/",
        )  # fmt: skip
    assert refusal.value.code == "decision.reason"
