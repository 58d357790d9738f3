"""Proposals are handed in, settled by their author, reviewed by others, or taken back."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from thucchat.engine.errors import EngineError
from thucchat.engine.papers.blueprint_checks import paper_faults
from thucchat.engine.papers.model import Paper
from thucchat.engine.papers.proposed import Proposed, Tag, checked_key, tagged
from thucchat.web.bank.actions.custody import lock_away, read_openly
from thucchat.web.bank.models import Proposal, ProposalReview, Round
from thucchat.web.bank.queries.repeats import question_texts, repeats_in_bank
from thucchat.web.bank.queries.rounds import blueprint_of
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import Unit, User
from thucchat.web.shared.errors import RuleBroken

LARGEST = 20 * 2**20  # bytes of a paper
MOST_LISTED = 40  # faults and copies kept
State = Proposal.State


@dataclass(frozen=True, slots=True)
class Handing:
    """Who hands in, for which unit."""

    unit: Unit
    by: User
    at: datetime


@transaction.atomic
def hand_in(round_: Round, content: bytes, handing: Handing) -> Proposal:
    """Read, check, seal and keep a paper; the proposal is the receipt.

    Raises RuleBroken: `proposal.closed`, `proposal.size`, `proposal.twice`, and what a paper that cannot be
    read is refused for.
    """
    if round_.state != Round.State.COLLECTING or handing.at > round_.propose_by:
        raise RuleBroken("proposal.closed", "Kì này không nhận đề nữa.")
    if len(content) > LARGEST:
        raise RuleBroken("proposal.size", f"Tệp vượt {LARGEST >> 20} MB; hãy nén hình trong Word.")
    print_ = hashlib.sha256(content).hexdigest()
    if Proposal.objects.filter(round=round_, sha256=print_).exclude(state=State.WITHDRAWN).exists():
        raise RuleBroken("proposal.twice", "Đúng tệp này đã được nộp rồi.")
    proposal = Proposal(
        round=round_,
        code=f"DX-{secrets.token_hex(3).upper()}",
        unit=handing.unit,
        author=handing.by,
        sha256=print_,
        handed_in_at=handing.at,
        unit_path=handing.unit.unit_path,
    )
    _settle(proposal, Proposed(content))
    try:
        with transaction.atomic():
            proposal.save()
    except IntegrityError as clash:
        raise RuleBroken("proposal.again", "Mã đề ngẫu nhiên bị trùng; hãy nộp lại.") from clash
    _record("handed_in", proposal, handing.by, handing.at)
    return proposal


@transaction.atomic
def settle(
    proposal_id: int, keys: Mapping[int, str], tags: Mapping[int, Tag], *, by: User, at: datetime
) -> Proposal:
    """The author states keys and places in the matrix.

    Raises RuleBroken: `proposal.not_author`, `proposal.sealed`, `key.outside`, `key.statements`.
    """
    proposal = _locked(proposal_id)
    if proposal.author_id != by.pk:
        raise RuleBroken("proposal.not_author", "Chỉ người nộp đề được sửa đáp án và vị trí trong ma trận.")
    before = read_openly(proposal)
    questions = before.paper().questions
    try:
        stated = {place: checked_key(questions[place - 1], key) for place, key in keys.items() if key.strip()}
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    _settle(proposal, replace(before, keys={**before.keys, **stated}, tags=dict(tags)))
    proposal.save()
    _record("settled", proposal, by, at)
    return proposal


@transaction.atomic
def withdraw(proposal_id: int, *, by: User, at: datetime) -> Proposal:
    """The author takes the paper back. Raises RuleBroken: `proposal.not_author`, `proposal.state`."""
    proposal = _locked(proposal_id)
    if proposal.author_id != by.pk:
        raise RuleBroken("proposal.not_author", "Chỉ người nộp đề được rút đề.")
    proposal.move_to(State.WITHDRAWN)
    proposal.readable = b""
    proposal.save(update_fields=["state", "readable"])
    _record("withdrawn", proposal, by, at)
    return proposal


@transaction.atomic
def review_proposal(
    proposal_id: int, *, approves: bool, remark: str, by: User, at: datetime
) -> ProposalReview:
    """Raises RuleBroken: `review.own`, `review.reason`, `review.twice`, `proposal.sealed`."""
    proposal = _locked(proposal_id)
    if proposal.author_id == by.pk:
        raise RuleBroken("review.own", "Tác giả không phản biện đề của mình.")
    if not proposal.is_readable:
        raise RuleBroken("proposal.sealed", "Danh sách đã chốt nên không phản biện nữa.")
    if not approves and not remark.strip():
        raise RuleBroken("review.reason", "Hãy nêu chỗ chưa đạt.")
    try:
        with transaction.atomic():
            review = ProposalReview.objects.create(
                proposal=proposal, approves=approves, remark=remark.strip(), by=by, at=at,
                unit_path=proposal.unit_path,
            )  # fmt: skip
    except IntegrityError as twice:
        raise RuleBroken("review.twice", "Bạn đã phản biện đề này.") from twice
    _record("reviewed", proposal, by, at, approves=approves)
    return review


def _settle(proposal: Proposal, proposed: Proposed) -> None:
    """Find out everything about the content, and lock it away."""
    try:
        paper = proposed.paper()
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    proposal.questions = len(paper.questions)
    proposal.keyed = sum(one.key is not None or one.type == "essay" for one in paper.questions)
    proposal.doubtful = paper.doubtful
    proposal.faults = _faults(proposal.round, paper, proposed.tags)
    asked = question_texts(paper.questions, proposal.code)
    found = repeats_in_bank(asked, proposal.round.blueprint.subject_id)
    proposal.copies = [f"{one.asked.rpartition('/')[2]}~{one.found}" for one in found][:MOST_LISTED]
    lock_away(proposal, proposed)


def _faults(round_: Round, paper: Paper, tags: Mapping[int, Tag]) -> list[str]:
    blueprint = blueprint_of(round_)
    found = [fault.message for fault in paper_faults(blueprint, tagged(paper, tags, blueprint))]
    if untagged := len(paper.questions) - len(tags):
        found.insert(0, f"Còn {untagged} câu chưa xếp vào ma trận.")
    if unkeyed := sum(one.key is None and one.type != "essay" for one in paper.questions):
        found.insert(0, f"Còn {unkeyed} câu chưa có đáp án.")
    return [text[:300] for text in found[:MOST_LISTED]]


def _locked(proposal_id: int) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("round__blueprint", "unit")
    return rows.get(pk=proposal_id)


def _record(act: str, proposal: Proposal, by: User, at: datetime, **facts: object) -> None:
    kept = {"sha256": proposal.sha256, "round": proposal.round_id, **facts}
    record_event(f"proposal.{act}", proposal, by=by, at=at, unit_path=proposal.unit_path, **kept)
