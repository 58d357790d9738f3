"""How many pupils of a class's target were measured, at the start and now, and how many reached it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

import polars as pl
from django.db.models import Q

from thucchat.engine.planning.standing import error_of_count
from thucchat.engine.planning.surveys import annex_of
from thucchat.web.exams.actions.campaigns import result_code
from thucchat.web.exams.models import Campaign
from thucchat.web.org.models import SchoolYear
from thucchat.web.quality.models import Target
from thucchat.web.quality.models.acceptances import MOST_MISSING
from thucchat.web.shared.frames import copy_out
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for

LAST_TAUGHT = (5, 31)  # month and day, where no end survey is planned; Khung kế hoạch thời gian năm học
MEASURED = pl.Schema(
    {
        "target_id": pl.Int64(),
        "aim": pl.Int16(),
        "threshold": pl.Int16(),  # this and the scores in hundredths; null: not measured
        "start": pl.Int16(),
        "now": pl.Int16(),
    }
)
CHAIN = tuple(
    "__".join(["parent"] * up) or "pk" for up in range(5)
)  # class, team, school, district, province
SCORE = "NULLIF(GREATEST({0}r.scores[array_position({0}x.subjects::text[], f.code)], -1), -1)"
QUERY = f"""
SELECT t.id, u.aim, t.threshold, {SCORE.format("s")}, {SCORE.format("n")}
FROM quality_target t
JOIN unnest(%(fields)s::text[], %(codes)s::text[]) AS f (field, code) ON f.field = t.field
JOIN people_schoolclass c ON c.id = t.school_class_id
CROSS JOIN LATERAL unnest(t.pupil_ids, t.aims) AS u (pupil, aim)
JOIN people_enrolment e ON e.pupil_id = u.pupil AND e.days @> %(day)s::date
LEFT JOIN exams_exam sx ON sx.campaign_id = %(start)s AND sx.grade = c.grade
LEFT JOIN exams_examresult sr ON sr.exam_id = sx.id AND sr.pupil_id = u.pupil
LEFT JOIN exams_exam nx ON nx.campaign_id = %(now)s AND nx.grade = c.grade
LEFT JOIN exams_examresult nr ON nr.exam_id = nx.id AND nr.pupil_id = u.pupil
WHERE t.id = ANY (%(targets)s::bigint[])
"""  # noqa: S608  the parts are ours


@dataclass(frozen=True, slots=True)
class Counts:
    """Pupils of one target, or of several together; variances are of the counts of those who reached it."""

    asked: int = 0  # who are still there
    aims: int = 0  # of those, who are to reach it
    began: int = 0  # measured at the start
    began_reached: int = 0
    began_variance: float = 0.0
    known: int = 0  # measured now
    reached: int = 0
    variance: float = 0.0

    def __add__(self, other: "Counts") -> "Counts":
        mine, others = asdict(self), asdict(other)
        return Counts(**{name: value + others[name] for name, value in mine.items()})

    @property
    def shown_began(self) -> int | None:
        """Who reached it at the start; None where nobody was measured then."""
        return self.began_reached if self.began else None

    @property
    def shown_reached(self) -> int | None:
        """Who reaches it now; None where nobody was measured."""
        return self.reached if self.known else None

    @property
    def is_measured(self) -> bool:
        """Whether enough of the pupils have a result to say anything."""
        return bool(self.known) and self.asked - self.known <= MOST_MISSING * self.asked


@dataclass(frozen=True, slots=True)
class Surveys:
    """The survey that tells where targets stand, the one they started from, and how far the year had gone."""

    now: Campaign
    start: Campaign | None
    part: float  # 0 … 1 of the time from the start survey to the end survey


def surveys_by(year: SchoolYear, day: date) -> Surveys | None:
    """The latest survey of the year that was closed by `day` and tells its error; none before the first."""
    every = list(Campaign.objects.filter(school_year=year).order_by("opens_on"))
    closed = [one for one in every if one.state == Campaign.State.CLOSED and one.error is not None]
    past = [one for one in closed if one.closes_on <= day]
    if not past:
        return None
    now = past[-1]
    start = next((one for one in past if one.moment == Campaign.Moment.START), None)
    end = next((one.opens_on for one in every if one.moment == Campaign.Moment.END), None)
    last = end or date(year.ends.year, *LAST_TAUGHT)
    first = start.opens_on if start else now.opens_on
    whole = (last - first).days
    part = min(1.0, (now.opens_on - first).days / whole) if whole > 0 else 1.0
    return Surveys(now, start, part)


def counts_of(keys: list[int], surveys: Surveys) -> dict[int, Counts]:
    """By key of a target counted in pupils, of any level: what the classes at or below it count together.

    A target whose pupils have all left has none.
    """
    at_or_below = Q(*((f"{name}__in", keys) for name in CHAIN), _connector=Q.OR)
    classes = Target.objects.exclude(school_class=None).filter(at_or_below, measure=Target.Measure.SHARE)
    rows = list(classes.values_list("field", *CHAIN))
    above = {pk: chain for _, pk, *chain in rows}
    wanted, found = set(keys), defaultdict[int, Counts](Counts)
    for key, counts in _of_classes(list(above), {field for field, *_ in rows}, surveys).items():
        for line in wanted.intersection((key, *above[key])):
            found[line] += counts
    return found


def _of_classes(keys: list[int], fields: Collection[str], surveys: Surveys) -> dict[int, Counts]:
    plan = annex_of(surveys.now.annex.split(" ")[0])
    papers = (paper for level in plan.levels for paper in level.papers if paper.field in fields)
    codes = {paper.field: result_code(paper) for paper in papers}
    values = {
        "fields": list(codes),
        "codes": list(codes.values()),
        "day": surveys.now.opens_on,
        "start": surveys.start.pk if surveys.start else None,
        "now": surveys.now.pk,
        "targets": keys,
    }
    with acting_for(Scope(WHOLE_PROVINCE)):  # a pupil who moved is counted alike, whoever asks
        frame = copy_out(QUERY, MEASURED, values)
    parts = frame.partition_by("target_id", as_dict=True)
    return {int(key[0]): _of_class(part, surveys) for key, part in parts.items()}


def _of_class(part: pl.DataFrame, surveys: Surveys) -> Counts:
    threshold = part["threshold"][0]
    began, began_reached, began_variance = _reached(part["start"], threshold, surveys.start)
    known, reached, variance = _reached(part["now"], threshold, surveys.now)
    aims = int(part["aim"].sum())
    return Counts(part.height, aims, began, began_reached, began_variance, known, reached, variance)


def _reached(column: pl.Series, threshold: int, survey: Campaign | None) -> tuple[int, int, float]:
    """Measured, reached, and the variance of the latter from errors of measurement."""
    scores = column.drop_nulls().cast(pl.Float64).to_numpy() / 100
    if survey is None or not len(scores):
        return 0, 0, 0.0
    error = error_of_count(scores, (survey.error or 0) / 100, threshold / 100)
    return len(scores), int((scores >= threshold / 100).sum()), error**2
