"""Fields and checks that pupils and staff have in common."""

from datetime import date

import polars as pl

from thucchat.web.people.importers.fields import Field, problems_of
from thucchat.web.people.importers.readings import CODE, DATE, ETHNIC, NAME, PERSONAL_ID, SEX, YES_NO, text

OLDEST = date(1930, 1, 1)

NAME_FIELDS = (
    Field(
        "full_name",
        "Họ và tên",
        ("họ tên", "họ tên học sinh", "họ và tên học sinh", "hoten", "studentname"),
        NAME,
        is_required=True,
        example="Lò Thị Mẫu",
    ),
    Field("family", "Họ và tên đệm", ("họ đệm", "họ và đệm", "họ, đệm", "họ"), text(80)),
    Field("given", "Tên", (), text(40)),
)
BIRTH_FIELDS = (
    Field(
        "born_on",
        "Ngày sinh",
        ("ngày tháng năm sinh", "ngày, tháng, năm sinh", "ngaysinh", "birthday"),
        DATE,
        is_required=True,
        example="05/09/2014",
    ),
    Field("sex", "Giới tính", ("gioitinh", "phái"), SEX, is_required=True, example="Nữ"),
    Field("is_female", "Nữ", (), YES_NO),
    Field("ethnic", "Dân tộc", ("madantoc", "thành phần dân tộc"), ETHNIC, example="Thái"),
    Field(
        "personal_id",
        "Số định danh cá nhân",
        (
            "số cccd",
            "cccd",
            "số định danh",
            "số cmnd/cccd",
            "số cccd/định danh",
            "mã định danh cá nhân",
            "số định danh cá nhân/cccd",
        ),
        PERSONAL_ID,
        example="011312000001",
    ),
)
SCHOOL_FIELDS = (
    Field("school_code", "Mã trường", ("mã trường học", "ma_truong", "mã đơn vị"), CODE, example="11094001"),
    Field(
        "school_name",
        "Tên trường",
        ("trường", "trường học", "tên trường/đơn vị công tác", "đơn vị công tác", "đơn vị"),
        text(200),
    ),
)


def complete_person(rows: pl.DataFrame) -> pl.DataFrame:
    """Joins a name given in two columns; tells the sex from a column “Nữ” in which girls are ticked."""
    joined = pl.concat_str("family", "given", separator=" ", ignore_nulls=True)
    rows = rows.with_columns(
        full_name=pl.coalesce("full_name", pl.when(pl.col("given").is_not_null()).then(joined))
    )
    if rows["is_female"].is_null().all():
        return rows
    ticked = pl.when(pl.col("is_female").is_not_null()).then(pl.lit("Nữ")).otherwise(pl.lit("Nam"))
    return rows.with_columns(sex=pl.coalesce("sex", ticked))


def check_person(rows: pl.DataFrame, today: date) -> list[pl.DataFrame]:
    """Impossible days and doubled ids are errors; an id that tells another sex or year is a warning."""
    born, given = pl.col("born_on"), pl.col("personal_id")
    digit = given.str.slice(3, 1).cast(pl.Int32)
    year = 1900 + digit // 2 * 100 + given.str.slice(4, 2).cast(pl.Int32)
    day = pl.col("born_on").dt.strftime("%d/%m/%Y")
    return [
        problems_of(
            rows,
            (born < OLDEST) | (born > today),
            column="born_on",
            code="date.range",
            message=pl.format("Ngày sinh {} không thể đúng; hãy xem lại.", day),
        ),
        problems_of(
            rows,
            (digit % 2 == 0) != (pl.col("sex") == "01"),
            column="personal_id",
            code="id.sex",
            is_error=False,
            message=pl.lit("Chữ số thứ tư của số định danh chỉ giới tính khác với cột giới tính."),
        ),
        problems_of(
            rows,
            year != born.dt.year(),
            column="personal_id",
            code="id.year",
            is_error=False,
            message=pl.lit("Số định danh chỉ năm sinh khác với ngày sinh."),
        ),
        problems_of(
            rows,
            pl.col("full_name").str.contains(r"\d"),
            column="full_name",
            code="name.digits",
            is_error=False,
            message=pl.format("Họ tên “{}” có chữ số; hãy xem lại.", "full_name"),
        ),
        *(twice(rows, column) for column in ("code", "personal_id")),
    ]


def twice(rows: pl.DataFrame, *columns: str, label: str = "") -> pl.DataFrame:
    """An error for each row that repeats the `columns` of an earlier one; a row without them repeats none."""
    whole = rows.filter(pl.all_horizontal(pl.col(column).is_not_null() for column in columns))
    whole = whole.with_columns(
        first_line=pl.col("line").first().over(columns), first_sheet=pl.col("sheet").first().over(columns)
    )
    again = (pl.col("line") != pl.col("first_line")) | (pl.col("sheet") != pl.col("first_sheet"))
    value = pl.concat_str([pl.col(column).cast(pl.String) for column in columns], separator=", ")
    message = pl.format(
        "“{}” đã có ở trang “{}”, dòng {}; " + (label or "mỗi người chỉ một dòng."),
        value,
        "first_sheet",
        "first_line",
    )
    return problems_of(whole, again, column=columns[0], code="row.twice", message=message)
