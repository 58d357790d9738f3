"""Graduation and grade-10 entrance exams of the simulated pupils. Scores are in points, 0-10.

Abilities decide, with luck, who stands where; the paper decides the mean. Each graduation paper is made as
hard as it needs to be for the mean that Điện Biên had in that year (regulations §13.2), among those who sat
it. Means marked “assumed”, and those of the entrance exam, are ours.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.simulation.rolls import Flags, Floats
from thucchat.engine.simulation.schemas import (
    ENTRANCE,
    FIELDS,
    GRADUATION,
    GRADUATION_PAPERS,
    SCORE,
    ExamResults,
    Province,
    Truth,
)
from thucchat.engine.simulation.years import FIRST_YEARS, year_code

COUNCIL = "62"  # exam code of Điện Biên until 2025
RELIABILITY = 0.8  # of one paper
ABSENT = 0.004
TO_THIRD = {"toan": 0.2, "ngoai_ngu": 0.2}  # step of a score until 2024; others 0.25
FROM_2025 = {"van": 0.25, "ngoai_ngu": 0.25}  # and from 2025; others 0.05
SPREAD = {"toan": 1.8, "van": 1.2, "ngoai_ngu": 1.35, "li": 1.45, "hoa": 1.5, "sinh": 1.3, "su": 1.5,
          "dia": 1.3, "gdkt_pl": 1.25, "tin_hoc": 1.4, "giao_duc_cong_dan": 1.2}  # fmt: skip
SPREAD_2025 = {"toan": 1.4, "ngoai_ngu": 1.5, "su": 1.7, "dia": 1.7, "li": 1.6, "hoa": 1.75}
OTHER_SPREAD = 1.2
MEANS = {
    2023: {"toan": 5.11, "van": 6.71, "ngoai_ngu": 4.11, "li": 6.19, "hoa": 6.69, "sinh": 6.33,
           "su": 5.91, "dia": 6.15, "giao_duc_cong_dan": 7.59},
    2024: {"toan": 5.28, "van": 6.57, "ngoai_ngu": 4.13, "li": 6.26, "hoa": 6.64, "sinh": 6.12,
           "su": 6.32, "dia": 7.04, "giao_duc_cong_dan": 7.57},
    2025: {"toan": 3.87, "van": 6.80, "ngoai_ngu": 5.44, "li": 6.46, "hoa": 5.61, "sinh": 5.05,
           "su": 6.35, "dia": 6.59, "gdkt_pl": 6.82, "tin_hoc": 5.35, "cn_nong_nghiep": 7.77,
           "cn_cong_nghiep": 7.91, "giao_duc_cong_dan": 7.0},  # the last is assumed
}  # fmt: skip
FREE = {2023: 0.12, 2024: 0.13, 2025: 0.087}  # free candidates, as a share of the school leavers
FREE_SITS, FREE_HANDICAP = 0.45, 0.5
FIELD_OF = {"toan": "TOAN", "van": "VAN", "ngoai_ngu": "NN", "li": "LI", "hoa": "HOA", "sinh": "SINH",
            "su": "SU", "dia": "DIA", "gdkt_pl": "GDCD", "giao_duc_cong_dan": "GDCD", "tin_hoc": "TIN",
            "cn_cong_nghiep": "LI", "cn_nong_nghiep": "SINH"}  # fmt: skip
NATURAL_PAPERS, SOCIAL_PAPERS = ("li", "hoa", "sinh"), ("su", "dia", "giao_duc_cong_dan")
NATURAL_SHARE = 0.17  # of the leavers until 2024
# How gladly a paper is chosen in 2025, beside the others that a class offers.
LIKED = {"su": 3.2, "dia": 3.4, "gdkt_pl": 1.0, "li": 1.6, "hoa": 1.6, "sinh": 0.8, "ngoai_ngu": 0.33,
         "tin_hoc": 0.01, "cn_nong_nghiep": 0.08, "cn_cong_nghiep": 0.01}  # fmt: skip
CLASS_FIELD = {"DIA": "dia", "GDCD": "gdkt_pl", "LI": "li", "HOA": "hoa", "SINH": "sinh", "TIN": "tin_hoc",
               "CNCN": "cn_cong_nghiep", "CNNN": "cn_nong_nghiep"}  # fmt: skip
CENTRE_PAPERS = ("su", "dia", "gdkt_pl", "sinh", "cn_nong_nghiep")
ENTRANCE_PAPERS = {"toan": ("TOAN", 4.6, 1.9), "van": ("VAN", 5.7, 1.5), "ngoai_ngu": ("NN", 4.2, 1.6)}
APPLIES_ANYWAY = 0.35  # of those who do not go on to an upper-secondary school


def simulate_exam_results(
    province: Province, truth: Truth, rng: np.random.Generator, year: int
) -> ExamResults:
    """The exams of June of `year`, taken by those who finished grades 12 and 9 in it.

    Raises:
        InvalidInput: `simulation.year` when it is not simulated, or its means are not known.
    """
    if year - 1 not in FIRST_YEARS or year not in MEANS:
        known = f"{min(MEANS)} đến {max(MEANS)}"
        raise InvalidInput("simulation.year", f"Không có kỳ thi năm {year}; chỉ có {known}.", year=year)
    return ExamResults(_graduation(province, truth, rng, year), _entrance(province, truth, rng, year))


def _leavers(province: Province, truth: Truth, grade: int, year: int) -> pl.DataFrame:
    """Pupils at the end of `grade`, sorted by code: school, district, class, abilities of that day."""
    code = year_code(year - 1)
    classes = province.classes.filter((pl.col("school_year") == code) & (pl.col("grade") == grade))
    abilities = truth.abilities.filter(
        (pl.col("school_year") == code) & (pl.col("grade") == grade) & (pl.col("moment") == "end")
    )
    districts = province.units.select(pl.col("code").alias("school_code"), "district_code")
    return (
        province.enrolments.filter(pl.col("end_reason").is_in(["graduated", "completed"]))
        .join(classes, left_on="class_code", right_on="code")
        .join(districts, on="school_code")
        .join(abilities.drop("school_year", "grade", "moment"), on="pupil_code")
        .select("pupil_code", "school_code", "district_code", "level", "combination", *FIELDS)
        .sort("pupil_code")
    )


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Who sits a graduation exam. Arrays are by candidate."""

    frame: pl.DataFrame  # pupil_code, school_code, district_code, candidate_type, combination
    abilities: Floats  # (candidates, fields), mean 0 and spread 1 among the leavers
    free: Flags
    centre: Flags


def _graduation(province: Province, truth: Truth, rng: np.random.Generator, year: int) -> pl.DataFrame:
    candidates = _candidates(_leavers(province, truth, 12, year), rng, year)
    sits = _sits_2025(candidates, rng) if year >= 2025 else _sits_before(candidates, rng)
    columns = {
        name: pl.Series(name, [None] * len(candidates.free), dtype=SCORE) for name in GRADUATION_PAPERS
    }
    for paper, mean in MEANS[year].items():
        chosen = sits[paper] & (rng.random(len(candidates.free)) >= ABSENT)
        ability = candidates.abilities[:, FIELDS.index(FIELD_OF[paper])]
        columns[paper] = _paper(paper, ability, chosen, year=year, mean=mean, rng=rng)
    frame = candidates.frame.drop("combination").with_columns(*columns.values(), pl.lit("").alias("sbd"))
    return _with_numbers(frame.sort("district_code", "school_code", maintain_order=True), GRADUATION)


def _candidates(leavers: pl.DataFrame, rng: np.random.Generator, year: int) -> _Candidates:
    """School leavers, then free candidates: weaker, of no class, registered where some leaver is."""
    size, extra = len(leavers), round(FREE[year] * len(leavers))
    rows = np.concatenate([np.arange(size), rng.integers(size, size=extra)])
    free = np.arange(size + extra) >= size
    abilities = leavers.select(FIELDS).to_numpy().astype(float)
    abilities = (abilities - abilities.mean(axis=0)) / abilities.std(axis=0)
    centre = (leavers["level"] == "GDTX").to_numpy()[rows]
    drawn = leavers[rows].select("pupil_code", "school_code", "district_code", "combination")
    frame = drawn.with_columns(
        pl.when(~pl.Series(free)).then("pupil_code").alias("pupil_code"),
        pl.Series("candidate_type", np.where(free, "free", np.where(centre, "gdtx", "school"))),
    )
    return _Candidates(frame, abilities[rows] - FREE_HANDICAP * free[:, None], free, centre & ~free)


def _sits_before(candidates: _Candidates, rng: np.random.Generator) -> dict[str, Flags]:
    """Until 2024: three compulsory papers, and one of the two combined papers."""
    count = len(candidates.free)
    science = candidates.abilities[:, FIELDS.index("LI")] + rng.normal(0, 1.2, count)
    natural = (science > np.quantile(science, 1 - NATURAL_SHARE)) & ~candidates.centre
    sits = {"toan": np.ones(count, bool), "van": np.ones(count, bool), "ngoai_ngu": ~candidates.centre}
    sits |= dict.fromkeys(NATURAL_PAPERS, natural) | dict.fromkeys(SOCIAL_PAPERS, ~natural)
    sits["giao_duc_cong_dan"] = ~natural & ~candidates.centre
    return {paper: who & (~candidates.free | (rng.random(count) < FREE_SITS)) for paper, who in sits.items()}


def _sits_2025(candidates: _Candidates, rng: np.random.Generator) -> dict[str, Flags]:
    """From 2025: mathematics, literature and two of the papers that the class studied."""
    count, papers = len(candidates.free), list(LIKED)
    offered = np.zeros((count, len(papers)), bool)
    offered[:, [papers.index("su"), papers.index("ngoai_ngu")]] = True
    combinations = candidates.frame["combination"].fill_null("")
    for field, paper in CLASS_FIELD.items():
        offered[:, papers.index(paper)] = combinations.str.split("+").list.contains(field).to_numpy()
    offered[candidates.centre] = [paper in CENTRE_PAPERS for paper in papers]
    offered[candidates.free] = [paper in {"su", "dia", "li", "hoa", "sinh"} for paper in papers]
    glad = np.log(list(LIKED.values())) + rng.gumbel(size=offered.shape)
    glad[:, papers.index("ngoai_ngu")] += 0.7 * candidates.abilities[:, FIELDS.index("NN")]
    order = np.argsort(-np.where(offered, glad, -np.inf), axis=1)[:, :2]
    sits = {paper: (order == index).any(axis=1) for index, paper in enumerate(papers)}
    sits["giao_duc_cong_dan"] = candidates.free & (rng.random(count) < 0.3)
    return sits | {"toan": np.ones(count, bool), "van": np.ones(count, bool)}


def _paper(
    paper: str, ability: Floats, chosen: Flags, *, year: int, mean: float, rng: np.random.Generator
) -> pl.Series:
    """Scores of one paper, as hard as gives `mean`; null for those who did not sit."""
    luck = rng.standard_normal(len(ability))
    standing = np.sqrt(RELIABILITY) * ability + np.sqrt(1 - RELIABILITY) * luck
    spread = SPREAD.get(paper, OTHER_SPREAD)
    step = TO_THIRD.get(paper, 0.25)
    if year >= 2025:
        spread, step = SPREAD_2025.get(paper, spread), FROM_2025.get(paper, 0.05)
    easy, hard = 20.0, -20.0
    for _ in range(30 if chosen.any() else 0):
        middle = (easy + hard) / 2
        too_easy = _scores(spread * standing[chosen] + middle, step).mean() > mean
        easy, hard = (middle, hard) if too_easy else (easy, middle)
    return _as_decimals(paper, _scores(spread * standing + hard, step), chosen)


def _scores(points: Floats, step: float) -> Floats:
    """On the scale, at whole steps."""
    return np.clip(np.round(points / step) * step, 0, 10)


def _as_decimals(name: str, points: Floats, chosen: Flags) -> pl.Series:
    written = pl.Series(name, np.round(points * 100).astype(np.int64)).cast(pl.Decimal(12, 2)) / 100
    return pl.select(pl.when(pl.Series(chosen)).then(written.cast(SCORE)).alias(name)).to_series()


def _with_numbers(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    numbers = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)
    return frame.with_columns((pl.lit(COUNCIL) + numbers).alias("sbd")).match_to_schema(schema)


def _entrance(province: Province, truth: Truth, rng: np.random.Generator, year: int) -> pl.DataFrame:
    leavers = _leavers(province, truth, 9, year)
    next_grade = (pl.col("grade") == 10) & (pl.col("school_year") == year_code(year))
    admitted = (
        province.enrolments.filter(pl.col("start_reason") == "admitted")
        .join(province.classes.filter(next_grade), left_on="class_code", right_on="code")
        .select("pupil_code", pl.col("school_code").alias("admitted_code"), pl.col("level").alias("to"))
    )
    leavers = leavers.join(admitted, on="pupil_code", how="left", maintain_order="left")
    leavers = leavers.filter(_applies(leavers, rng))
    columns = [_entrance_paper(paper, leavers, rng) for paper in ENTRANCE_PAPERS]
    frame = leavers.select("pupil_code", "school_code", "district_code", "admitted_code")
    frame = frame.with_columns(*columns, pl.lit("").alias("sbd"))
    return _with_numbers(frame.sort("district_code", "school_code", maintain_order=True), ENTRANCE)


def _applies(leavers: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    """Those who go on to THPT; a part of the others; where the next year is unknown, the abler ones."""
    chance = rng.random(len(leavers))
    if leavers["admitted_code"].null_count() == len(leavers):
        standing: NDArray[np.float64] = leavers["TOAN"].rank().to_numpy() / len(leavers)
        return pl.Series(standing + 0.6 * (chance - 0.5) > 0.25)
    return (leavers["to"] == "THPT").fill_null(value=False) | pl.Series(chance < APPLIES_ANYWAY)


def _entrance_paper(paper: str, leavers: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    field, mean, spread = ENTRANCE_PAPERS[paper]
    ability = leavers[field].to_numpy().astype(float)
    ability = (ability - ability.mean()) / ability.std()
    luck = rng.standard_normal(len(ability))
    standing = np.sqrt(RELIABILITY) * ability + np.sqrt(1 - RELIABILITY) * luck
    sat = rng.random(len(ability)) >= ABSENT
    return _as_decimals(paper, _scores(mean + spread * standing, 0.25), sat)
