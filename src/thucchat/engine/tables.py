"""What families hand to each other: frame schemas, and the results that pages and documents print.

Scores are on the 0-10 scale. Whole numbers named `hundredths` are scores times 100, so sums stay exact.
"""

from dataclasses import dataclass

import polars as pl

# One row per candidate and subject. `group` is a school, district, year...; "" when nothing is compared.
# `score` is null unless `state` is "scored"; the other states are those of STATES.
SCORES = pl.Schema(
    {
        "candidate": pl.String(),
        "group": pl.String(),
        "subject": pl.String(),
        "score": pl.Decimal(4, 2),
        "state": pl.String(),
    }
)
STATES = ("scored", "absent", "exempt", "cancelled")

# How many candidates have each score: all that distributions need, and it adds up over groups.
SCORE_COUNTS = pl.Schema(
    {
        "group": pl.String(),
        "subject": pl.String(),
        "state": pl.String(),
        "hundredths": pl.Int64(),  # null unless state is "scored"
        "count": pl.Int64(),
    }
)

# Candidates in each group, whatever they sat.
GROUP_SIZES = pl.Schema({"group": pl.String(), "candidates": pl.Int64()})

# Published means of a subject in a province and year.
PROVINCE_MEANS = pl.Schema(
    {
        "year": pl.Int64(),
        "province": pl.String(),
        "subject": pl.String(),
        "count": pl.Int64(),
        "mean": pl.Float64(),
    }
)


@dataclass(frozen=True, slots=True)
class Quantile:
    """The score below which a share of candidates lies (linear interpolation, type 7)."""

    share: float  # 0-1
    score: float  # points


@dataclass(frozen=True, slots=True)
class Distribution:
    """Scores of one subject in one group of candidates. Statistics are None when nobody sat."""

    subject: str  # as the source calls it
    label: str  # as people call it
    count: int  # candidates with a score
    total: int  # sum of the scores, in hundredths
    mean: float | None  # points
    sd: float | None  # points, of a sample (n - 1); None below 2 candidates
    mean_low: float | None  # 95 % interval of the mean (Student), points
    mean_high: float | None
    minimum: float | None
    q1: float | None
    median: float | None
    q3: float | None
    maximum: float | None
    mode: float | None  # the most frequent score, the lowest of several
    quantiles: tuple[Quantile, ...]
    below_5: int  # candidates, as all shares below
    from_8: int
    at_most_1: int  # "điểm liệt"
    zero: int
    ten: int
    absent: int
    exempt: int
    cancelled: int
    bin_width: int  # hundredths
    bins: tuple[int, ...]  # candidates in [k width, (k + 1) width); the last bin is 10 alone
    by_point: tuple[int, ...]  # candidates in [0, 1), [1, 2), ... [9, 10]


@dataclass(frozen=True, slots=True)
class GroupResults:
    """Results of one school, district, class or year."""

    name: str
    candidates: int
    subjects: tuple[Distribution, ...]  # in the order of the whole


@dataclass(frozen=True, slots=True)
class Gap:
    """Highest group mean minus lowest, in one subject."""

    subject: str
    label: str
    top: str
    top_mean: float  # points
    bottom: str
    bottom_mean: float  # points
    gap: float  # points
    target: float  # points
    met: bool  # gap at most the target, compared exactly
    compared: int  # groups with enough candidates
    left_out: tuple[str, ...]  # groups with too few candidates to compare


@dataclass(frozen=True, slots=True)
class SubjectStanding:
    """A province among all in one subject of one year."""

    subject: str  # as the source calls it
    label: str  # as people call it
    count: int
    mean: float  # points
    rank: int  # 1 is the highest mean; equal means share the better rank
    of: int  # provinces with that subject


@dataclass(frozen=True, slots=True)
class YearStanding:
    """A province among all in one year, over all subject results."""

    year: int
    mean: float  # points, mean of all subject results
    national_mean: float  # points, same definition, over all provinces
    rank: int
    of: int
    gained: int | None  # places won since the year before (negative: lost); None without that year
    mean_change: float | None  # points since the year before
    met: bool | None  # whether the target was met; None without a target or a year before
    subjects: tuple[SubjectStanding, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A province among all over the years."""

    province: str
    target: str  # as asked, such as "+3"; "" without one
    years: tuple[YearStanding, ...]
    absent_years: tuple[int, ...]  # years of the table that lack the province


@dataclass(frozen=True, slots=True)
class IgnoredColumn:
    """A column of the source that was not read as scores, and why."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResultsReport:
    """Everything a page, a document or an export prints about one set of results; computed once."""

    title: str
    year: int | None
    source: str  # file or exam
    fingerprint: str  # SHA-256 of the data
    version: str  # of the program
    bin_rule: str  # which rule set the bins
    candidates: int
    subjects: tuple[Distribution, ...]
    grouped_by: str  # heading of the compared column; "" when nothing is compared
    groups: tuple[GroupResults, ...]
    gaps: tuple[Gap, ...]
    ignored: tuple[IgnoredColumn, ...]
    warnings: tuple[str, ...]
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One answer to an item, as a report on items shows it."""

    answer: str  # "" where nothing was answered
    count: int
    share: float  # of those presented the item
    by_third: tuple[float, float, float]  # share in the weakest, middle and strongest third
    right: bool


@dataclass(frozen=True, slots=True)
class ItemCard:
    """One item, explained."""

    item: str
    outcome: str  # code of the learning outcome, "" when not given
    count: int  # pupils
    difficulty: float  # mean as a share of the highest score
    item_rest: float  # correlation with the other items
    answers: tuple[ItemAnswer, ...]
    verdict: str  # one word or two, as a heading
    urgency: int  # 0 nothing to do, 1 worth a look, 2 look before the item is used or counted
    finding: str  # a plain sentence
    advice: tuple[str, ...]  # what to do: for the teacher, then for the item's writer


@dataclass(frozen=True, slots=True)
class OutcomeCard:
    """The items of one learning outcome together."""

    outcome: str  # code
    text: str  # what the pupil should be able to do; "" when not given
    items: tuple[str, ...]
    achieved: float  # share of the points
    finding: str


@dataclass(frozen=True, slots=True)
class ItemReport:
    """Everything a report on items prints; computed once."""

    title: str
    source: str
    version: str  # of the program
    pupils: int
    alpha: float | None  # None when it could not be computed
    error: float | None  # standard error of measurement, points
    mean: float | None  # points
    highest: float  # points
    summary: str
    items: tuple[ItemCard, ...]
    outcomes: tuple[OutcomeCard, ...]
    caveats: tuple[str, ...]
