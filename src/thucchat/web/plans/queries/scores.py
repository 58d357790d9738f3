"""Means of entrance and graduation exams, as fractions of whole hundredths: this year and the year before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import polars as pl

from thucchat.engine.measurement.results.subjects import SPELLINGS, subject_code
from thucchat.engine.planning.evaluation import judge_change, judge_gap
from thucchat.web.exams.models import Exam
from thucchat.web.exams.queries.results import short_name
from thucchat.web.plans.queries.measured import (
    Answers,
    Measured,
    Question,
    called,
    rounded,
    unknown,
)
from thucchat.web.plans.queries.national import published_means
from thucchat.web.plans.queries.places import Land, Place
from thucchat.web.shared.frames import copy_out

TALLIES = pl.Schema(
    {"exam": pl.Int64(), "group": pl.Int64(), "place": pl.Int64(), "total": pl.Int64(), "papers": pl.Int64()}
)
CALLED = {Exam.Kind.ENTRANCE: "tuyển sinh lớp 10", Exam.Kind.GRADUATION: "thi tốt nghiệp THPT"}
USUAL = {code: place for place, code in enumerate(SPELLINGS)}  # the order of subjects
Means = dict[str, Fraction]  # by subject, in points


@dataclass(frozen=True, slots=True)
class Tally:
    """Papers with a score, and the sum of the scores in hundredths."""

    total: int
    papers: int

    @property
    def mean(self) -> Fraction:
        return Fraction(self.total, 100 * self.papers)


Tallies = dict[int | None, dict[str, Tally]]  # by unit and subject; without a unit: of no known school


@dataclass(frozen=True, slots=True)
class _Source:
    """What tallies are read from; the same source gives the same tallies."""

    land: Land
    column: str  # school_id or area_id
    exams: tuple[tuple[int, str, tuple[str, ...]], ...]  # key, fingerprint of its results, subjects


def tallies(land: Land, kind: Exam.Kind, year: int, column: str) -> Tallies:
    """Papers of all exams of `kind` in `year`, by `column` (school_id or area_id) and subject.

    They are kept while the results and the units are the same: a board asks for them again and again.
    """
    rows = Exam.objects.filter(kind=kind, year=year).order_by("pk")
    exams = tuple((exam.pk, exam.fingerprint, tuple(exam.subjects)) for exam in rows)
    source = _Source(land, column, exams)
    return _kept(source) if all(fingerprint for _, fingerprint, _ in exams) else _read(source)


def _read(source: _Source) -> Tallies:
    subjects = {key: names for key, _, names in source.exams}
    rows = copy_out(
        f"SELECT r.exam_id, r.{source.column}, s.place, sum(s.code), count(*) FROM exams_examresult r "  # noqa: S608  our own column
        "CROSS JOIN LATERAL unnest(r.scores) WITH ORDINALITY AS s (code, place) "
        "WHERE r.exam_id = ANY (%s::bigint[]) AND s.code >= 0 GROUP BY 1, 2, 3",
        TALLIES,
        [list(subjects)],
    )
    found: Tallies = defaultdict(dict)
    for exam, group, place, total, papers in rows.iter_rows():
        heading = subjects[exam][place - 1]
        subject = subject_code(heading) or heading
        before = found[group].get(subject, Tally(0, 0))
        found[group][subject] = Tally(before.total + total, before.papers + papers)
    return dict(found)


_kept = lru_cache(maxsize=128)(_read)


def entrance_mean(question: Question) -> Answers:
    """All papers together, this year against the year before."""
    kind, year = Exam.Kind.ENTRANCE, question.year.exam_year
    now, before = (tallies(question.land, kind, one, "school_id") for one in (year, year - 1))
    return {
        place.id: _compared(question, kind, *(_whole(_sums(question, place, one)) for one in (now, before)))
        for place in question.places
    }


def graduation_mean(question: Question) -> Answers:
    """Each subject, this year against the year before.

    Where the province has not the results of both years, the published national table stands for both.
    """
    kind, year = Exam.Kind.GRADUATION, question.year.exam_year
    now, before = (tallies(question.land, kind, one, "school_id") for one in (year, year - 1))
    found = {}
    for place in question.places:
        pair = [_each(_sums(question, place, one)) for one in (now, before)]
        if place.level == "province" and not all(pair):
            pair = [published_means(one) for one in (year, year - 1)]
        found[place.id] = _compared(question, kind, *pair)
    return found


def district_gap(question: Question) -> Answers:
    """Best district mean minus last, each subject, over districts with enough papers."""
    found = tallies(question.land, Exam.Kind.ENTRANCE, question.year.exam_year, "area_id")
    names = {place.id: short_name(place.name) for place in question.land.of_level("district")}
    areas = {key: row for key, row in found.items() if key is not None}
    subjects: dict[str, dict[int, Tally]] = defaultdict(dict)
    for key, row in areas.items():
        for subject, tally in row.items():
            subjects[subject][key] = tally
    units = {subject: [(one.mean, one.papers) for one in row.values()] for subject, row in subjects.items()}
    verdict = judge_gap(question.indicator, units)
    minimum = question.indicator.minimum
    lines = [_gap_line(one, subjects[one], names, minimum) for one in in_usual_order(subjects)]
    measured = Measured(verdict, tuple(line for line in lines if line))
    if not areas:
        measured = unknown(_lacking(Exam.Kind.ENTRANCE, question.year.exam_year))
    return dict.fromkeys((place.id for place in question.places), measured)


def in_usual_order(subjects: Iterable[str]) -> list[str]:
    """Mathematics and literature first; what has no code last."""
    return sorted(subjects, key=lambda subject: (USUAL.get(subject, len(USUAL)), subject))


def _gap_line(
    subject: str, row: Mapping[int, Tally], names: Mapping[int, str], minimum: int
) -> tuple[str, str] | None:
    compared = sorted((one.mean, key) for key, one in row.items() if one.papers >= minimum)
    if len(compared) < 2:
        return None
    (low, last), (high, best) = compared[0], compared[-1]
    ends = " và ".join(
        f"{names.get(key, 'đơn vị khác')} {rounded(mean)}" for mean, key in ((high, best), (low, last))
    )
    return called(subject), f"cách nhau {rounded(high - low)} điểm: {ends}"


def _sums(question: Question, place: Place, found: Tallies) -> dict[str, Tally]:
    """Tallies of a place: of the province with those of no known school."""
    if place.level == "province":
        return _added(found.values())
    return _added(found[school.id] for school in question.land.schools(place) if school.id in found)


def _added(rows: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for row in rows:
        for subject, one in row.items():
            before = found.get(subject, Tally(0, 0))
            found[subject] = Tally(before.total + one.total, before.papers + one.papers)
    return found


def _whole(subjects: Mapping[str, Tally]) -> Means:
    papers = sum(one.papers for one in subjects.values())
    return {"": Fraction(sum(one.total for one in subjects.values()), 100 * papers)} if papers else {}


def _each(subjects: Mapping[str, Tally]) -> Means:
    return {subject: subjects[subject].mean for subject in in_usual_order(subjects)}


def _compared(question: Question, kind: Exam.Kind, now: Means, before: Means) -> Measured:
    lines = tuple((called(key), _change(mean, before.get(key))) for key, mean in now.items())
    if not now or not before:
        year = question.year.exam_year
        return unknown(_lacking(kind, year if not now else year - 1), *lines)
    return Measured(judge_change(question.indicator, now, before), lines)


def _change(now: Fraction, before: Fraction | None) -> str:
    if before is None:
        return f"{rounded(now)}; năm trước không có"
    sign = "+" if now > before else ""
    return f"{rounded(before)} → {rounded(now)} ({sign}{rounded(now - before)})"


def _lacking(kind: Exam.Kind, year: int) -> str:
    return f"Chưa có kết quả {CALLED[kind]} năm {year}; phòng khảo thí nhập ở trang Kết quả thi."
