"""A run: value-added models over the year's surveys, points by the frozen rules, ranks with sets."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from django.db import transaction

from thucchat.engine.errors import EngineError
from thucchat.engine.growth.ranks.sets import rank_sets
from thucchat.engine.growth.rating import Rated, RuleSet, rate, rules_from_plain
from thucchat.engine.growth.valueadded import Request, fit_growth
from thucchat.engine.growth.valueadded_units import UnitEffect, mean_of_fields, unit_effects
from thucchat.web.exams.models import Campaign
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import Unit, User
from thucchat.web.people.models import Staff
from thucchat.web.ratings.models import Rating, RuleBook, Run
from thucchat.web.ratings.models.ratings import GROUPS
from thucchat.web.ratings.queries.inputs import commitments_kept, grown_pupils
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE

Kind = Rating.Kind
FORMULA = "end ~ start + factor(grade) + (1 | area) + (1 | school_id) + (1 | staff_id)"
REACHED = 5.0  # points that count as reached in the component of level
LEVEL = 0.9  # of the confidence sets of ranks, all together
SEED = 2025  # of their simulation: the same run gives the same sets
BATCH = 1_000
WITHIN = {"school_id": "area"}  # a school answers for its own part and that of its district
DEPARTMENT = 0  # the area of all schools that stand under the department itself


@dataclass
class _Tally:
    """What is known of one unit or teacher, over all fields."""

    effects: list[UnitEffect] = field(default_factory=list)
    pupils: int = 0
    excluded: Counter[str] = field(default_factory=Counter)  # by what they lack: see `Rating.excluded`
    reached: int = 0
    place: tuple[int, int] = (0, 0)  # unit, area


@transaction.atomic
def compute(
    campaign: Campaign, book: RuleBook, codes: Mapping[str, str], *, by: User | None, at: datetime
) -> Run:
    """Rate everybody of the year of `campaign`, its last survey; `codes` name each field's result column.

    Raises RuleBroken: `rating.rules` when the rules are not frozen, `rating.campaign` when the survey is not
    closed, `rating.frame` with the reason why no model could be fitted.
    """
    if book.state != RuleBook.State.FROZEN:
        raise RuleBroken("rating.rules", "Bộ quy tắc chưa chốt; hãy chốt trước khi tính.")
    if campaign.state != Campaign.State.CLOSED:
        raise RuleBroken("rating.campaign", "Khảo sát cuối năm chưa chốt.")
    tallies: dict[Kind, dict[int, _Tally]] = {kind: defaultdict(_Tally) for kind in Kind}
    digest = hashlib.sha256()
    for subject, code in codes.items():
        frame = grown_pupils(campaign, subject, code)
        digest.update(frame.write_csv().encode())
        _add_field(frame, tallies)
    rules = rules_from_plain(book.content)
    kept = commitments_kept(campaign)
    run = Run.objects.create(
        rules=book, campaign=campaign, inputs=digest.hexdigest(), fields=list(codes.items()), made_at=at,
        made_by=by,
    )  # fmt: skip
    rows = [row for kind in Kind for row in _ratings(run, kind, tallies[kind], rules, kept)]
    Rating.objects.bulk_create(rows, batch_size=BATCH)
    run.counts = dict(Counter(f"{row.kind}.{'rated' if row.points is not None else 'not'}" for row in rows))
    run.save(update_fields=["counts"])
    facts = {"inputs": run.inputs, "rules": book.fingerprint}
    record_event("rating.computed", run, by=by, at=at, unit_path=WHOLE_PROVINCE, **facts)
    return run


def _add_field(frame: pl.DataFrame, tallies: dict[Kind, dict[int, _Tally]]) -> None:
    """The effects of one field, and its pupils, into the tallies."""
    whole = frame.drop_nulls(["start", "end"])
    effects = _effects(whole)
    begun, ended = pl.col("start").is_not_null(), pl.col("end").is_not_null()
    known = begun & ended
    lacking = {"start": ~begun & ended, "end": begun & ~ended, "both": ~begun & ~ended}
    for kind, column in GROUPS.items():
        counts = frame.group_by(column).agg(
            known.sum().alias("known"),
            *(part.sum().alias(name) for name, part in lacking.items()),
            (known & (pl.col("end") >= REACHED)).sum().alias("reached"),
            pl.col("school_id").first().alias("unit"),
            pl.col("area").first().alias("place"),
        )
        names = (column, "known", "reached", "unit", "place", *lacking)
        for key, whole_results, reached, unit, area, *left_out in counts.select(names).iter_rows():
            tally = tallies[kind][key]
            tally.pupils += whole_results
            tally.excluded.update(dict(zip(lacking, left_out, strict=True)))
            tally.reached += reached
            tally.place = (unit, area)
            if key in effects[column]:
                tally.effects.append(effects[column][key])


def _effects(whole: pl.DataFrame) -> dict[str, dict[int, UnitEffect]]:
    area = pl.when(pl.col("area") == pl.col("school_id")).then(DEPARTMENT).otherwise("area").alias("area")
    text = whole.with_columns(area).with_columns(
        pl.col("area", "school_id", "staff_id", "grade").cast(pl.String)
    )
    try:
        found = unit_effects(fit_growth(text, Request(FORMULA, prior_errors={"start": "error"})), WITHIN)
    except EngineError as refusal:
        raise RuleBroken("rating.frame", refusal.message) from refusal
    return {group: {int(level): effect for level, effect in one.items()} for group, one in found.items()}


def _ratings(
    run: Run,
    kind: Kind,
    tallies: Mapping[int, _Tally],
    rules: RuleSet,
    kept: Mapping[tuple[str, int], tuple[float, int]],
) -> list[Rating]:
    people = Staff.objects.in_bulk(list(tallies)) if kind == Kind.TEACHER else {}
    units = Unit.objects.in_bulk([key for tally in tallies.values() for key in tally.place] + list(tallies))
    rows = []
    for key, tally in sorted(tallies.items()):
        unit = units[tally.place[0] if kind == Kind.TEACHER else key]
        if kind == Kind.DISTRICT and unit.is_school:
            continue  # a school under the department itself has no district above it
        row = Rating(
            run=run, kind=kind, unit=unit, staff=people.get(key), pupils=tally.pupils,
            left_out=tally.excluded.total(), excluded=dict(tally.excluded), unit_path=unit.unit_path,
        )  # fmt: skip
        values = _values(tally, kept.get((kind, key)))
        _fill(row, rate(rules, {one.code: values[one.code] for one in rules.components}), rules)
        rows.append(row)
    if kind != Kind.TEACHER:
        _rank([row for row in rows if row.points is not None])
    return rows


def _values(tally: _Tally, kept: tuple[float, int] | None) -> dict[str, tuple[float | None, float]]:
    """Component values with their errors; what is not known is None."""
    progress = mean_of_fields(tally.effects) if tally.effects else (None, 0.0)
    share = 100 * tally.reached / tally.pupils if tally.pupils else None
    spread = float(np.sqrt(share * (100 - share) / tally.pupils)) if share is not None else 0.0
    return {
        "progress": progress,
        "level": (share, spread),
        "commitment": (kept[0], 0.0) if kept else (None, 0.0),
    }


def _fill(row: Rating, rated: Rated, rules: RuleSet) -> None:
    row.parts = [
        {
            "code": part.component.code,
            "value": part.value,
            "error": part.error,
            "weight": part.weight,
            "points": part.points,
        }
        for part in rated.parts
    ]
    if row.pupils < rules.fewest:
        row.reason = f"Chỉ có {row.pupils} học sinh đủ hai kết quả; cần ít nhất {rules.fewest}."
    elif rated.points is None:
        row.reason = "Chưa có hơn một nửa số điểm theo quy tắc."
    else:
        row.points, row.error = rated.points, rated.error
        row.label, row.certain = rated.label, rated.certain


def _rank(rows: Sequence[Rating]) -> None:
    """Ranks with simultaneous confidence sets; one unit alone has no rank."""
    if len(rows) < 2:
        return
    points = np.array([row.points for row in rows], dtype=float)
    errors = np.array([row.error for row in rows], dtype=float)
    sets = rank_sets(points, errors, level=LEVEL, rng=np.random.default_rng(SEED))
    for row, rank, low, high in zip(rows, sets.rank, sets.low, sets.high, strict=True):
        row.rank, row.best, row.worst = int(rank), int(low), int(high)


def values_of(rating: Rating) -> dict[str, tuple[float | None, float]]:
    """What a stored rating was computed from: rating it again gives the same points."""
    parts: list[dict[str, Any]] = rating.parts
    return {one["code"]: (one["value"], one["error"]) for one in parts}
