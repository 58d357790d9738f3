"""The demonstration's ratings held against the truth that only a simulation knows."""

from collections import defaultdict
from collections.abc import Mapping
from math import isnan
from typing import Any

import polars as pl

from thucchat.engine.simulation.recovery import COMPARED, recoveries, true_answers
from thucchat.engine.simulation.schemas import Province, Truth
from thucchat.web.org.models import Unit
from thucchat.web.people.models import Staff
from thucchat.web.ratings.models import Rating, Recovered, Run
from thucchat.web.ratings.models.ratings import GROUPS
from thucchat.web.ratings.queries.inputs import grown_pupils

Fields = dict[tuple[str, int], set[str]]  # by kind and key (staff or unit)


def hold_against_truth(
    run: Run, province: Province, truth: Truth, codes: Mapping[str, str]
) -> list[Recovered]:
    """Store how well the progress of every kind in `run` agrees with the truth; `codes` as for the run."""
    compared = _compared(run, true_answers(province, truth), _fields(run, codes))
    several = compared.filter(pl.len().over("kind") > 1)
    rows = [
        Recovered(
            run=run,
            kind=one.kind,
            count=one.count,
            true_spread=one.true_spread,
            ratio=one.ratio,
            correlation=None if isnan(one.correlation) else one.correlation,
            within=one.within,
        )
        for one in recoveries(several)
    ]
    return Recovered.objects.bulk_create(rows)


def _fields(run: Run, codes: Mapping[str, str]) -> Fields:
    """In which fields each was estimated."""
    fields: Fields = defaultdict(set)
    for field, code in codes.items():
        whole = grown_pupils(run.campaign, field, code).drop_nulls(["start", "end"])
        for kind, column in GROUPS.items():
            for key in whole[column].unique().to_list():
                fields[str(kind), key].add(field)
    return fields


def _compared(run: Run, true: pl.DataFrame, fields: Fields) -> pl.DataFrame:
    """COMPARED: everybody's progress, and the mean truth of the fields it was estimated in."""
    known = {(kind, code, field): value for kind, code, field, value in true.iter_rows()}
    units = dict(Unit.objects.values_list("pk", "code"))
    staff = dict(Staff.objects.values_list("pk", "code"))
    rows = []
    for row in Rating.objects.filter(run=run):
        code = staff[row.staff_id] if row.staff_id else units[row.unit_id]
        truths = [
            known.get((row.kind, code, field)) for field in fields[row.kind, row.staff_id or row.unit_id]
        ]
        values = [value for value in truths if value is not None]
        if values and len(values) == len(truths):
            mean = sum(values) / len(values)
            rows += [
                (row.kind, "", mean, one["value"], one["error"]) for one in row.parts if _is_progress(one)
            ]
    return pl.DataFrame(rows, schema=COMPARED, orient="row")


def _is_progress(part: Mapping[str, Any]) -> bool:
    return part["code"] == "progress" and part["value"] is not None
