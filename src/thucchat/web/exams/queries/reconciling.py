"""Whether every paper of every candidate is accounted for, school by school."""

from dataclasses import dataclass

import polars as pl

from thucchat.web.exams.models import Absence, Campaign, Exam
from thucchat.web.org.models import Unit
from thucchat.web.shared.frames import copy_out
from thucchat.web.shared.scope import END, below

UNKNOWN = "(không rõ trường)"
# A paper is a candidate and a sitting of his exam. The tables are read one by one and joined here: behind the
# lock the planner takes any of them for a few rows.
CANDIDATES = """
SELECT c.id, c.pupil_id, s.school_id FROM exams_candidate c JOIN exams_site s ON s.id = c.site_id
WHERE c.exam_id = %s AND c.removed_for = '' AND c.unit_path >= %s AND c.unit_path < %s
"""
RESULTS = """
SELECT pupil_id, school_id, array_to_string(scores, ',', '') FROM exams_examresult
WHERE exam_id = %s AND unit_path >= %s AND unit_path < %s ORDER BY sbd
"""
LISTED = pl.Schema({"id": pl.Int64(), "pupil_id": pl.Int64(), "school_id": pl.Int64()})
SCORED = pl.Schema({"pupil_id": pl.Int64(), "school_id": pl.Int64(), "codes": pl.String()})
COUNTS = ("listed", "papers", "scored", "absent", "contradicted", "strangers")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One school. Whoever is on the list has a score, or a reason for having none, in every paper."""

    school_id: int | None  # none: results whose school is not known
    name: str
    listed: int  # candidates
    papers: int  # that they should have written
    scored: int
    absent: int  # papers absent, exempt or cancelled
    contradicted: int  # papers with a score though reported absent
    strangers: int  # results of nobody on the list, or a second one of somebody

    @property
    def unexplained(self) -> int:
        """Papers with neither a score nor an absence."""
        return self.papers - self.scored - self.absent

    @property
    def is_settled(self) -> bool:
        return not (self.unexplained or self.contradicted or self.strangers)


def reconciliation(campaign: Campaign, path: str) -> list[Reconciled]:
    """Schools at and below `path` in the order of their names; none before the list is frozen."""
    if campaign.listed_on is None:
        return []
    parts = [part for exam in campaign.exams.all() for part in _of_exam(exam, path)]
    sums = pl.concat(parts, how="diagonal").group_by("school_id").agg(pl.col(COUNTS).sum())
    names = dict(
        Unit.objects.filter(pk__in=sums["school_id"].drop_nulls().to_list()).values_list("pk", "name")
    )
    counted = {row[0]: row[1:] for row in sums.iter_rows()}
    return [
        Reconciled(key, names.get(key, UNKNOWN), *counted[key]) for key in [*names, None] if key in counted
    ]


def _of_exam(exam: Exam, path: str) -> list[pl.DataFrame]:
    """COUNTS by school: of the candidates, then of results that are nobody's on the list."""
    values = [exam.pk, path, path + END]
    candidates = copy_out(CANDIDATES, LISTED, values)
    results = copy_out(RESULTS, SCORED, values).with_row_index("row")
    own = results.join(candidates.select("pupil_id"), on="pupil_id", how="semi").unique(
        "pupil_id", keep="first"
    )
    papers = candidates.join(own.select("pupil_id", "codes"), on="pupil_id", how="left")
    codes = pl.col("codes").str.split(",")
    absences = _absences(exam, path)
    told = [
        (
            codes.list.get(exam.subjects.index(subject), null_on_oob=True).cast(pl.Int16, strict=False),
            pl.col("id").is_in(absences.get(sitting, [])),
        )
        for sitting, subject in exam.sittings.values_list("pk", "subject")
        if subject in exam.subjects
    ]
    counted = papers.select(
        "school_id",
        listed=pl.lit(1),
        papers=pl.lit(len(told)),
        scored=_count([code >= 0 for code, _ in told]),
        absent=_count([(code < 0) | (code.is_null() & is_absent) for code, is_absent in told]),
        contradicted=_count([(code >= 0) & is_absent for code, is_absent in told]),
    )
    strangers = results.join(own, on="row", how="anti").select("school_id", strangers=pl.lit(1))
    return [counted, strangers]


def _count(conditions: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(pl.lit(0), *(one.fill_null(value=False).cast(pl.Int32) for one in conditions))


def _absences(exam: Exam, path: str) -> dict[int, list[int]]:
    """Keys of the candidates reported absent, by sitting."""
    found: dict[int, list[int]] = {}
    rows = Absence.objects.filter(below(path), sitting__exam=exam)
    for sitting, candidate in rows.values_list("sitting", "candidate"):
        found.setdefault(sitting, []).append(candidate)
    return found
