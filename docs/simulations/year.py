"""What the surveys of a year tell of districts, schools and teachers, against the truth of the simulation.

Run: python docs/simulations/year.py [SCALE] [PROVINCES]
"""

import sys
from collections import defaultdict
from datetime import date

import numpy as np
import polars as pl

from thucchat.engine.growth.valueadded import Request, effects_frame, fit_growth
from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.surveys import ERROR, PAPERS, SPREAD, Survey, simulate_survey

FORMULA = "end ~ start + factor(grade) + (1 | district) + (1 | school) + (1 | teacher)"
START, END = Survey(2024, "start", date(2024, 9, 16)), Survey(2024, "end", date(2025, 4, 21))
NORMAL_90 = 1.645


def recovered(scale: float, seed: int) -> pl.DataFrame:
    """Effects of every field beside their truth, in points and about the mean of their kind and field."""
    province, truth = simulate_province(scale, seed)
    rng = np.random.default_rng(seed)
    start, end = (simulate_survey(province, truth, one, rng) for one in (START, END))
    found = []
    for paper, field in PAPERS.items():
        codes = province.subjects.filter(pl.col("field") == field)["code"].implode()
        teaching = province.assignments.filter(
            pl.col("subject_code").is_in(codes)
            & (pl.col("valid_from") <= START.day)
            & (pl.col("valid_to").is_null() | (pl.col("valid_to") > END.day))
        ).select("class_code", pl.col("staff_code").alias("teacher"))
        names = {"school": "school_code", "district": "district_code", "start": paper}
        frame = (
            start.select("pupil_code", "class_code", "grade", **names)
            .join(end.select("pupil_code", end=paper), on="pupil_code")
            .join(teaching.unique("class_code"), on="class_code")
            .drop_nulls()
            .with_columns(
                pl.col("start", "end").cast(pl.Float64), error=pl.lit(ERROR), grade=pl.col("grade").cast(str)
            )
        )
        growth = fit_growth(frame, Request(FORMULA, prior_errors={"start": "error"}))
        true = truth.effects.filter(pl.col("field") == field).select(
            group="kind", level="code", true=pl.col("effect") * SPREAD
        )
        both = effects_frame(growth).join(true, on=["group", "level"])
        found.append(
            both.with_columns(pl.col("true", "estimate") - pl.col("true", "estimate").mean().over("group"))
        )
    return pl.concat(found)


def main(scale: float, provinces: int) -> None:
    """Print the table as Markdown."""
    rows = defaultdict(list)
    for seed in range(1, provinces + 1):
        for group, *values in recovered(scale, seed).select("group", "true", "estimate", "se").iter_rows():
            rows[group].append(values)
    print("| kind | effects | true spread | error stated / true | correlation | within 90 %, % |")
    print("| --- | --- | --- | --- | --- | --- |")
    for group in ("district", "school", "teacher"):
        true, estimate, se = np.array(rows[group]).T
        off = estimate - true
        ratio = float(np.sqrt((se**2).mean() / (off**2).mean()))
        inside = 100 * (abs(off) <= NORMAL_90 * se).mean()
        alike = np.corrcoef(true, estimate)[0, 1]
        print(f"| {group} | {len(true)} | {true.std():.2f} | {ratio:.2f} | {alike:.2f} | {inside:.1f} |")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(float(arguments[0]) if arguments else 0.3, int(arguments[1]) if len(arguments) > 1 else 5)
