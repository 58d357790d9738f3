"""How cells are read: dates, numbers, codes and catalogues, for whole columns at once. Texts come tidied."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from thucchat.web.people.ethnic_groups import ALIASES, ETHNIC_GROUPS
from thucchat.web.people.importers.fields import Reading

FIRST_SERIAL, LAST_SERIAL = 15_000, 60_000  # Excel's day numbers believed to be dates: 1941 to 2064
EPOCH = date(1899, 12, 30)
YES = {
    "x",
    "có",
    "1",
    "true",
    "đúng",
    "v",
    "bán trú",
    "nội trú",
    "nội trú, bán trú",
    "hộ nghèo",
    "cận nghèo",
    "hộ cận nghèo",
}
NO = {"không", "0", "false", "sai", "-"}


def text(longest: int) -> Reading:
    """Any text up to `longest` characters."""
    fits = lambda cell: pl.when(cell.str.len_chars() <= longest).then(cell)  # noqa: E731  one expression
    return Reading(fits, "text.long", f"dài quá {longest} ký tự; hãy rút gọn.")


def one_of(choices: Mapping[str, str], fault: str) -> Reading:
    """A word of a catalogue, whatever its case; codes count as words."""
    table = {name.lower(): code for name, code in choices.items()}
    return Reading(lambda cell: _choose(cell, table), "value.unknown", fault)


def _choose(cell: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    return cell.str.to_lowercase().replace_strict(table, default=None, return_dtype=pl.String)


def _read_date(cell: pl.Expr) -> pl.Expr:
    iso = cell.str.extract(r"^(\d{4}-\d\d-\d\d)(?:[ T]00:00:00(?:\.0+)?)?$").str.to_date(
        "%Y-%m-%d", strict=False
    )
    spoken = cell.str.extract(r"^(\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{4})$").str.replace_all(
        r"\s?[/.\-]\s?", "/"
    )
    serial = cell.str.extract(r"^(\d{5})(?:\.0+)?$").cast(pl.Int32)
    believed = pl.when(serial.is_between(FIRST_SERIAL, LAST_SERIAL)).then(serial)
    as_day = pl.lit(EPOCH) + pl.duration(days=believed)
    return pl.coalesce(iso, spoken.str.to_date("%d/%m/%Y", strict=False), as_day)


def _read_yes(cell: pl.Expr) -> pl.Expr:
    word = cell.str.to_lowercase()
    return (
        pl.when(word.is_in(list(YES)))
        .then(pl.lit(value=True))
        .when(word.is_in(list(NO)))
        .then(pl.lit(value=False))
    )


def _read_name(cell: pl.Expr) -> pl.Expr:
    """A name all in capitals is written as names are; what does not begin with a letter is no name."""
    shouted = (cell == cell.str.to_uppercase()) & (cell.str.len_chars() > 3)
    is_name = cell.str.contains(r"^[\p{L}\p{M}][\p{L}\p{M}\d'’.,()\- ]{0,99}$")
    return pl.when(is_name & shouted).then(cell.str.to_titlecase()).when(is_name).then(cell)


def _read_personal_id(cell: pl.Expr) -> pl.Expr:
    """Twelve digits; Excel drops the first, which is always 0. An old nine-digit number is no such id."""
    digits = cell.str.replace_all(r"[\s.\-]", "").str.replace(r"\.0+$", "")
    whole = digits.str.extract(r"^(0\d{11})$")
    shortened = pl.lit("0") + digits.str.extract(r"^([1-9]\d{10}|0\d{10})$")
    return pl.coalesce(whole, shortened)


def _read_code(cell: pl.Expr) -> pl.Expr:
    code = cell.str.replace(r"^(\d+)\.0+$", "$1")
    return pl.when(
        code.str.contains(r"^[\p{L}\d][\p{L}\d./_\-]{0,19}$") & ~code.str.contains(r"(?i)^\d[.,]\d+e\+?\d+$")
    ).then(code)


def _read_grade(cell: pl.Expr) -> pl.Expr:
    number = cell.str.to_lowercase().str.extract(r"^(?:khối|lớp)?\s*(\d{1,2})(?:\.0+)?$").cast(pl.Int16)
    return pl.when(number.is_between(1, 12)).then(number)


def _read_share(cell: pl.Expr) -> pl.Expr:
    percent = cell.str.extract(r"^(\d{1,3}(?:[.,]\d+)?)\s*%$").str.replace(",", ".").cast(pl.Float64) / 100
    plain = cell.str.extract(r"^(\d(?:[.,]\d+)?)$").str.replace(",", ".").cast(pl.Float64)
    share = pl.coalesce(percent, plain).round(3)
    return pl.when((share > 0) & (share <= 1)).then(share)


def _read_class_name(cell: pl.Expr) -> pl.Expr:
    name = cell.str.replace(r"(?i)^lớp\s*:?\s*", "").str.replace(r"^(\d{1,2})\.0$", "$1")
    return pl.when(name.str.len_chars().is_between(1, 20)).then(
        name.str.to_uppercase().str.replace_all(" ", "")
    )


DATE = Reading(_read_date, "date.invalid", "không phải ngày; hãy ghi dạng 05/09/2014.")
YES_NO = Reading(_read_yes, "value.unknown", "không rõ có hay không; hãy ghi “x” hoặc để trống.")
NAME = Reading(_read_name, "name.invalid", "không phải họ tên; hãy ghi đủ họ, đệm và tên.")
PERSONAL_ID = Reading(
    _read_personal_id,
    "id.invalid",
    "không phải số định danh cá nhân; cần 12 chữ số, bắt đầu bằng 0, định dạng cột là Text.",
)
CODE = Reading(
    _read_code,
    "code.invalid",
    "không phải mã; mã dài tối đa 20 ký tự, định dạng cột là Text để Excel không đổi số.",
)
GRADE = Reading(_read_grade, "grade.invalid", "không phải khối lớp từ 1 đến 12.")
SHARE = Reading(
    _read_share, "share.invalid", "không phải phần phụ trách; hãy ghi số lớn hơn 0 đến 1, ví dụ 0,5."
)
CLASS_NAME = Reading(_read_class_name, "class.invalid", "không phải tên lớp; hãy ghi ví dụ 6A1.")

SEX = one_of(
    {"nam": "01", "nữ": "02", "nu": "02", "01": "01", "02": "02", "1": "01", "2": "02"},
    "không phải giới tính; hãy ghi Nam hoặc Nữ.",
)
ETHNIC = one_of(
    {name: code for code, name in ETHNIC_GROUPS}
    | {code: code for code, _ in ETHNIC_GROUPS}
    | {f"dân tộc {name}": code for code, name in ETHNIC_GROUPS}
    | ALIASES,
    "không có trong danh mục 54 dân tộc; hãy ghi tên như trong danh mục của Bộ, ví dụ Thái, Hmông.",
)
