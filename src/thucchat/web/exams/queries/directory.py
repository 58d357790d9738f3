"""Finding the school of each candidate: by code, by name, or through the pupil; as things stood on a day."""

import re
from datetime import date

import polars as pl

from thucchat.engine.vietnamese import unaccented
from thucchat.web.org.models import Unit
from thucchat.web.shared.frames import copy_in, copy_out

UNITS = pl.Schema(
    {
        "unit_id": pl.Int64(),
        "code": pl.String(),
        "name": pl.String(),
        "kind": pl.String(),
        "unit_path": pl.String(),
        "parent_id": pl.Int64(),
    }
)
PUPILS = pl.Schema({"pupil_code": pl.String(), "pupil_id": pl.Int64(), "pupil_school": pl.Int64()})
PLACES = pl.Schema(
    {"pupil_id": pl.Int64(), "school_id": pl.Int64(), "area_id": pl.Int64(), "unit_path": pl.String()}
)
# What stands before the proper name of a place.
KINDS = re.compile(
    r"^(phong giao duc va dao tao|phong gd\s?&?\s?dt|uy ban nhan dan|ubnd)?\s*"
    r"(huyen|thi xa|thanh pho|tp|quan|xa|phuong|dac khu)?\.?\s+"
)
TOLD = {"school_code": "mã trường", "school_name": "tên trường", "area_name": "huyện, xã"}
AREAS = (Unit.Kind.DISTRICT, Unit.Kind.COMMUNE)


def units_on(day: date) -> pl.DataFrame:
    """Schools, districts and communes that exist on `day`, under the name and parent of that day (UNITS)."""
    return copy_out(
        "SELECT u.id, u.code, s.name, u.kind, u.unit_path, s.parent_id FROM org_unitspell s "
        "JOIN org_unit u ON u.id = s.unit_id WHERE s.days @> %s::date AND u.kind <> 'team' ORDER BY u.id",
        UNITS,
        [day],
    )


def school_key(name: str) -> str:
    """A school's name without accents, blanks, punctuation and the word “trường”."""
    return re.sub(r"[^a-z0-9]+", "", unaccented(name)).removeprefix("truong")


def area_key(name: str) -> str:
    """A place's proper name without accents, blanks and punctuation."""
    return re.sub(r"[^a-z0-9]+", "", KINDS.sub("", unaccented(name) + " "))


def placed(rows: pl.DataFrame, day: date, province_path: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` with PLACES in place of the texts, and what was not found.

    The latter has the columns of the importers' PROBLEMS. A candidate of no known school gets
    `province_path`.
    """
    units = units_on(day)
    schools = units.filter(pl.col("kind") == Unit.Kind.SCHOOL)
    areas = units.filter(pl.col("kind").is_in([str(kind) for kind in AREAS]))
    found = rows.join(_pupils(rows, day), on="pupil_code", how="left", maintain_order="left")
    found = _joined(found, schools, "school_code", by_code=True)
    found = _joined(found, schools, "school_name", by_code=False)
    found = _joined(found, areas, "area_name", by_code=False)
    found = found.with_columns(school_id=pl.coalesce("by_school_code", "by_school_name", "pupil_school"))
    homes = schools.select(school_id="unit_id", school_path="unit_path", parent_id="parent_id")
    found = found.join(homes, on="school_id", how="left", maintain_order="left")
    area = pl.coalesce(
        "by_area_name", pl.when(pl.col("parent_id").is_in(areas["unit_id"].implode())).then("parent_id")
    )
    found = found.with_columns(area_id=area, unit_path=pl.col("school_path").fill_null(province_path))
    problems = [_unknown(found, text, f"by_{text}", what) for text, what in TOLD.items()]
    return found.select(*_plain(rows), *PLACES), pl.concat(problems)


def _plain(rows: pl.DataFrame) -> list[str]:
    return [name for name in rows.columns if name not in {"pupil_code", *TOLD}]


def _pupils(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Pupils named in the file, with the school they were enrolled in on `day` (PUPILS)."""
    codes = rows.select(pl.col("pupil_code").drop_nulls().unique())
    if codes.is_empty():
        return pl.DataFrame(schema=PUPILS)
    copy_in(codes, "result_pupils", "pupil_code text")
    return copy_out(
        "SELECT DISTINCT ON (p.id) p.code, p.id, coalesce(c.school_id, p.school_id) FROM result_pupils r "
        "JOIN people_pupil p ON p.code = r.pupil_code "
        "LEFT JOIN people_enrolment e ON e.pupil_id = p.id AND e.days @> %s::date "
        "LEFT JOIN people_schoolclass c ON c.id = e.school_class_id ORDER BY p.id",
        PUPILS,
        [day],
    )


def _joined(rows: pl.DataFrame, units: pl.DataFrame, text: str, *, by_code: bool) -> pl.DataFrame:
    """Adds `by_<text>`: the one unit that a cell names by code, or else by name."""
    key = area_key if text == "area_name" else school_key
    words = [word for word in rows[text].unique().to_list() if word]
    codes = dict(units.select("code", "unit_id").iter_rows())
    names: dict[str, int | None] = {}
    for name, unit_id in units.select("name", "unit_id").iter_rows():
        names[key(name)] = None if key(name) in names else unit_id  # two of one name: neither is meant
    ids = [codes.get(word) or (None if by_code else names.get(key(word))) for word in words]
    found = pl.DataFrame({text: words, f"by_{text}": ids}, schema={text: pl.String, f"by_{text}": pl.Int64})
    return rows.join(found, on=text, how="left", maintain_order="left")


def _unknown(rows: pl.DataFrame, text: str, found: str, what: str) -> pl.DataFrame:
    """One warning for each different text that names nothing we know."""
    lost = rows.filter(pl.col(text).is_not_null() & pl.col(found).is_null())
    if text != "area_name":
        lost = lost.filter(pl.col("school_id").is_null())
    grouped = lost.group_by("sheet", text, maintain_order=True).agg(pl.len(), pl.col("line").first())
    message = pl.format(
        f"Không tìm thấy {what} “{{}}”: {{}} thí sinh chỉ được tính chung cho cả tỉnh.", pl.col(text), "len"
    )
    return grouped.select(
        "sheet",
        "line",
        pl.lit(what).alias("column"),
        pl.col(text).alias("value"),
        message.alias("message"),
        pl.lit(value=False).alias("is_error"),
    )
