"""How well estimated effects agree with the truth of the simulation. Points, 0-10.

Estimates and truth are compared from the mean of those estimated together: only differences are estimated.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.schemas import FIELDS, STRING, Province, Truth
from thucchat.engine.simulation.surveys import SPREAD

KINDS = ("district", "school", "teacher")
LEVEL, NORMAL = 0.9, 1.645  # of the intervals held against the truth, and their half width in errors
TRUE = pl.Schema({"kind": STRING, "code": STRING, "field": STRING, "true": pl.Float64()})
COMPARED = pl.Schema(
    {
        "kind": STRING,
        "together": STRING,  # of one kind, those with the same value were estimated together
        "true": pl.Float64(),
        "estimate": pl.Float64(),
        "error": pl.Float64(),
    }
)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Agreement of one kind's estimates with the truth."""

    kind: str  # of KINDS, or as the comparison names it
    count: int
    true_spread: float  # standard deviation of the true effects, points
    ratio: float  # error stated over error made, by root mean squares
    correlation: float  # of estimate and truth; NaN where the estimates or the truth do not differ
    within: float  # share within the stated intervals, 0-1; LEVEL where the stated errors are right


def true_answers(province: Province, truth: Truth) -> pl.DataFrame:
    """TRUE: what each teacher, district, and school with its district adds in a year, in points."""
    points = truth.effects.select("kind", "code", "field", true=pl.col("effect") * SPREAD)
    of_school = province.units.select("code", "district_code")
    districts = points.filter(kind="district").select("field", district_code="code", above=pl.col("true"))
    schools = (
        points.filter(kind="school")
        .join(of_school, on="code", how="left")
        .join(districts, on=["district_code", "field"], how="left")
        .with_columns(true=pl.col("true") + pl.col("above").fill_null(0.0))
    )
    rest = points.filter(pl.col("kind") != "school")
    whole = pl.concat([rest, schools.select(points.columns)])
    return (
        whole.filter(pl.col("field").is_in(list(FIELDS))).match_to_schema(TRUE).sort("kind", "code", "field")
    )


def recoveries(compared: pl.DataFrame) -> list[Recovery]:
    """Agreement by kind, in the order of first appearance. `compared` is COMPARED.

    Raises:
        InvalidInput: `recovery.few` for a kind of which fewer than two were estimated together.
    """
    group = ["kind", "together"]
    alone = compared.filter(pl.len().over(group) < 2)
    if alone.height:
        kind = alone["kind"][0]
        raise InvalidInput("recovery.few", f"Chỉ có một hiệu ứng loại “{kind}” nên không có gì để đối chiếu.")
    centred = compared.with_columns(
        pl.col("true", "estimate") - pl.col("true", "estimate").mean().over(group)
    )
    return [_recovery(str(kind), part) for (kind,), part in centred.group_by(["kind"], maintain_order=True)]


def _recovery(kind: str, part: pl.DataFrame) -> Recovery:
    true, estimate, error = (part[name].to_numpy() for name in ("true", "estimate", "error"))
    off = estimate - true
    made = float(np.sqrt(np.mean(off**2)))
    differ = np.ptp(true) > 0 and np.ptp(estimate) > 0
    return Recovery(
        kind=kind,
        count=len(true),
        true_spread=float(true.std()),
        ratio=float(np.sqrt(np.mean(error**2))) / made if made > 0 else np.nan,
        correlation=float(np.corrcoef(true, estimate)[0, 1]) if differ else np.nan,
        within=float(np.mean(np.abs(off) <= NORMAL * error)),
    )
