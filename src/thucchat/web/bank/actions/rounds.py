"""A round is prepared, opened to proposals, and its list frozen."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from thucchat.engine.errors import EngineError
from thucchat.engine.papers.blueprint_checks import STATEMENTS, blueprint_faults
from thucchat.engine.papers.draw.seed import commit
from thucchat.web.bank.actions.custody import CIPHER, make_reading_key
from thucchat.web.bank.models import Blueprint, Custodian, Pledge, Round
from thucchat.web.bank.queries.rounds import blueprint_of
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import Unit, User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE

State = Round.State


@transaction.atomic
def prepare_round(facts: dict[str, Any], blueprint: Blueprint, *, by: User, at: datetime) -> Round:
    """A new round over a blueprint. Raises RuleBroken: `round.blueprint` naming what is wrong with it."""
    made = Round(blueprint=blueprint, made_by=by, **facts)
    faults = [fault.message for fault in blueprint_faults(blueprint_of(made))]
    if faults:
        raise RuleBroken("round.blueprint", f"Ma trận còn lỗi: {faults[0]}")
    if made.scheme == Round.Scheme.ITEMS:
        _check_statements(made)
    made.save()
    record_event("round.prepared", made, by=by, at=at, unit_path=WHOLE_PROVINCE, code=made.code)
    return made


def _check_statements(round_: Round) -> None:
    for line in blueprint_of(round_).lines:
        count = sum(cell.count for (kind, _), cell in line.cells.items() if kind == "true_false")
        if count % STATEMENTS:
            message = (
                f"Bốc từng câu cần mỗi dòng có số ý đúng – sai chia hết cho 4; “{line.content}” có {count}."
            )
            raise RuleBroken("round.blueprint", message)


@transaction.atomic
def name_custodian(round_id: int, *, name: str, body: str, recipient: str) -> Custodian:
    """Raises RuleBroken: `round.state`, `custodian.key`, `custodian.twice`."""
    found = _locked(round_id)
    if found.state != State.PREPARING:
        raise RuleBroken("round.state", "Chỉ cử người giữ khoá khi kì còn đang chuẩn bị.")
    try:
        CIPHER.encrypt(b"", recipient.strip())
    except EngineError as refusal:
        raise RuleBroken("custodian.key", refusal.message) from refusal
    try:
        with transaction.atomic():
            return Custodian.objects.create(round=found, name=name, body=body, recipient=recipient.strip())
    except IntegrityError as twice:
        raise RuleBroken("custodian.twice", "Đã có người giữ khoá trùng tên hoặc trùng khoá.") from twice


@transaction.atomic
def open_round(round_id: int, *, by: User, at: datetime) -> Round:
    """Units may hand in from now on. Raises RuleBroken: `round.state`, `round.custodians`, `round.late`."""
    found = _locked(round_id)
    keepers = list(found.custodians.all())
    if len(keepers) <= found.needed or len({one.body for one in keepers}) < 2:
        message = f"Cần hơn {found.needed} người giữ khoá, thuộc ít nhất hai cơ quan; mới có {len(keepers)}."
        raise RuleBroken("round.custodians", message)
    if at >= found.propose_by:
        raise RuleBroken("round.late", "Hạn nộp đề đã qua; hãy lập kì mới với hạn khác.")
    found.move_to(State.COLLECTING)
    found.reading_key = make_reading_key(found)
    found.save(update_fields=["state", "reading_key"])
    names = [one.recipient for one in keepers]
    record_event("round.opened", found, by=by, at=at, unit_path=WHOLE_PROVINCE, custodians=names)
    return found


@transaction.atomic
def pledge(round_id: int, unit: Unit, value: str, *, by: User, at: datetime) -> Pledge:
    """Keep the commitment to a value, never the value; a later pledge before the draw replaces it.

    Raises RuleBroken: `pledge.late` once the draw is announced, `draw.value` for one easily guessed.
    """
    found = _locked(round_id)
    number = found.draws.count() + 1
    if found.draws.exclude(state="drawn").exists() or found.state == State.PREPARING:
        raise RuleBroken("pledge.late", "Lần bốc thăm đã công bố hoặc kì chưa mở nên không nhận cam kết nữa.")
    try:
        commitment = commit(found.code, unit.code, value)
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    made, _ = Pledge.objects.update_or_create(
        round=found,
        number=number,
        unit=unit,
        defaults={"commitment": commitment, "unit_path": unit.unit_path},
    )
    record_event("pledge.made", made, by=by, at=at, unit_path=unit.unit_path, commitment=commitment)
    return made


def local_text(moment: datetime) -> str:
    """A moment as the minutes print it: 2025-01-20T08:00:00, local time."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")


def _locked(round_id: int) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("blueprint").get(pk=round_id)
