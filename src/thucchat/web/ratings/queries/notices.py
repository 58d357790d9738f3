"""Ratings as their pages and the notice show them."""

from dataclasses import dataclass

from thucchat.engine.documents.forms.ranking_notice import RankedUnit, RankingNotice
from thucchat.engine.growth.rating import Component, rules_from_plain
from thucchat.web.ledger.queries.roots import latest_root
from thucchat.web.ratings.models import Rating, Run

CONFIDENCE = 90  # percent, see `actions.computing`


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One line of the explanation."""

    component: Component
    value: float | None
    error: float
    weight: float  # percent, after the weights of missing parts were shared
    points: float | None
    brought: float | None  # points of the sum


def parts_of(rating: Rating) -> list[ShownPart]:
    """Every component with what it brought; their sum is the rating's points."""
    known = {one.code: one for one in rules_from_plain(rating.run.rules.content).components}
    return [
        ShownPart(
            known[one["code"]],
            one["value"],
            one["error"],
            100 * one["weight"],
            one["points"],
            None if one["points"] is None else one["weight"] * one["points"],
        )
        for one in rating.parts
    ]


def notice_of(run: Run, kind: Rating.Kind) -> RankingNotice:
    """The notice of one kind's ranking."""
    rows = list(run.ratings.filter(kind=kind).select_related("unit"))
    root = latest_root()
    limit = f"{run.object_by:%d/%m/%Y}" if run.object_by else "chưa công bố"
    return RankingNotice(
        title=f"{kind.label.lower()}, năm học {run.rules.school_year_id}",
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
