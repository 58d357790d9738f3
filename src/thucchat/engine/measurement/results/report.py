"""Counts of scores assembled into the one report that pages, documents and exports read."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from thucchat.engine.measurement.results.bins import INFERRED, BinRule
from thucchat.engine.measurement.results.distributions import Absences, distribution
from thucchat.engine.measurement.results.gaps import MINIMUM, TARGET, gaps
from thucchat.engine.tables import Distribution, GroupResults, IgnoredColumn, ResultsReport, Standing
from thucchat.engine.vietnamese import text_key


@dataclass(frozen=True, slots=True)
class Origin:
    """What the report is about and where its data come from."""

    title: str
    source: str  # file or exam
    fingerprint: str  # SHA-256 of the data
    version: str  # of the program
    year: int | None = None
    ignored: tuple[IgnoredColumn, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """How groups are compared."""

    grouped_by: str  # heading of the column, "" when nothing is compared
    target: Fraction = TARGET  # points between best and weakest group
    minimum: int = MINIMUM  # candidates a group needs to be compared


def results_report(
    counts: pl.DataFrame,
    sizes: pl.DataFrame,
    subjects: Sequence[str],
    *,
    origin: Origin,
    comparison: Comparison | None = None,
    rule: BinRule | None = None,
    standing: Standing | None = None,
) -> ResultsReport:
    """Distributions of the whole and of each group, and the gaps between groups.

    Shapes:
        counts: schema SCORE_COUNTS. sizes: schema GROUP_SIZES.
        subjects: in the order to print; one without candidates keeps its place, with count 0.
    """
    parts = _parts(counts.with_columns(group=pl.lit("")))
    whole = tuple(_distribution(parts.get(("", subject)), subject, rule=rule) for subject in subjects)
    compared = comparison or Comparison("")
    groups = _groups(counts, sizes, whole) if compared.grouped_by else ()
    return ResultsReport(
        title=origin.title,
        year=origin.year,
        source=origin.source,
        fingerprint=origin.fingerprint,
        version=origin.version,
        bin_rule=rule.name if rule else INFERRED,
        candidates=int(sizes["candidates"].sum()),
        subjects=whole,
        grouped_by=compared.grouped_by,
        groups=groups,
        gaps=gaps(groups, target=compared.target, minimum=compared.minimum),
        ignored=origin.ignored,
        warnings=origin.warnings,
        standing=standing,
    )


def _groups(
    counts: pl.DataFrame, sizes: pl.DataFrame, whole: Sequence[Distribution]
) -> tuple[GroupResults, ...]:
    parts = _parts(counts)
    people = dict(sizes.select("group", "candidates").iter_rows())
    return tuple(
        GroupResults(
            name=name,
            candidates=people[name],
            subjects=tuple(
                _distribution(parts.get((name, subject.subject)), subject.subject, width=subject.bin_width)
                for subject in whole
            ),
        )
        for name in sorted(people, key=text_key)
    )


def _parts(counts: pl.DataFrame) -> dict[tuple[object, ...], pl.DataFrame]:
    """Counts of each group and subject, every state and score once."""
    summed = counts.group_by("group", "subject", "state", "hundredths").agg(pl.col("count").sum())
    return summed.partition_by("group", "subject", as_dict=True)


def _distribution(
    part: pl.DataFrame | None, subject: str, *, rule: BinRule | None = None, width: int | None = None
) -> Distribution:
    if part is None:
        nobody = np.zeros(0, dtype=np.int64)
        return distribution(subject, nobody, nobody, rule=rule, width=width)
    is_score = (part["state"] == "scored").to_numpy()
    counts = part["count"].to_numpy()
    away = dict(zip(part["state"].to_numpy()[~is_score], counts[~is_score].tolist(), strict=True))
    return distribution(
        subject,
        part["hundredths"].to_numpy()[is_score].astype(np.int64),
        counts[is_score].astype(np.int64),
        rule=rule,
        width=width,
        absences=Absences(**away),
    )
