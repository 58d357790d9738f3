"""From a wide table of cells (a row per candidate, a column per subject) to how many have each score."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.cells import parse_cells
from thucchat.engine.measurement.results.columns import ScoreColumns
from thucchat.engine.tables import GROUP_SIZES, SCORE_COUNTS

SHOWN = 10  # bad cells named in a message
NO_GROUP = "(không ghi)"


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that is neither a score nor a known mark."""

    row: int  # as the reader of the file counts, headings included
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class CountedScores:
    """Frames in the schemas SCORE_COUNTS and GROUP_SIZES."""

    counts: pl.DataFrame
    sizes: pl.DataFrame


def count_cells(
    frame: pl.DataFrame, columns: ScoreColumns, *, group: str | None = None, first_row: int = 2
) -> CountedScores:
    """Count equal cells, then read each different cell once: a million rows cost what a thousand do.

    Lines with neither candidate nor scores are left out. `first_row` is the file's number of the first
    row of `frame`, for messages.
    Raises:
        InvalidInput: `score.invalid`, naming each bad cell; `candidate.blank`, scores of nobody.
    """
    names = _group_names(group)
    kept = frame.with_columns(names).filter(_is_candidate(frame, columns, first_row))
    bad: list[BadCell] = []
    parts = []
    for subject in columns.subjects:
        cells = kept.group_by("__group", pl.col(subject).alias("cell")).len("count")
        parsed = cells.with_columns(parse_cells(cells["cell"]))
        wrong = parsed.filter(pl.col("state") == "bad")
        if wrong.height:
            bad += _locate(frame, subject, wrong["cell"], first_row)
        parts.append(_counted(parsed, subject))
    if bad:
        raise _refusal(bad)
    sizes = kept.group_by(group="__group").len("candidates").sort("group")
    return CountedScores(pl.concat(parts), sizes.cast(GROUP_SIZES))


def count_scores(scores: pl.DataFrame) -> pl.DataFrame:
    """SCORES (one row per candidate and subject) counted into SCORE_COUNTS."""
    hundredths = (pl.col("score") * 100).cast(pl.Int64).alias("hundredths")
    counted = scores.group_by("group", "subject", "state", hundredths).len("count")
    return _in_order(counted)


def _group_names(group: str | None) -> pl.Expr:
    if group is None:
        return pl.lit("").alias("__group")
    text = pl.col(group).cast(pl.String).str.normalize("NFC").str.strip_chars()
    text = text.str.replace_all(r"\s+", " ")
    return pl.when(text == "").then(None).otherwise(text).fill_null(NO_GROUP).alias("__group")


def _filled(names: Sequence[str]) -> pl.Expr:
    texts = (pl.col(name).cast(pl.String).str.strip_chars() for name in names)
    return pl.any_horizontal([text.is_not_null() & (text != "") for text in texts])


def _is_candidate(frame: pl.DataFrame, columns: ScoreColumns, first_row: int) -> pl.Series:
    if columns.candidate is None:
        return frame.select(_filled(frame.columns)).to_series()
    flags = frame.select(named=_filled([columns.candidate]))["named"]
    unnamed = frame.with_row_index("__row").filter(~flags)
    nobody = unnamed.filter(_filled(columns.subjects))
    if nobody.height:
        row = nobody["__row"][0] + first_row
        message = f"Dòng {row} có điểm nhưng cột “{columns.candidate}” trống; hãy điền hoặc bỏ dòng đó."
        raise InvalidInput("candidate.blank", message, row=row)
    return flags


def _counted(parsed: pl.DataFrame, subject: str) -> pl.DataFrame:
    held = parsed.filter(~pl.col("state").is_in(["blank", "bad"]))
    summed = held.group_by("__group", "state", "hundredths").agg(pl.col("count").sum())
    return _in_order(summed.rename({"__group": "group"}).with_columns(subject=pl.lit(subject)))


def _in_order(counted: pl.DataFrame) -> pl.DataFrame:
    return counted.select(list(SCORE_COUNTS)).cast(SCORE_COUNTS).sort("group", "subject", "hundredths")


def _locate(frame: pl.DataFrame, subject: str, wrong: pl.Series, first_row: int) -> list[BadCell]:
    rows = frame.with_row_index("__row").filter(pl.col(subject).is_in(wrong.implode()))
    pairs = rows.select("__row", pl.col(subject).cast(pl.String)).iter_rows()
    return [BadCell(int(row) + first_row, subject, str(text)) for row, text in pairs]


def _refusal(bad: Sequence[BadCell]) -> InvalidInput:
    ordered = sorted(bad, key=lambda cell: (cell.row, cell.column))
    shown = "; ".join(f"dòng {cell.row}, cột “{cell.column}”: “{cell.text}”" for cell in ordered[:SHOWN])
    rest = f"; và {len(bad) - SHOWN} ô khác" if len(bad) > SHOWN else ""
    message = f"{len(bad)} ô không phải điểm từ 0 đến 10 (tối đa hai chữ số thập phân): {shown}{rest}."
    return InvalidInput("score.invalid", message, cells=tuple(ordered))
