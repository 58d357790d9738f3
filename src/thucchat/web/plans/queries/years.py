"""School years as the targets see them: their exams are those of June of the later calendar year."""

from dataclasses import dataclass
from datetime import date

from thucchat.web.exams.models import Exam, NationalMean
from thucchat.web.org.models import SchoolYear

LAST_DAY = (5, 31)  # month and day: units are counted as they stand when lessons end
KINDS = (Exam.Kind.GRADUATION, Exam.Kind.ENTRANCE)


@dataclass(frozen=True, slots=True)
class PlanYear:
    """One school year, whether the system has kept it or knows its exams only."""

    code: str  # such as 2024-2025
    day: date  # on which units are counted
    row: SchoolYear | None

    @property
    def exam_year(self) -> int:
        """The calendar year of its exams."""
        return int(self.code[5:])


def code_of(exam_year: int) -> str:
    return f"{exam_year - 1}-{exam_year}"


def known_years(today: date) -> list[PlanYear]:
    """Years that the system has kept or holds exams or national means of, the latest first."""
    rows = {row.code: row for row in SchoolYear.objects.all()}
    exams = Exam.objects.filter(kind__in=KINDS, candidates__gt=0).order_by().values_list("year", flat=True)
    means = NationalMean.objects.order_by().values_list("year", flat=True)
    codes = rows.keys() | {code_of(year) for year in (*exams.distinct(), *means.distinct())}
    return [_year(code, rows.get(code), today) for code in sorted(codes, reverse=True)]


def chosen_year(years: list[PlanYear], wanted: str, today: date) -> PlanYear:
    """The year asked for; else the one of today, or the latest."""
    for year in years:
        if year.code == wanted:
            return year
    begun = [year for year in years if year.row and year.row.starts <= today]
    current = code_of(today.year + (today.month >= 9))
    return (begun or years or [_year(current, None, today)])[0]


def _year(code: str, row: SchoolYear | None, today: date) -> PlanYear:
    starts = row.starts if row else date(int(code[:4]), 9, 1)
    return PlanYear(code, max(starts, min(today, date(int(code[5:]), *LAST_DAY))), row)
