"""Items enter the bank from Word files, are tagged, reviewed, shared, and taken out of use."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from thucchat.engine.errors import EngineError
from thucchat.engine.papers.model import Question
from thucchat.engine.papers.proposed import checked_key
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.web.bank.models import Item, ItemReview, SourceFile
from thucchat.web.ledger.actions.recording import Entry, record_event, record_events
from thucchat.web.org.models import Unit, User
from thucchat.web.people.models import Subject
from thucchat.web.shared.errors import RuleBroken

LARGEST = 20 * 2**20  # bytes of a file
REVIEWS = 2  # by different people other than the author, before an item may be used
State = Item.State


@dataclass(frozen=True, slots=True)
class Origin:
    """Where new items belong."""

    subject: Subject
    grade: int
    unit: Unit
    by: User


@transaction.atomic
def take_in(content: bytes, name: str, origin: Origin, *, at: datetime) -> list[Item]:
    """Keep a Word file and every question in it as a draft.

    Raises RuleBroken: `item.size`, `item.file` for a file taken in before, and why it cannot be read.
    """
    if len(content) > LARGEST:
        raise RuleBroken("item.size", f"Tệp vượt {LARGEST >> 20} MB; hãy nén hình trong Word.")
    path, print_ = origin.unit.unit_path, hashlib.sha256(content).hexdigest()
    if SourceFile.objects.filter(sha256=print_, unit_path=path).exists():
        raise RuleBroken("item.file", f"Tệp “{name}” đã được nhập vào ngân hàng của đơn vị.")
    try:
        paper = read_paper(content)
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    source = SourceFile.objects.create(name=name[-200:], sha256=print_, content=content, unit_path=path)
    rows = [_new(question, place, source, origin) for place, question in enumerate(paper.questions, 1)]
    made = Item.objects.bulk_create(rows)
    _record_all("taken_in", made, origin.by, at)
    return made


def _new(question: Question, place: int, source: SourceFile, origin: Origin) -> Item:
    return Item(
        subject=origin.subject,
        grade=origin.grade,
        kind=question.type,
        stem=question.stem,
        options=[list(pair) for pair in question.options.items()],
        key=question.key or "",
        context=question.context or "",
        solution=question.solution or "",
        flags=[flag.message for flag in question.flags],
        source=source,
        place=place,
        unit=origin.unit,
        author=origin.by,
        unit_path=origin.unit.unit_path,
    )


@transaction.atomic
def tag_item(item_id: int, facts: dict[str, Any], *, by: User, at: datetime) -> Item:
    """State what an item measures, and its key. Text itself comes from the file only.

    Raises RuleBroken: `item.frozen` once pupils have seen it, `item.state`, `key.outside`, `key.statements`.
    """
    item = _locked(item_id)
    _must_be_open(item)
    try:
        item.key = checked_key(question_of(item), facts["key"]) if facts["key"].strip() else ""
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    for name in ("topic", "content", "outcome", "levels", "solution"):
        setattr(item, name, facts[name])
    item.save()
    _record("tagged", item, by, at)
    return item


@transaction.atomic
def renew_item(item_id: int, *, by: User, at: datetime) -> Item:
    """A new draft version of an item that was used. Raises RuleBroken: `item.renewed`."""
    item = _locked(item_id)
    if Item.objects.filter(replaces=item).exists():
        raise RuleBroken("item.renewed", "Câu hỏi đã có phiên bản mới.")
    before = item.pk
    item.pk, item.version, item.state = None, item.version + 1, State.DRAFT
    item.replaces_id, item.exposure, item.is_shared, item.author = before, 0, False, by
    item.difficulty = item.discrimination = item.measured_on = None
    item._state.adding = True  # noqa: SLF001  Django's documented way to copy a row
    item.save()
    _record("renewed", item, by, at, replaces=before)
    return item


@transaction.atomic
def send_to_review(item_id: int, *, by: User, at: datetime) -> Item:
    """Raises RuleBroken: `item.state`, `item.untagged` naming what is missing."""
    item = _locked(item_id)
    missing = [
        label
        for label, value in (
            ("chủ đề", item.topic),
            ("nội dung", item.content),
            ("yêu cầu cần đạt", item.outcome),
            ("mức độ", item.levels),
            ("đáp án", item.key or item.kind == Item.Kind.ESSAY),
        )
        if not value
    ]
    if missing:
        raise RuleBroken("item.untagged", f"Còn thiếu {', '.join(missing)}.")
    item.move_to(State.REVIEW)
    item.save(update_fields=["state"])
    _record("sent_to_review", item, by, at)
    return item


@transaction.atomic
def review_item(item_id: int, *, approves: bool, remark: str, by: User, at: datetime) -> Item:
    """One reviewer's word; the second approval makes the item usable, an objection returns it.

    Raises RuleBroken: `item.state`, `review.own`, `review.reason`, `review.twice`.
    """
    item = _locked(item_id)
    if item.author_id == by.pk:
        raise RuleBroken("review.own", "Tác giả không phản biện câu hỏi của mình.")
    if item.state != State.REVIEW:
        raise RuleBroken("item.state", "Câu hỏi không ở bước phản biện.")
    if not approves and not remark.strip():
        raise RuleBroken("review.reason", "Hãy nêu chỗ chưa đạt.")
    try:
        with transaction.atomic():
            ItemReview.objects.create(
                item=item, approves=approves, remark=remark.strip(), by=by, at=at, unit_path=item.unit_path
            )
    except IntegrityError as twice:
        raise RuleBroken("review.twice", "Bạn đã phản biện câu này.") from twice
    if not approves:
        item.move_to(State.DRAFT)
    elif item.reviews.filter(approves=True).count() >= REVIEWS:
        item.move_to(State.READY)
    item.save(update_fields=["state"])
    _record("reviewed", item, by, at, approves=approves)
    return item


@transaction.atomic
def share_item(item_id: int, *, by: User, at: datetime) -> Item:
    """Let every unit use a ready item. Raises RuleBroken: `item.state`."""
    item = _locked(item_id)
    if item.state != State.READY:
        raise RuleBroken("item.state", "Chỉ chia sẻ được câu đã phản biện xong.")
    item.is_shared = True
    item.save(update_fields=["is_shared"])
    _record("shared", item, by, at)
    return item


@transaction.atomic
def retire_item(item_id: int, *, by: User, at: datetime) -> Item:
    """Raises RuleBroken: `item.state`."""
    item = _locked(item_id)
    item.move_to(State.RETIRED)
    item.save(update_fields=["state"])
    _record("retired", item, by, at)
    return item


def question_of(item: Item) -> Question:
    """The item as the engine holds a question."""
    return Question(
        number=item.place,
        stem=item.stem,
        options=dict(item.options),
        key=item.key or None,
        type=item.kind,  # type: ignore[arg-type]  # the choices of the column are the engine's kinds
        part=None,
        context=item.context or None,
        solution=item.solution or None,
    )


def _must_be_open(item: Item) -> None:
    if item.is_frozen:
        raise RuleBroken("item.frozen", "Câu đã dùng trong đề nên giữ nguyên; hãy tạo phiên bản mới.")
    if item.state != State.DRAFT:
        shown = item.get_state_display().lower()
        raise RuleBroken("item.state", f"Câu đang ở “{shown}”, không sửa được; hãy tạo phiên bản mới.")


def _locked(item_id: int) -> Item:
    return Item.objects.select_for_update(of=("self",)).get(pk=item_id)


def _record(act: str, item: Item, by: User, at: datetime, **facts: object) -> None:
    record_event(f"item.{act}", item, by=by, at=at, unit_path=item.unit_path, **facts)


def _record_all(act: str, items: Sequence[Item], by: User, at: datetime) -> None:
    label = Item._meta.label_lower  # noqa: SLF001  Django's documented door
    record_events([Entry(f"item.{act}", label, item.pk, item.unit_path) for item in items], by=by, at=at)
