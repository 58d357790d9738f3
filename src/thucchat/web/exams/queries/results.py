"""What stands in the tables, as frames."""

import re
from collections import Counter
from collections.abc import Sequence

import polars as pl

from thucchat.engine.tables import GROUP_SIZES, PROVINCE_MEANS, SCORE_COUNTS
from thucchat.web.exams.models import STATES_OF, Exam
from thucchat.web.exams.queries.cuts import Cut
from thucchat.web.org.models import Unit
from thucchat.web.shared.frames import copy_out

OFFICE = re.compile(r"^(Sở|Phòng) (Giáo dục và Đào tạo|GD\s?&?\s?ĐT) |^(Ủy ban nhân dân|UBND) ")

FACTS = pl.Schema(
    {
        "id": pl.Int64(),
        "sbd": pl.String(),
        "pupil_id": pl.Int64(),
        "school_id": pl.Int64(),
        "area_id": pl.Int64(),
        "unit_path": pl.String(),
    }
)
COUNTED = pl.Schema({"group": pl.String(), "place": pl.Int64(), "code": pl.Int64(), "count": pl.Int64()})


def standing_rows(exam: Exam) -> pl.DataFrame:
    """Every candidate of `exam`: FACTS, then a column of Int16 per subject, in the codes of the model."""
    schema = pl.Schema({**FACTS, **dict.fromkeys(exam.subjects, pl.Int16())})
    scores = "".join(f", scores[{place}]" for place in range(1, len(exam.subjects) + 1))
    return copy_out(
        f"SELECT id, sbd, pupil_id, school_id, area_id, unit_path{scores} FROM exams_examresult "  # noqa: S608  numbers only
        "WHERE exam_id = %s",
        schema,
        [exam.pk],
    )


def score_counts(exam: Exam, cut: Cut) -> pl.DataFrame:
    """SCORE_COUNTS of the candidates of `exam` in `cut`, grouped as it says; in the scope that is entered."""
    condition, values = cut.condition
    counted = copy_out(
        f"SELECT {cut.group}, s.place, s.code, count(*) FROM exams_examresult r "  # noqa: S608  our own texts
        "CROSS JOIN LATERAL unnest(r.scores) WITH ORDINALITY AS s (code, place) "
        f"WHERE r.exam_id = %s AND s.code IS NOT NULL AND {condition} GROUP BY 1, 2, 3",
        COUNTED,
        [exam.pk, *values],
    )
    subjects = dict(enumerate(exam.subjects, start=1))
    state = pl.col("code").replace_strict(STATES_OF, default="scored", return_dtype=pl.String)
    return counted.select(
        pl.col("group").fill_null(""),
        pl.col("place").replace_strict(subjects, return_dtype=pl.String).alias("subject"),
        state.alias("state"),
        pl.when(pl.col("code") >= 0).then(pl.col("code")).alias("hundredths"),
        "count",
    ).cast(SCORE_COUNTS)


def group_sizes(exam: Exam, cut: Cut) -> pl.DataFrame:
    """GROUP_SIZES of the same groups."""
    condition, values = cut.condition
    sizes = copy_out(
        f"SELECT {cut.group}, count(*) FROM exams_examresult r "  # noqa: S608  our own texts
        f"WHERE r.exam_id = %s AND {condition} GROUP BY 1",
        GROUP_SIZES,
        [exam.pk, *values],
    )
    return sizes.with_columns(pl.col("group").fill_null(""))


def with_names(frame: pl.DataFrame) -> pl.DataFrame:
    """The same groups under the names of their units; two of one name are told apart by their codes."""
    ids = [group for group in frame["group"].unique() if group.isdigit()]
    units = Unit.objects.in_bulk(list(map(int, ids)))
    names = {str(unit.pk): short_name(unit.name) for unit in units.values()}
    uses = Counter(names.values())
    told = {
        key: name if uses[name] == 1 else f"{name} ({units[int(key)].code})" for key, name in names.items()
    }
    return frame.with_columns(pl.col("group").replace(told))


def short_name(name: str) -> str:
    """A place without the office that governs it: “Huyện Điện Biên”."""
    bare = OFFICE.sub("", name)
    return bare[:1].upper() + bare[1:]


def national_means(years: Sequence[int] = ()) -> pl.DataFrame:
    """The national table in the schema PROVINCE_MEANS, of all years or of some."""
    return copy_out(
        'SELECT year, province, subject, "count", mean FROM exams_nationalmean '
        "WHERE cardinality(%s::int[]) = 0 OR year = ANY (%s::int[]) ORDER BY year, province, subject",
        PROVINCE_MEANS,
        [list(years), list(years)],
    )
