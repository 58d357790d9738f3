"""What a file would change, candidate by candidate."""

from collections.abc import Sequence

import polars as pl

from thucchat.engine.measurement.results.subjects import subject_label

FACTS = ("pupil_id", "school_id", "area_id")
CHANGES = pl.Schema({"sheet": pl.String(), "line": pl.Int64(), "sbd": pl.String(), "changes": pl.String()})
WORDS = {-1: "vắng", -2: "miễn", -3: "hủy"}


def compare(rows: pl.DataFrame, standing: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """Each line of the file as it would stand, with `action` (new, changed, same) and `id`.

    A subject or school that the file does not tell stays as it was.

    Shapes:
        rows: sheet, line, sbd, directory.PLACES, a column per subject of the file.
        standing: results.FACTS, a column per subject of the exam.
        subjects: of the exam afterwards; those that only one side has are null on the other.
    """
    told = [subject for subject in subjects if subject in rows.columns]
    before = _with_subjects(standing, subjects).rename(
        {name: f"{name}_before" for name in (*FACTS, "unit_path", *subjects)}
    )
    joined = rows.join(before, on="sbd", how="left", maintain_order="left")
    is_old = pl.col("id").is_not_null()
    kept = [pl.coalesce(name, f"{name}_before").alias(name) for name in FACTS]
    path = pl.when(pl.col("school_id").is_null() & is_old).then("unit_path_before").otherwise("unit_path")
    untold = [pl.col(f"{subject}_before").alias(subject) for subject in subjects if subject not in told]
    after = joined.with_columns(*untold, path.alias("unit_path")).with_columns(kept)
    differs = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in (*FACTS, *subjects)
    )
    action = (
        pl.when(~is_old).then(pl.lit("new")).when(differs).then(pl.lit("changed")).otherwise(pl.lit("same"))
    )
    return after.with_columns(action.alias("action"))


def counts_of(compared: pl.DataFrame, standing: pl.DataFrame) -> dict[str, int]:
    """Lines by what they do, and candidates of the exam whom the file does not name."""
    counts = dict(compared.group_by("action").len().iter_rows())
    missing = standing.join(compared, on="sbd", how="anti").height
    return {name: int(counts.get(name, 0)) for name in ("new", "changed", "same")} | {"missing": missing}


def changes_in_words(compared: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """The changed lines as people read them (CHANGES): “Toán: 7,25 → 7,50”."""
    changed = compared.filter(pl.col("action") == "changed")
    if changed.is_empty():
        return pl.DataFrame(schema=CHANGES)
    parts = [_part(subject, subject_label(subject), is_score=True) for subject in subjects]
    parts += [_part("school_id", "trường", is_score=False), _part("area_id", "địa bàn", is_score=False)]
    parts.append(_part("pupil_id", "học sinh", is_score=False))
    told = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return changed.select("sheet", "line", "sbd", told.alias("changes"))


def _with_subjects(standing: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    absent = (pl.lit(None, pl.Int16).alias(name) for name in subjects if name not in standing.columns)
    return standing.with_columns(absent)


def _part(name: str, label: str, *, is_score: bool) -> pl.Expr:
    old, new = pl.col(f"{name}_before"), pl.col(name)
    text = pl.format(label + ": {} → {}", _score(old), _score(new)) if is_score else pl.lit(f"đổi {label}")
    return pl.when(old.ne_missing(new)).then(text)


def _score(code: pl.Expr) -> pl.Expr:
    fraction = (code % 100).cast(pl.String).str.zfill(2)
    points = pl.format("{},{}", code // 100, fraction)
    words = code.replace_strict(WORDS, default=None, return_dtype=pl.String)
    return pl.when(code >= 0).then(points).otherwise(words).fill_null("không có")
