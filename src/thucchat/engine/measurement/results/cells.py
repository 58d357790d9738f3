"""Cells of a score column as written by people: points, an absence, nothing, or a mistake."""

import polars as pl

# States by what stands in the cell, lower case. Everything else must be a score or blank.
MARKS = {
    "v": "absent",
    "vắng": "absent",
    "vang": "absent",
    "vắng thi": "absent",
    "bỏ thi": "absent",
    "m": "exempt",
    "miễn": "exempt",
    "miễn thi": "exempt",
    "mt": "exempt",
    "hủy": "cancelled",
    "huỷ": "cancelled",
    "đình chỉ": "cancelled",
    "hủy kết quả": "cancelled",
}
# What programs write for nothing.
NOTHING = ("", "-", "–", "—", "null", "none", "nan", "na", "n/a", "#n/a")
TOLERANCE = 1e-6  # binary noise of spreadsheets: 7.1499999999999995 is 7.15


def parse_cells(cells: pl.Series) -> pl.DataFrame:
    """Columns `state` and `hundredths` for each cell, in order.

    State is one of STATES, "blank" for nothing (not sat), or "bad": not a score from 0 to 10 with at
    most two decimals. A decimal comma is read as a point.
    """
    text = pl.col("cell").cast(pl.String).str.normalize("NFC").str.replace_all("\u00a0", " ")
    word = text.str.strip_chars().str.to_lowercase()
    plain = word.str.contains(r"^\+?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$")
    number = pl.when(plain).then(word.str.replace(",", ".", literal=True)).cast(pl.Float64, strict=False)
    if cells.dtype.is_numeric():
        number = pl.col("cell").cast(pl.Float64)
    scaled = number * 100
    nearest = scaled.round(0)
    is_score = number.is_between(0, 10) & ((scaled - nearest).abs() < TOLERANCE)
    state = (
        pl.when(pl.col("cell").is_null() | word.is_in(NOTHING))
        .then(pl.lit("blank"))
        .when(is_score.fill_null(value=False))
        .then(pl.lit("scored"))
        .otherwise(word.replace_strict(MARKS, default="bad", return_dtype=pl.String))
    )
    parsed = cells.alias("cell").to_frame().select(state=state, number=nearest)
    return parsed.select(
        "state",
        hundredths=pl.when(pl.col("state") == "scored").then(pl.col("number")).cast(pl.Int64),
    )
