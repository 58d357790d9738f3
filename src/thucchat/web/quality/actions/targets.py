"""The province's targets go down to every class and teacher, in whole pupils that add up."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl
from django.db import transaction

from thucchat.engine.planning.cascade import Cascade, cascade
from thucchat.engine.planning.chance import chance_of_count
from thucchat.engine.planning.standing import chances_of_reaching
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import SchoolYear, Unit, User
from thucchat.web.quality.models import Target
from thucchat.web.quality.queries.pupils import handed_over
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE

INDICATOR, VERSION = "vr.reach", "1"  # share of pupils who reach a score at the end of the year
SHARED_SD = 0.15  # logits that a whole unit's year may be better or worse; assumed until years are compared
BATCH = 2_000
NODES = {
    "area": ["area"],
    "school": ["school_id"],
    "team": ["school_id", "team_id"],
    "handover": ["handover_id"],
}  # below the province, and what tells two nodes of a level apart


@dataclass(frozen=True, slots=True)
class Goal:
    """What the province wants of one field."""

    field: str
    threshold: int  # hundredths of a point
    gain: int  # hundredths that pupils gained from start to end in the year before; 0 where nobody measured
    rise: float  # share of all pupils who are to reach it beyond what is expected, such as 0.03


@dataclass(frozen=True, slots=True)
class _Level:
    """Nodes of one level: place of each pupil's node, and the unit, class and teacher of each node."""

    of_pupil: np.ndarray
    rows: list[dict[str, int | None]]
    paths: list[str]


@transaction.atomic
def share_out_goals(
    year: SchoolYear, goals: list[Goal], *, answer_by: date, by: User | None, at: datetime
) -> int:
    """Targets of the province, every district, school, team, and teacher's class; returns how many.

    Raises RuleBroken: `target.no_handover` when nothing of a field was handed over, `target.again`.
    """
    if Target.objects.filter(school_year=year, indicator=INDICATOR).exists():
        raise RuleBroken(
            "target.again", "Năm học này đã giao chỉ tiêu; hãy đề nghị mức khác ở từng chỉ tiêu."
        )
    count = 0
    for goal in goals:
        pupils = handed_over(year, goal.field)
        if pupils.is_empty():
            raise RuleBroken("target.no_handover", f"Chưa bàn giao lớp nào môn {goal.field}.")
        count += _share_out(year, goal, pupils, answer_by)
    province = Unit.objects.get(unit_path=WHOLE_PROVINCE)
    record_event("target.shared_out", province, by=by, at=at, unit_path=WHOLE_PROVINCE, count=count)
    return count


def _share_out(year: SchoolYear, goal: Goal, pupils: pl.DataFrame, answer_by: date) -> int:
    scores = pupils["score"].cast(pl.Float64).fill_null(float("nan")).to_numpy() / 100
    error = float(pupils["error"].drop_nulls().mean() or 0) / 100  # type: ignore[arg-type]  # a column of numbers
    expected = chances_of_reaching(scores, error, (goal.threshold - goal.gain) / 100)
    total = min(len(expected), round(float(expected.sum()) + goal.rise * len(expected)))
    levels = _levels(pupils)
    made = cascade(expected, total, [level.of_pupil for level in levels[1:]])
    parents: list[Target] = []
    count = 0
    for place, level in enumerate(levels):
        amounts = np.array([total]) if place == 0 else made.levels[place - 1]
        above = levels[place - 1].of_pupil if place else np.zeros(len(expected), np.int64)
        rows = _targets(year, goal, level, expected, amounts)
        if place:
            _hang(rows, level.of_pupil, above, parents)
        if place == len(levels) - 1:
            _name_pupils(rows, level, pupils, made)
        for row in rows:
            row.answer_by = answer_by
        # A school under the province itself is its own district, and a teacher may be in no team: one target.
        new = [
            row for row in rows if row.school_class_id or not row.parent or row.parent.unit_id != row.unit_id
        ]
        Target.objects.bulk_create(new, batch_size=BATCH)
        parents = [row if row.pk else row.parent or row for row in rows]
        count += len(new)
    return count


def _levels(pupils: pl.DataFrame) -> list[_Level]:
    """Province, areas, schools, teams, and handovers: each nested in the one before."""
    whole = pupils.with_columns(
        area=pl.col("unit_path").str.split("/").list.slice(0, 2).list.join("/") + "/",
    )
    found = [_Level(np.zeros(len(pupils), np.int64), [_row(unit=1)], [WHOLE_PROVINCE])]
    for name, columns in NODES.items():
        nodes = whole.unique(columns, maintain_order=True).with_row_index("node")
        keys = nodes.select("node", *columns)
        place = whole.join(keys, on=columns, how="left", maintain_order="left", nulls_equal=True)
        of_pupil = place["node"].cast(pl.Int64).to_numpy()
        rows, paths = _named(name, nodes)
        found.append(_Level(of_pupil, rows, paths))
    return found


def _named(name: str, nodes: pl.DataFrame) -> tuple[list[dict[str, int | None]], list[str]]:
    if name == "area":
        paths = nodes["area"].to_list()
        return [_row(unit=int(path.rstrip("/").rpartition("/")[2])) for path in paths], paths
    if name in {"school", "team"}:
        paths = ["/".join(path.split("/")[:-2]) + "/" for path in nodes["unit_path"].to_list()]
        units = nodes["school_id"].to_list()
        if name == "team":
            units = nodes["team_id"].fill_null(nodes["school_id"]).to_list()
            paths = nodes["team_path"].fill_null(pl.Series(paths)).to_list()
        return [_row(unit=unit) for unit in units], paths
    columns = ("school_id", "staff_id", "class_id")
    rows = [_row(school, staff, klass) for school, staff, klass in nodes.select(columns).iter_rows()]
    return rows, nodes["unit_path"].to_list()


def _row(unit: int, staff: int | None = None, school_class: int | None = None) -> dict[str, int | None]:
    return {"unit_id": unit, "staff_id": staff, "school_class_id": school_class}


def _targets(
    year: SchoolYear, goal: Goal, level: _Level, expected: np.ndarray, amounts: np.ndarray
) -> list[Target]:
    order = np.argsort(level.of_pupil, kind="stable")
    sizes = np.bincount(level.of_pupil, minlength=len(level.rows))
    parts = np.split(expected[order], np.cumsum(sizes)[:-1])
    return [
        Target(
            school_year=year,
            indicator=INDICATOR,
            version=VERSION,
            measure=Target.Measure.SHARE,
            threshold=goal.threshold,
            field=goal.field,
            pupils=int(size),
            expected=float(part.sum()),
            amount=int(amount),
            chance=chance_of_count(part, int(amount), shared_sd=SHARED_SD),
            unit_path=path,
            **row,
        )
        for row, path, size, part, amount in zip(level.rows, level.paths, sizes, parts, amounts, strict=True)
    ]


def _hang(rows: list[Target], of_pupil: np.ndarray, above: np.ndarray, parents: list[Target]) -> None:
    """Each node under the node above that its first pupil lies in."""
    firsts = np.zeros(len(rows), np.int64)
    firsts[of_pupil[::-1]] = above[::-1]
    for row, place in zip(rows, firsts, strict=True):
        row.parent = parents[place]


def _name_pupils(rows: list[Target], level: _Level, pupils: pl.DataFrame, made: Cascade) -> None:
    order = np.argsort(level.of_pupil, kind="stable")
    cuts = np.cumsum(np.bincount(level.of_pupil, minlength=len(rows)))[:-1]
    keys = np.split(pupils["pupil_id"].to_numpy()[order], cuts)
    aims = np.split(made.amounts[order], cuts)
    for row, own, asked in zip(rows, keys, aims, strict=True):
        row.pupil_ids, row.aims = own.tolist(), asked.tolist()
