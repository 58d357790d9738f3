"""What the surveys of a year tell of districts, schools and teachers, against the truth of the simulation.

Run: python docs/simulations/year.py [SCALE] [PROVINCES]
"""

import sys
from collections import defaultdict
from datetime import date

import numpy as np
import polars as pl

from thucchat.engine.growth.valueadded import Growth, Request, effects_frame, fit_growth
from thucchat.engine.growth.valueadded_units import UnitEffect, mean_of_fields, unit_effects
from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.recovery import COMPARED, recoveries, true_answers
from thucchat.engine.simulation.schemas import Province, Truth
from thucchat.engine.simulation.surveys import ERROR, PAPERS, SPREAD, Survey, simulate_survey

FORMULA = "end ~ start + factor(grade) + (1 | district) + (1 | school) + (1 | teacher)"
START, END = Survey(2024, "start", date(2024, 9, 16)), Survey(2024, "end", date(2025, 4, 21))
CONDITIONAL = ", conditional"  # errors that take variances and fixed effects as known
RATED = " as rated"  # mean of the fields, and for a school with its district


def grown(province: Province, surveys: tuple[pl.DataFrame, pl.DataFrame], paper: str) -> pl.DataFrame:
    """Pupils with both results of one paper and the one teacher who taught their class all year."""
    start, end = surveys
    codes = province.subjects.filter(pl.col("field") == PAPERS[paper])["code"].implode()
    teaching = province.assignments.filter(
        pl.col("subject_code").is_in(codes)
        & (pl.col("valid_from") <= START.day)
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") > END.day))
    ).select("class_code", pl.col("staff_code").alias("teacher"))
    names = {"school": "school_code", "district": "district_code", "start": paper}
    return (
        start.select("pupil_code", "class_code", "grade", **names)
        .join(end.select("pupil_code", end=paper), on="pupil_code")
        .join(teaching.unique("class_code", maintain_order=True), on="class_code")
        .drop_nulls()
        .with_columns(
            pl.col("start", "end").cast(pl.Float64), error=pl.lit(ERROR), grade=pl.col("grade").cast(str)
        )
    )


def of_field(growth: Growth, truth: Truth, field: str) -> pl.DataFrame:
    """COMPARED: the effects of one field with both errors."""
    true = truth.effects.filter(pl.col("field") == field).select(
        group="kind", level="code", true=pl.col("effect") * SPREAD
    )
    both = effects_frame(growth).join(true, on=["group", "level"])
    wide = both.with_columns(kind="group", together=pl.lit(field))
    return pl.concat(
        [
            wide.with_columns(error="rmse").select(COMPARED.names()),
            wide.with_columns(pl.col("kind") + CONDITIONAL, error="se").select(COMPARED.names()),
        ]
    )


def as_rated(true: pl.DataFrame, found: dict[tuple[str, str], dict[str, UnitEffect]]) -> pl.DataFrame:
    """COMPARED: means over the fields, `found` being the effects by kind and code, and by field."""
    known = {(kind, code, field): value for kind, code, field, value in true.iter_rows()}
    rows = [
        (
            kind + RATED,
            "",
            float(np.mean([known[kind, code, field] for field in effects])),
            *mean_of_fields(list(effects.values())),
        )
        for (kind, code), effects in found.items()
    ]
    return pl.DataFrame(rows, schema=COMPARED, orient="row")


def recovered(scale: float, seed: int) -> pl.DataFrame:
    """COMPARED: every field's effects, and the means over the fields that a rating uses."""
    province, truth = simulate_province(scale, seed)
    rng = np.random.default_rng(seed)
    start, end = (simulate_survey(province, truth, one, rng) for one in (START, END))
    parts, found = [], defaultdict(dict)
    for paper, field in PAPERS.items():
        growth = fit_growth(
            grown(province, (start, end), paper), Request(FORMULA, prior_errors={"start": "error"})
        )
        parts.append(of_field(growth, truth, field))
        for kind, effects in unit_effects(growth, {"school": "district"}).items():
            for code, effect in effects.items():
                found[kind, code][field] = effect
    whole = pl.concat([*parts, as_rated(true_answers(province, truth), found)])
    return whole.with_columns(pl.col("together") + f" {seed}")


def main(scale: float, provinces: int) -> None:
    """Print the table as Markdown."""
    whole = pl.concat([recovered(scale, seed) for seed in range(1, provinces + 1)])
    print("| kind | effects | true spread | error stated / made | correlation | within 90 %, % |")
    print("| --- | --- | --- | --- | --- | --- |")
    for one in sorted(recoveries(whole), key=lambda one: one.kind):
        print(
            f"| {one.kind} | {one.count} | {one.true_spread:.2f} | {one.ratio:.2f} "
            f"| {one.correlation:.2f} | {100 * one.within:.1f} |"
        )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(float(arguments[0]) if arguments else 0.3, int(arguments[1]) if len(arguments) > 1 else 5)
