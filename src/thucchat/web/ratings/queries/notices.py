"""What is published of a run: the notice of a ranking, the decision with its list."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from thucchat.engine.documents.forms.ranking_notice import RankedUnit, RankingNotice, ranking_document
from thucchat.engine.documents.forms.rating_decision import RatedHolder, RatingDecision, decision_document
from thucchat.engine.documents.tree import Document
from thucchat.engine.growth.rating import rules_from_plain
from thucchat.engine.vietnamese import vi_date
from thucchat.web.ledger.queries.roots import latest_root
from thucchat.web.org.models import Unit
from thucchat.web.org.queries.letterheads import letterhead
from thucchat.web.people.queries.signers import office_of, signature_of
from thucchat.web.ratings.models import Rating, Run
from thucchat.web.ratings.models.ratings import DAYS_TO_OBJECT

Kind = Rating.Kind
CONFIDENCE = 90  # percent, see `actions.computing`
CALLED = {Kind.DISTRICT: "phòng giáo dục và đào tạo, xã", Kind.SCHOOL: "trường", Kind.TEACHER: "giáo viên"}
TESTING = "Phòng Quản lý chất lượng"  # the office that makes ratings
RECIPIENTS = ("Các phòng giáo dục và đào tạo", "Các trường", "Lưu: VT, QLCL")
OF_SCHOOL = ("Như Điều 3", "Lưu: VT")


def day_of(run: Run, day: date) -> date:
    """The day a paper of the run bears: of its publication, before it `day`."""
    return timezone.localdate(run.published_at) if run.published_at else day


def object_by(run: Run, day: date) -> date:
    """Until when objections are taken; of a run not yet published, if it were published on `day`."""
    return run.object_by or day + timedelta(days=DAYS_TO_OBJECT)


def notice_document_of(run: Run, kind: Rating.Kind, issuer: Unit, day: date) -> Document:
    """The notice of one kind's ranking, by the province's department."""
    subject = f"Kết quả xếp hạng {CALLED[kind]} năm học {run.rules.school_year_id}"
    head = letterhead(issuer, "THÔNG BÁO", subject, day_of(run, day))
    return ranking_document(notice_of(run, kind), head, signature_of(issuer), RECIPIENTS)


def notice_of(run: Run, kind: Rating.Kind) -> RankingNotice:
    """What the notice of one kind's ranking says."""
    rows = list(run.ratings.filter(kind=kind).select_related("unit"))
    root = latest_root()
    limit = vi_date(run.object_by) if run.object_by else "chưa công bố"
    return RankingNotice(
        title=f"{CALLED[kind]}, năm học {run.rules.school_year_id}",
        measure="điểm xếp loại (0-100)",
        rule=f"{run.rules}, mã {run.rules.fingerprint[:16]}",
        confidence=CONFIDENCE,
        units=tuple(
            RankedUnit(row.unit.name, row.points, row.rank, row.best, row.worst)
            for row in rows
            if row.points is not None and row.rank and row.best and row.worst
        ),
        unranked=tuple((row.unit.name, row.reason or "Chỉ có một đơn vị.") for row in rows if not row.rank),
        objections=f"Đơn vị khiếu nại trên hệ thống chậm nhất ngày {limit}.",
        root=root.printed if root else "",
    )


def decision_document_of(
    run: Run, kind: Rating.Kind, issuer: Unit, rows: Iterable[Rating], *, day: date
) -> Document:
    """The decision of `issuer` on `rows`: the department's on units, a principal's on his teachers."""
    subject = f"Công nhận kết quả xếp loại {CALLED[kind]} năm học {run.rules.school_year_id}"
    head = letterhead(issuer, "QUYẾT ĐỊNH", subject, day_of(run, day))
    decision = decision_of(run, kind, issuer, rows, day=day)
    recipients = OF_SCHOOL if issuer.is_school else RECIPIENTS
    return decision_document(decision, head, signature_of(issuer), recipients=recipients)


def decision_of(
    run: Run, kind: Rating.Kind, issuer: Unit, rows: Iterable[Rating], *, day: date
) -> RatingDecision:
    """What is recognised; units and teachers are told apart by their codes where names are equal."""
    book, root = run.rules, latest_root()
    frozen = f", chốt ngày {vi_date(timezone.localdate(book.frozen_at))}" if book.frozen_at else ""
    return RatingDecision(
        authority=f"{office_of(issuer)} {issuer.name}",
        proposer="các tổ chuyên môn" if issuer.is_school else f"Trưởng {TESTING}",
        kind=CALLED[kind],
        school_year=book.school_year_id,
        rule=f"Quy tắc xếp loại năm học {book.school_year_id}",
        version=book.version,
        fingerprint=book.fingerprint,
        classes=tuple(name for name, _ in rules_from_plain(book.content).classes),
        holders=tuple(_holders(list(rows))),
        object_to="Sở Giáo dục và Đào tạo, trên hệ thống",
        object_by=object_by(run, day_of(run, day)),
        executors=_executors(issuer),
        bases=(f"Căn cứ {book}{frozen}", f"Căn cứ kết quả {str(run.campaign).lower()}"),
        root=root.printed if root else "",
    )


def _executors(issuer: Unit) -> str:
    if issuer.is_school:
        return "Các tổ chuyên môn và giáo viên có tên trong danh sách"
    return f"Chánh Văn phòng, Trưởng {TESTING}, thủ trưởng các đơn vị có tên trong danh sách"


def _holders(rows: list[Rating]) -> Iterable[RatedHolder]:
    names = Counter(row.called for row in rows)
    for row in rows:
        name, code = str(row.staff or row.unit), (row.staff or row.unit).code
        yield RatedHolder(
            name=f"{name} ({code})" if names[row.called] > 1 else name,
            unit=row.unit.name if row.staff else "",
            points=None if row.points is None else Decimal(repr(row.points)),
            error=None if row.points is None else Decimal(repr(row.error)),
            label=row.label,
            certain=row.certain or row.points is None,
            reason=row.reason,
        )
