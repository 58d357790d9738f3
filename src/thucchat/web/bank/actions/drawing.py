"""The ceremony: values are opened, opening is closed, public chance is entered, the draw is made."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from thucchat.engine.custody.canonical import fingerprint
from thucchat.engine.errors import EngineError
from thucchat.engine.papers.draw.ceremony import conduct, minutes_file, minutes_fingerprint
from thucchat.engine.papers.draw.model import Chance
from thucchat.web.bank.actions.rounds import local_text
from thucchat.web.bank.models import Draw, Pledge
from thucchat.web.bank.queries.rounds import announcement_of
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import Unit, User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE

State = Draw.State


@transaction.atomic
def reveal(draw_id: int, unit: Unit, value: str, *, by: User, at: datetime) -> Pledge:
    """A unit opens its value. Raises RuleBroken: `draw.state`, `pledge.none`, `pledge.other`."""
    draw = _locked(draw_id)
    if draw.state != State.ANNOUNCED:
        raise RuleBroken("draw.state", "Phần mở cam kết đã đóng.")
    row = Pledge.objects.select_for_update(of=("self",)).filter(
        round=draw.round, number=draw.number, unit=unit
    )
    pledge = row.first()
    if pledge is None:
        raise RuleBroken("pledge.none", "Đơn vị không gửi cam kết trước khi công bố nên không có gì để mở.")
    text = value.strip()
    if fingerprint([draw.round.code, unit.code, text]) != pledge.commitment:
        raise RuleBroken(
            "pledge.other", "Giá trị này không khớp cam kết; hãy nhập đúng dòng đã lưu khi cam kết."
        )
    pledge.value = text
    pledge.save(update_fields=["value"])
    record_event("pledge.revealed", pledge, by=by, at=at, unit_path=unit.unit_path, value=text)
    return pledge


@transaction.atomic
def close_reveals(draw_id: int, *, by: User, at: datetime) -> Draw:
    """No value is opened after this; only now public chance may come. Raises RuleBroken: `draw.state`."""
    draw = _locked(draw_id)
    draw.move_to(State.CLOSED)
    draw.closed_at = at
    draw.save(update_fields=["state", "closed_at"])
    record_event("draw.closed", draw, by=by, at=at, unit_path=WHOLE_PROVINCE)
    return draw


@transaction.atomic
def hold_draw(draw_id: int, results: Mapping[str, str], *, by: User, at: datetime) -> Draw:
    """Enter what dice and lottery gave, and draw. It happens once.

    Raises RuleBroken: `draw.state`, and with the engine's codes what is wrong with the results.
    """
    draw = _locked(draw_id)
    closed_at = draw.closed_at
    draw.move_to(State.DRAWN)
    if closed_at is None or local_text(at) <= local_text(closed_at):
        raise RuleBroken("draw.order", "Kết quả công khai phải có sau khi đóng mở cam kết.")
    opened = Pledge.objects.filter(round=draw.round, number=draw.number).exclude(value="")
    reveals = dict(opened.values_list("unit__code", "value"))
    chance = Chance(reveals, local_text(closed_at), dict(results), local_text(at))
    try:
        minutes = conduct(announcement_of(draw), chance)
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    draw.minutes, draw.fingerprint = minutes_file(minutes), minutes_fingerprint(minutes)
    draw.drawn_at = at
    draw.save(update_fields=["state", "minutes", "fingerprint", "drawn_at"])
    record_event("draw.held", draw, by=by, at=at, unit_path=WHOLE_PROVINCE, fingerprint=draw.fingerprint)
    return draw


def _locked(draw_id: int) -> Draw:
    return Draw.objects.select_for_update(of=("self",)).select_related("round__blueprint").get(pk=draw_id)
