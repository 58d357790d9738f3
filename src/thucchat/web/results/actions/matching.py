"""Whose answers the lines of a file hold: told by number, by pupil code, and where the two disagree."""

import polars as pl

from thucchat.web.exams.importers.tables import PROBLEMS
from thucchat.web.exams.models import Exam
from thucchat.web.results.importers.responses import ParsedAnswers, problems_of
from thucchat.web.shared.frames import copy_out

# A number is of the pupil of its result; before there are results, of the pupil on the frozen list.
TOLD = """
SELECT a.line, a.sbd, a.pupil_code, coalesce(r.pupil_id, c.pupil_id), p.id
FROM answer_rows a
LEFT JOIN exams_examresult r ON r.exam_id = %(exam)s AND r.sbd = a.sbd
LEFT JOIN exams_candidate c ON c.exam_id = %(exam)s AND c.sbd = a.sbd AND c.removed_for = ''
LEFT JOIN people_pupil p ON p.code = a.pupil_code
ORDER BY a.line
"""
ROWS = pl.Schema(
    {
        "line": pl.Int64(),
        "sbd": pl.String(),
        "pupil_code": pl.String(),
        "by_number": pl.Int64(),
        "by_code": pl.Int64(),
    }
)


def contradictions(exam: Exam, parsed: ParsedAnswers) -> pl.DataFrame:
    """PROBLEMS of lines whose number and code are of two pupils, or whose pupil has stood before.

    The rows of `parsed` stand in the temporary table `answer_rows`.
    """
    told = copy_out(TOLD, ROWS, {"exam": exam.pk})
    pupil = pl.coalesce("by_number", "by_code")
    again = pupil.is_not_null() & (pl.int_range(pl.len()).over(pupil) > 0) & pl.col("sbd").is_first_distinct()
    message = (
        pl.when(pl.col("by_number") != pl.col("by_code"))
        .then(
            pl.format(
                "Số báo danh {} là của học sinh khác, không phải của học sinh có mã {} ở cùng dòng; "
                "hãy sửa số báo danh hoặc mã học sinh.",
                "sbd",
                "pupil_code",
            )
        )
        .when(again)
        .then(pl.lit("Học sinh của dòng này đã có ở dòng trên với số báo danh khác; mỗi em chỉ một dòng."))
    )
    found = told.with_columns(message.alias("message")).filter(pl.col("message").is_not_null())
    value = pl.col("sbd").str.slice(0, 40)
    return problems_of(parsed.sheet, found, parsed.persons_column, value).cast(PROBLEMS)
