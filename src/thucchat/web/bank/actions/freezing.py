"""The list of papers is frozen: the gate is passed or not, with reasons, and the draw is announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from thucchat.engine.errors import EngineError
from thucchat.engine.papers.blueprint import Blueprint
from thucchat.engine.papers.draw.ceremony import announcement_file, rehearse
from thucchat.engine.papers.draw.freezing import Proposal as Candidate
from thucchat.engine.papers.draw.freezing import gate
from thucchat.engine.papers.draw.model import PAPER_CELL, Announcement, Entry, Refused, Rules, Source
from thucchat.engine.papers.draw.seed import announcement_fingerprint
from thucchat.engine.papers.model import Paper
from thucchat.engine.papers.proposed import Proposed
from thucchat.web.bank.actions.custody import destroy_reading_key, read_openly
from thucchat.web.bank.actions.rounds import local_text
from thucchat.web.bank.models import Draw, Pledge, Proposal, Round
from thucchat.web.bank.queries.repeats import question_texts, repeats, repeats_in_bank
from thucchat.web.bank.queries.rounds import announcement_of, blueprint_of, cell_of, item_cells
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE

State = Proposal.State


@dataclass(frozen=True, slots=True)
class _Opened:
    """A proposal with its content, for the time the gate takes."""

    row: Proposal
    content: Proposed
    paper: Paper


@transaction.atomic
def freeze(round_id: int, *, by: User, at: datetime) -> Draw:
    """Pass every proposal through the gate, publish the pool, and destroy the means to read it.

    Raises RuleBroken: `round.state`, `round.early`, and why a draw would be impossible (`draw.…`).
    """
    found = Round.objects.select_for_update(of=("self",)).select_related("blueprint").get(pk=round_id)
    if found.state == Round.State.COLLECTING and at <= found.propose_by:
        raise RuleBroken("round.early", "Chưa hết hạn nộp đề nên chưa chốt danh sách được.")
    found.move_to(Round.State.FROZEN)
    found.frozen_at, found.reading_key = at, ""
    opened = _opened(found)
    entries, refused = gate(_candidates(found, opened))
    pool = tuple(sorted((one for entry in entries for one in _parts(found, entry, opened)), key=_id))
    draw = _announce(found, pool, refused, by=by, at=at)
    _close(opened, {one.id: one.reasons for one in refused})
    found.save(update_fields=["state", "frozen_at", "reading_key"])
    transaction.on_commit(lambda: destroy_reading_key(found))
    return draw


@transaction.atomic
def announce_again(round_id: int, reason: str, *, by: User, at: datetime) -> Draw:
    """Another draw from the same pool, with new pledges: it names the one before it.

    Raises RuleBroken: `draw.reason`, `draw.open` while one is not finished.
    """
    found = Round.objects.select_for_update(of=("self",)).select_related("blueprint").get(pk=round_id)
    last = found.draws.last()
    if not reason.strip():
        raise RuleBroken("draw.reason", "Hãy nêu lý do bốc thăm lại.")
    if last is None or last.state != Draw.State.DRAWN:
        raise RuleBroken("draw.open", "Chưa có lần bốc thăm nào xong để bốc lại.")
    before = announcement_of(last)
    drawn = (last.fingerprint, reason.strip())
    return _announce(found, before.pool, before.refused, by=by, at=at, again=drawn)


def _opened(found: Round) -> list[_Opened]:
    rows = Proposal.objects.filter(round=found, state=State.HANDED_IN).select_related("unit", "author")
    made = []
    for row in rows.select_for_update(of=("self",)).prefetch_related("reviews"):
        row.round = found
        content = read_openly(row)
        made.append(_Opened(row, content, content.paper()))
    return made


def _candidates(found_round: Round, opened: Sequence[_Opened]) -> list[Candidate]:
    """With two reviews, on the matrix, and repeating neither the bank nor a proposal handed in before.

    The bank is searched again: the office that freezes sees all of it, a unit only its own part.
    """
    found = []
    texts = {one.row.pk: question_texts(one.paper.questions, one.row.code) for one in opened}
    asked = [text for own in texts.values() for text in own]
    in_bank = repeats_in_bank(asked, found_round.blueprint.subject_id)
    for one in opened:
        earlier = [
            text
            for other in opened
            if other.row.handed_in_at < one.row.handed_in_at
            for text in texts[other.row.pk]
        ]
        copies = {pair.found.partition("/")[0] for pair in repeats(texts[one.row.pk], earlier)}
        copies |= {pair.found for pair in in_bank if pair.asked.partition("/")[0] == one.row.code}
        reviewers = tuple(str(review.by_id) for review in one.row.reviews.all() if review.approves)
        against = tuple(
            f"Phản biện chưa đạt: {review.remark}" for review in one.row.reviews.all() if not review.approves
        )
        entry = Entry(one.row.code, one.row.unit.code, one.row.sha256)
        faults = (*one.row.faults, *against)
        found.append(Candidate(entry, str(one.row.author_id), reviewers, faults, tuple(sorted(copies))))
    return found


def _parts(found: Round, entry: Entry, opened: Sequence[_Opened]) -> list[Entry]:
    """The paper itself, or each of its questions in the cell it fills."""
    if found.scheme == Round.Scheme.PAPERS:
        return [entry]
    one = next(each for each in opened if each.row.code == entry.id)
    blueprint = blueprint_of(found)
    return [
        Entry(f"{entry.id}/{place:02d}", entry.unit, entry.fingerprint, _cell(one, place, blueprint))
        for place in range(1, len(one.paper.questions) + 1)
    ]


def _cell(one: _Opened, place: int, blueprint: Blueprint) -> str:
    tag = one.content.tags[place]
    return cell_of(blueprint.lines[tag.line], one.paper.questions[place - 1].type, tag.levels[0])


def _id(entry: Entry) -> str:
    return entry.id


def _announce(
    found: Round,
    pool: tuple[Entry, ...],
    refused: tuple[Refused, ...],
    *,
    by: User,
    at: datetime,
    again: tuple[str | None, str | None] = (None, None),
) -> Draw:
    number = found.draws.count() + 1
    pledges = Pledge.objects.filter(round=found, number=number).select_related("unit")
    announcement = Announcement(
        round=found.code,
        number=number,
        title=found.title,
        frozen_at=local_text(at),
        rules=_rules(found, pool),
        pool=pool,
        weights={entry.unit: 1 for entry in pool},
        commitments={one.unit.code: one.commitment for one in pledges},
        sources=tuple(Source(kind, name) for kind, name in found.sources),
        refused=refused,
        previous=again[0],
        reason=again[1],
    )
    try:
        rehearse(announcement)
    except EngineError as refusal:
        lost = " ".join(f"{one.id} bị loại: {' '.join(one.reasons)}" for one in refused)
        raise RuleBroken(refusal.code, f"{refusal.message} {lost}".strip()) from refusal
    code = announcement_fingerprint(announcement)
    text = announcement_file(announcement)
    draw = Draw.objects.create(round=found, number=number, announcement=text, announced=code, made_by=by)
    record_event("draw.announced", draw, by=by, at=at, unit_path=WHOLE_PROVINCE, fingerprint=code)
    return draw


def _rules(found: Round, pool: tuple[Entry, ...]) -> Rules:
    whole = found.scheme == Round.Scheme.PAPERS
    sitting = tuple(sorted({entry.unit for entry in pool})) if found.own_cap is not None else ()
    return Rules(
        matrix=((PAPER_CELL, 1),) if whole else tuple(item_cells(blueprint_of(found))),
        forms=found.forms,
        form_cap=None if whole else found.form_cap,
        own_cap=found.own_cap,
        sitting=sitting,
    )


def _close(opened: Sequence[_Opened], refused: dict[str, tuple[str, ...]]) -> None:
    for one in opened:
        reasons = refused.get(one.row.code, ())
        one.row.move_to(State.REFUSED if reasons else State.ELIGIBLE)
        one.row.refusals, one.row.readable = [text[:400] for text in reasons], b""
    rows = [one.row for one in opened]
    Proposal.objects.bulk_update(rows, ["state", "refusals", "readable"])
