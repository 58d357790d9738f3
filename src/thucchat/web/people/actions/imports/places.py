"""Finding the school and the class that a row of a file speaks of."""

import polars as pl

from thucchat.web.people.importers.fields import problems_of
from thucchat.web.people.models import ImportBatch
from thucchat.web.people.queries.imports import classes_of, units_of

Found = tuple[pl.DataFrame, list[pl.DataFrame]]


def with_place(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows numbered in the order of the file."""
    return rows.with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))


def with_schools(rows: pl.DataFrame, batch: ImportBatch, *, any_unit: bool = False) -> Found:
    """Adds `school_id` and `school_path`: the batch's school, else by code, else by name."""
    units = units_of(batch)
    schools = units.filter((pl.col("kind") != "team") if any_unit else (pl.col("kind") == "school"))
    if batch.school_id:
        own = schools.filter(pl.col("id") == batch.school_id)
        here = rows.with_columns(
            school_id=pl.lit(batch.school_id, pl.Int64),
            school_path=pl.lit(own["unit_path"].item()),
            school_label=pl.lit(own["name"].item()),
        )
        other = pl.col("school_code").is_not_null() & (pl.col("school_code") != own["code"].item())
        message = pl.format(
            "Mã trường “{}” không phải của trường đang nhập; hãy bỏ dòng này hoặc chọn đúng trường.",
            "school_code",
        )
        return here, [problems_of(here, other, column="school_code", code="school.other", message=message)]
    by_code = schools.select(school_code="code", code_id="id")
    names = schools.select(school_key=pl.col("name").str.to_lowercase(), name_id="id")
    by_name = names.filter(pl.col("school_key").is_unique())
    found = (
        rows.with_columns(school_key=pl.col("school_name").str.to_lowercase())
        .join(by_code, on="school_code", how="left", maintain_order="left")
        .join(by_name, on="school_key", how="left", maintain_order="left")
        .with_columns(
            school_id=pl.when(pl.col("school_code").is_not_null()).then("code_id").otherwise("name_id")
        )
        .join(
            schools.select(school_id="id", school_path="unit_path", school_label="name"),
            on="school_id",
            how="left",
            maintain_order="left",
        )
        .drop("school_key", "code_id", "name_id")
    )
    return found, _school_problems(found)


def _school_problems(rows: pl.DataFrame) -> list[pl.DataFrame]:
    lost, code, name = pl.col("school_id").is_null(), pl.col("school_code"), pl.col("school_name")
    told = pl.format(
        "Không có trường mã “{}” trong phạm vi của bạn; hãy xem mã ở trang Đơn vị.", "school_code"
    )
    named = pl.format(
        "Không có đúng một trường tên “{}” trong phạm vi của bạn; hãy thêm cột Mã trường.", "school_name"
    )
    silent = pl.lit("Không rõ trường nào; hãy chọn trường khi tải tệp lên, hoặc thêm cột Mã trường.")
    by_class_code = (
        pl.col("class_code").is_not_null() if "class_code" in rows.columns else pl.lit(value=False)
    )
    return [
        problems_of(
            rows, lost & code.is_not_null(), column="school_code", code="school.unknown", message=told
        ),
        problems_of(
            rows,
            lost & code.is_null() & name.is_not_null(),
            column="school_name",
            code="school.unknown",
            message=named,
        ),
        problems_of(
            rows,
            lost & code.is_null() & name.is_null() & ~by_class_code,
            column="school_code",
            code="school.missing",
            message=silent,
        ),
    ]


def with_classes(rows: pl.DataFrame, batch: ImportBatch, *, needed: pl.Expr) -> Found:
    """Adds the columns of CLASSES where `needed` holds: by the class's code, else by school and name."""
    rows, problems = with_schools(rows, batch)
    classes = classes_of(batch)
    by_code = classes.select("class_code", code_id="class_id")
    by_name = classes.select("school_id", "class_name", name_id="class_id")
    details = classes.select(
        "class_id", "class_grade", "class_path", class_label="class_name", class_school="school_id"
    )
    found = (
        rows.join(by_code, on="class_code", how="left", maintain_order="left")
        .join(by_name, on=["school_id", "class_name"], how="left", maintain_order="left")
        .with_columns(class_id=pl.when(needed).then(pl.coalesce("code_id", "name_id")))
        .join(details, on="class_id", how="left", maintain_order="left")
        .with_columns(school_id=pl.coalesce("class_school", "school_id"))
        .drop("code_id", "name_id", "class_school")
    )
    lost = (
        needed
        & pl.col("class_id").is_null()
        & (pl.col("school_id").is_not_null() | pl.col("class_code").is_not_null())
    )
    told = pl.coalesce("class_name", "class_code")
    message = pl.format(
        "Chưa có lớp “{}” trong năm học "
        + batch.school_year_id
        + "; hãy nhập danh sách lớp trước hoặc sửa tên lớp.",
        told,
    )
    unknown = problems_of(
        found, lost & told.is_not_null(), column="class_name", code="class.unknown", message=message
    )
    return found, [*problems, unknown]
