"""One monthly review as its page and its minute show it."""

from calendar import monthrange
from datetime import date

from thucchat.engine.documents.forms.review_minute import (
    ActionState,
    AgreedAction,
    ReviewMinute,
    review_document,
)
from thucchat.engine.documents.tree import Document
from thucchat.web.ledger.queries.roots import latest_root
from thucchat.web.org.models import Unit
from thucchat.web.org.queries.letterheads import letterhead, with_school
from thucchat.web.quality.models import Review, ReviewAction
from thucchat.web.quality.queries.progress import UnitStanding, standing_from_plain, unit_standing

RECIPIENTS = {
    Unit.Kind.TEAM: ("Hiệu trưởng", "Các thành viên của tổ", "Lưu: VT"),
    Unit.Kind.SCHOOL: ("Các tổ chuyên môn", "Lưu: VT"),
}
OTHERS = ("Các trường", "Lưu: VT")


def standing_of_review(review: Review, day: date) -> UnitStanding:
    """As the meeting saw it; before it, as of `day` or of the end of the month that is reviewed."""
    if review.standing:
        return standing_from_plain(review.standing)
    month = review.month
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return unit_standing(review.unit, review.school_year, min(day, last))


def review_document_of(review: Review, day: date) -> Document:
    """The minute that secretary and chair sign."""
    subject = f"Rà soát chất lượng tháng {review.month:%m/%Y}"
    head = letterhead(review.unit, "BIÊN BẢN", subject, review.held_on or day)
    recipients = RECIPIENTS.get(Unit.Kind(review.unit.kind), OTHERS)
    return review_document(_minute(review, day), head, recipients)


def _minute(review: Review, day: date) -> ReviewMinute:
    root, standing = latest_root(), standing_of_review(review, day)
    return ReviewMinute(
        unit=with_school(review.unit),
        school_year=review.school_year_id,
        month=review.month,
        held_on=review.held_on,
        present=review.present,
        # Targets of the agenda stand in the table, all of them, with where they are.
        agenda=tuple(
            point["text"] for point in review.agenda if point["kind"] != "target" or not standing.targets
        ),
        actions=tuple(_agreed(row) for row in review.actions.select_related("owner")),
        conclusions=tuple(line.strip() for line in review.conclusion.splitlines() if line.strip()),
        targets=standing.targets,
        source=standing.source,
        chair=review.chair.full_name if review.chair else "",
        secretary=review.secretary.full_name if review.secretary else "",
        place=review.place,
        invited=review.invited,
        absent=tuple((one["name"], one["reason"]) for one in review.absent),
        root=root.printed if root else "",
    )


def _agreed(row: ReviewAction) -> AgreedAction:
    state = ActionState[row.state.upper()]
    return AgreedAction(row.what, row.owner.full_name, row.due_on, state, row.outcome, row.cause)
