"""Where a province stands among all, year by year, from published means per subject.

The overall mean is the mean of all subject results of the province: each subject's mean weighted by how
many sat it. Ranks count the provinces that are higher, so equal means share the better rank.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.engine.tables import Standing, SubjectStanding, YearStanding
from thucchat.engine.vietnamese import unaccented

DIGITS = 9  # means that agree so far are equal; sums of floats differ beyond
TARGET = re.compile(r"(?P<gain>[+-]\d+)|(?P<rank>\d+)")
SHORT = {"hcm": "hochiminh", "hue": "thuathienhue", "vungtau": "bariavungtau", "brvt": "bariavungtau"}
KINDS = re.compile(r"^(tinh|thanh pho|tp)\b")


@dataclass(frozen=True, slots=True)
class Target:
    """Places to win since the year before, or a rank to reach."""

    text: str
    gain: int | None
    rank: int | None

    def is_met(self, rank: int, gained: int | None) -> bool | None:
        """Whether `rank` meets the target; None when the year before is needed and absent."""
        if self.rank is not None:
            return rank <= self.rank
        return None if gained is None or self.gain is None else gained >= self.gain


def parse_target(text: str) -> Target:
    """“+3”: three places better than the year before; “50”: rank 50 or better.

    Raises:
        InvalidInput: `target.form`.
    """
    match = TARGET.fullmatch(text.strip())
    if match is None:
        message = f"Chỉ tiêu “{text}” phải là số bậc tăng như +3 hoặc thứ hạng cần đạt như 50."
        raise InvalidInput("target.form", message)
    gain, rank = match["gain"], match["rank"]
    return Target(match[0], int(gain) if gain else None, int(rank) if rank else None)


def standing(means: pl.DataFrame, province: str, target: Target | None = None) -> Standing:
    """Rank and mean of `province` in every year of the table, overall and per subject.

    Shapes:
        means: schema PROVINCE_MEANS, one row per year, province and subject; rows with count 0 are ignored.
    Raises:
        InvalidInput: `means.scale`, `means.count`, `means.repeated`, `province.unknown`.
    """
    checked = _check(means).filter(pl.col("count") > 0)
    name = find_province(checked["province"].unique().to_list(), province)
    subjects = _ranked(checked, ["year", "subject"]).filter(pl.col("province") == name)
    overall = _ranked(_overall(checked), ["year"]).filter(pl.col("province") == name).sort("year")
    national = dict(_overall(checked.with_columns(province=pl.lit(""))).select("year", "mean").iter_rows())
    years: list[YearStanding] = []
    for year, mean, rank, of in overall.select("year", "mean", "rank", "of").iter_rows():
        before = years[-1] if years and years[-1].year == year - 1 else None
        gained = before.rank - rank if before else None
        years.append(
            YearStanding(
                year=year,
                mean=mean,
                national_mean=national[year],
                rank=rank,
                of=of,
                gained=gained,
                mean_change=mean - before.mean if before else None,
                met=target.is_met(rank, gained) if target else None,
                subjects=_subjects(subjects.filter(pl.col("year") == year)),
            )
        )
    absent = sorted(set(checked["year"].unique()) - {year.year for year in years})
    return Standing(name, target.text if target else "", tuple(years), tuple(absent))


def find_province(names: list[str], wanted: str) -> str:
    """The province of the table that `wanted` names, with or without accents, “tỉnh” or “TP.”.

    Raises:
        InvalidInput: `province.unknown`.
    """
    keys = {province_key(name): name for name in names}
    found = keys.get(province_key(wanted))
    if found is not None:
        return found
    close = [keys[key] for key in get_close_matches(province_key(wanted), list(keys), n=3)]
    hint = f"; có phải là {' hoặc '.join(close)}?" if close else "."
    raise InvalidInput("province.unknown", f"Bảng không có tỉnh “{wanted}”{hint}", province=wanted)


def province_key(name: str) -> str:
    """A province's name without accents, kind of unit, blanks and punctuation."""
    key = re.sub(r"[^a-z0-9]+", "", KINDS.sub("", unaccented(name)))
    return SHORT.get(key, key)


def _check(means: pl.DataFrame) -> pl.DataFrame:
    negative = means.filter(pl.col("count") < 0)
    if negative.height:
        raise InvalidInput("means.count", f"Số bài thi {negative['count'][0]} là số âm.")
    outside = means.filter((pl.col("count") > 0) & ~pl.col("mean").is_between(0, 10).fill_null(value=False))
    if outside.height:
        row = outside.row(0, named=True)
        where = f"{row['province']}, {row['subject']}, năm {row['year']}"
        message = f"Điểm trung bình {row['mean']} ({where}) nằm ngoài thang 0-10."
        raise InvalidInput("means.scale", message)
    key = ["year", "province", "subject"]
    repeated = means.filter(means.select(key).is_duplicated())
    if repeated.height:
        row = repeated.row(0, named=True)
        where = f"{row['province']}, {row['subject']}, năm {row['year']}"
        raise InvalidInput("means.repeated", f"Có nhiều dòng cho {where}; hãy giữ một dòng.")
    return means


def _overall(means: pl.DataFrame) -> pl.DataFrame:
    """Mean of all subject results per year and province."""
    weighted = (pl.col("count") * pl.col("mean")).sum() / pl.col("count").sum()
    return means.group_by("year", "province").agg(pl.col("count").sum().alias("count"), mean=weighted)


def _ranked(means: pl.DataFrame, within: list[str]) -> pl.DataFrame:
    rounded = pl.col("mean").round(DIGITS)
    return means.with_columns(
        rank=rounded.rank("min", descending=True).over(within).cast(pl.Int64),
        of=pl.len().over(within).cast(pl.Int64),
    )


def _subjects(ranked: pl.DataFrame) -> tuple[SubjectStanding, ...]:
    rows = ranked.sort("subject").select("subject", "count", "mean", "rank", "of").iter_rows()
    return tuple(SubjectStanding(subject, subject_label(subject), *rest) for subject, *rest in rows)
