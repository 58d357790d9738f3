"""The province among all provinces: ranks and means out of the published national table."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.national import standing
from thucchat.engine.measurement.results.subjects import subject_code
from thucchat.engine.planning.evaluation import Verdict, judge_places
from thucchat.engine.planning.indicators import Indicator
from thucchat.engine.tables import Standing
from thucchat.web.exams.models import NationalMean
from thucchat.web.exams.queries.provinces import provinces_known, wanted_province
from thucchat.web.exams.queries.results import national_means
from thucchat.web.plans.queries.measured import LABELS, Answers, Measured, Question, unknown

MISSING = "Bảng toàn quốc chưa có năm {}; phòng khảo thí nhập ở trang Kết quả thi."


@dataclass(frozen=True, slots=True)
class RankYear:
    """One year of the province in the table."""

    year: int
    rank: int
    of: int
    won: int | None  # places since the year before; None when places cannot be compared
    verdict: Verdict

    @property
    def label(self) -> str:
        return LABELS[self.verdict.status]


def own_standing() -> Standing | None:
    """Our province in every year of the table; None when it is not in it."""
    known = provinces_known()
    try:
        return standing(national_means(), wanted_province(known, "", "").province) if known else None
    except InvalidInput:
        return None


def rank_years(indicator: Indicator) -> list[RankYear]:
    """Every year of the table, the first one first."""
    found = own_standing()
    ranks = {one.year: (one.rank, one.of) for one in found.years} if found else {}
    return [_rank_year(indicator, year, ranks) for year in sorted(ranks)]


def national_rank(question: Question) -> Answers:
    """The same for everybody: a public figure of the province."""
    year = question.year.exam_year
    by_year = {one.year: one for one in rank_years(question.indicator)}
    now = by_year.get(year)
    if now is None:
        answer = unknown(MISSING.format(year))
    elif year - 1 not in by_year:
        answer = unknown(MISSING.format(year - 1), ("Thứ hạng", f"{now.rank}/{now.of}"))
    else:
        before = by_year[year - 1]
        ranks = ("Thứ hạng", f"{before.rank}/{before.of} → {now.rank}/{now.of}")
        answer = Measured(now.verdict, (ranks,))
    return dict.fromkeys((place.id for place in question.places), answer)


def published_means(year: int) -> dict[str, Fraction]:
    """Our province's published mean of each subject, in points; empty when the table has none."""
    try:
        name = wanted_province(provinces_known(), "", "").province
    except InvalidInput:
        return {}
    rows = NationalMean.objects.filter(year=year, province=name, count__gt=0).order_by("subject")
    means = rows.values_list("subject", "mean")
    # As published: the shortest decimal that the stored number stands for.
    return {subject_code(subject) or subject: Fraction(Decimal(repr(mean))) for subject, mean in means}


def _rank_year(indicator: Indicator, year: int, ranks: dict[int, tuple[int, int]]) -> RankYear:
    (rank, of), before = ranks[year], ranks.get(year - 1)
    verdict = judge_places(indicator, (rank, of), before)
    won = None if verdict.value is None else int(verdict.value)
    return RankYear(year, rank, of, won, verdict)
