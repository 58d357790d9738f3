"""Rules are written down and frozen before the results that they judge."""

from datetime import datetime

from django.db import transaction

from thucchat.engine.custody.canonical import fingerprint
from thucchat.engine.growth.rating import RuleSet, rules_as_plain, rules_from_plain
from thucchat.web.exams.models import Campaign
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import SchoolYear, User
from thucchat.web.ratings.models import RuleBook
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE


@transaction.atomic
def write_rules(year: SchoolYear, rules: RuleSet, *, by: User | None, at: datetime) -> RuleBook:
    """A draft. Raises InvalidInput: `rating.rules`."""
    content = rules_as_plain(rules)
    rules_from_plain(content)
    made = RuleBook.objects.create(school_year=year, version=rules.version, content=content, written_by=by)
    record_event("rules.written", made, by=by, at=at, unit_path=WHOLE_PROVINCE, version=rules.version)
    return made


@transaction.atomic
def freeze_rules(book_id: int, *, by: User | None, at: datetime) -> RuleBook:
    """No word of it changes any more.

    Raises RuleBroken: `rules.state`, `rules.late` once results are closed, `rules.same_person`.
    """
    book = RuleBook.objects.select_for_update().get(pk=book_id)
    if by is not None and book.written_by_id == by.pk:
        raise RuleBroken("rules.same_person", "Người soạn quy tắc không tự chốt; cần một người khác.")
    known = Campaign.objects.filter(
        school_year=book.school_year_id, moment=Campaign.Moment.END, closed_at__lt=at
    )
    if known.exists():
        raise RuleBroken("rules.late", "Kết quả cuối năm đã chốt; quy tắc phải chốt trước khi biết kết quả.")
    book.move_to(RuleBook.State.FROZEN)
    book.fingerprint = fingerprint(book.content)
    book.frozen_at, book.frozen_by = at, by
    book.save(update_fields=["state", "fingerprint", "frozen_at", "frozen_by"])
    record_event("rules.frozen", book, by=by, at=at, unit_path=WHOLE_PROVINCE, fingerprint=book.fingerprint)
    return book
