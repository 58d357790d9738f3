"""Candidates: which a person may see, and the results of which of them a file tells."""

import polars as pl
from django.db.models import Count, QuerySet

from thucchat.web.exams.models import Candidate, Exam, Site
from thucchat.web.org.acting import Acting
from thucchat.web.shared.frames import copy_out, whole_number
from thucchat.web.shared.scope import WHOLE_PROVINCE, below

LISTED = pl.Schema(
    {
        "sbd": pl.String(),
        "pupil_id": pl.Int64(),
        "school_id": pl.Int64(),
        "area_id": pl.Int64(),
        "unit_path": pl.String(),
    }
)
PLACES = ("pupil_id", "school_id", "area_id", "unit_path")


def sites_visible_to(acting: Acting) -> "QuerySet[Site]":
    return Site.objects.filter(below(acting.scope.path))


def candidates_visible_to(acting: Acting) -> "QuerySet[Candidate]":
    return Candidate.objects.filter(below(acting.scope.path))


def counts_of(rows: "QuerySet[Site]") -> dict[int, int]:
    """Candidates by site; a site without any has no entry."""
    listed = Candidate.objects.filter(site__in=rows.order_by(), removed_for="").order_by()
    return dict(listed.values_list("site").annotate(n=Count("pk")))


def listed(exam: Exam) -> pl.DataFrame:
    """LISTED: the candidates of `exam` in the scope that is entered."""
    return copy_out(
        "SELECT c.sbd, c.pupil_id, s.school_id, s.area_id, c.unit_path FROM exams_candidate c "
        "JOIN exams_site s ON s.id = c.site_id WHERE c.exam_id = %s AND c.removed_for = ''",
        LISTED,
        [exam.pk],
    )


def as_listed(rows: pl.DataFrame, exam: Exam, path: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` (sheet, line, sbd, PLACES, …) of candidates with the number and places of the list.

    A candidate is told by number, else by pupil. The second frame has the columns of PROBLEMS: a pupil who is
    not the one of the number and a second line of a candidate keep the file out; so does below the province a
    number that is not on the list, of which the province is only warned.
    """
    known = listed(exam)
    if known.is_empty() and path == WHOLE_PROVINCE:
        return rows, _strangers(rows.head(0), is_error=False)
    by_number = known.select(
        *(pl.col(name).alias(f"{name}_listed") for name in PLACES), number="sbd", told="sbd"
    )
    digits = known.select(pl.col("sbd").str.len_chars().max().fill_null(0)).item()
    found = rows.with_columns(number=whole_number("sbd", digits))
    found = found.join(by_number, on="number", how="left", maintain_order="left")
    numbers = known.select(pupil_id="pupil_id", by_pupil="sbd")
    found = found.join(numbers, on="pupil_id", how="left", maintain_order="left")
    found = found.with_columns(told=pl.coalesce("told", "by_pupil"))
    own = [pl.coalesce(f"{name}_listed", name).alias(name) for name in PLACES]
    lost = found.filter(pl.col("told").is_null() & pl.col("sbd").is_not_null())
    matched = found.with_columns(*own, sbd=pl.coalesce("told", "sbd")).select(rows.columns)
    problems = [_strangers(lost, is_error=path != WHOLE_PROVINCE), _others(found), _twice(found)]
    return matched, pl.concat(problems)


def _others(found: pl.DataFrame) -> pl.DataFrame:
    """Lines whose pupil is not the one listed under their number."""
    message = "Số báo danh {} không phải của học sinh có mã ở dòng này; hãy sửa số báo danh hoặc mã học sinh."
    return _problems(found.filter(pl.col("pupil_id") != pl.col("pupil_id_listed")), message, is_error=True)


def _twice(found: pl.DataFrame) -> pl.DataFrame:
    """Further lines of one candidate that are written otherwise; the reader tells those written alike."""
    place, alike = pl.int_range(pl.len()).over("told"), pl.int_range(pl.len()).over("sbd")
    again = found.filter(pl.all_horizontal(pl.col("told", "sbd").is_not_null(), place > 0, alike == 0))
    message = "“{}” chỉ thí sinh đã có ở dòng trên; mỗi thí sinh chỉ một dòng."
    return _problems(again, message, is_error=True)


def _strangers(lost: pl.DataFrame, *, is_error: bool) -> pl.DataFrame:
    ending = "; hãy bổ sung thí sinh hoặc bỏ dòng." if is_error else "."
    return _problems(lost, "Số báo danh {} không có trong danh sách đã chốt" + ending, is_error=is_error)


def _problems(lines: pl.DataFrame, message: str, *, is_error: bool) -> pl.DataFrame:
    return lines.select(
        "sheet",
        "line",
        pl.lit("số báo danh").alias("column"),
        pl.col("sbd").alias("value"),
        pl.format(message, pl.col("sbd")).alias("message"),
        pl.lit(is_error).alias("is_error"),
    )
