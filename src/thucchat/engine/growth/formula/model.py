"""A formula and a table to the design of a mixed model; rows with a missing cell are left out and counted."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.formula.coding import INTERCEPT, model_columns
from thucchat.engine.growth.formula.columns import (
    Factor,
    as_labels,
    as_numbers,
    evaluate,
    factor,
    sorted_levels,
    without_blanks,
)
from thucchat.engine.growth.formula.terms import Formula, Grouping, RandomPart
from thucchat.engine.growth.formula.tree import printed
from thucchat.engine.growth.mixed.design import Codes, Design, Floats, RandomTerm

Columns = Mapping[str, pl.Series]
LARGEST_SHARE = 1.001  # shares of one pupil add up to at most 1, but for rounding


@dataclass(frozen=True, slots=True)
class Model:
    """A design and where its rows come from."""

    design: Design
    rows: NDArray[np.int64]  # places in the table of the rows used
    left_out: int  # rows with a missing cell


def build_model(
    table: pl.DataFrame, formula: Formula, *, weights: str | None = None, also: Sequence[str] = ()
) -> Model:
    """The design of `formula` over the rows of `table` complete in its columns and those of `also`.

    Raises:
        InvalidInput: `formula.column`, `formula.function`, `formula.text`, `growth.empty`, `growth.share`.
    """
    needed = [*formula.columns, *([weights] if weights else []), *also]
    columns: Columns = {name: _column(table, name) for name in dict.fromkeys(needed)}
    rows = np.flatnonzero(_complete(columns, formula, len(table)))
    if not len(rows):
        raise InvalidInput("growth.empty", "Không có dòng nào đủ mọi ô mà công thức dùng đến.")
    columns = _at(columns, rows)
    response = _response(formula, columns)
    fixed, names = model_columns(formula.fixed, columns, len(rows))
    slopes = [model_columns(part.part, columns, len(rows)) for part in formula.random]
    finite = np.isfinite(response) & np.isfinite(fixed).all(axis=1)
    for values, _ in slopes:
        finite &= np.isfinite(values).all(axis=1)
    if not finite.all():
        # A function had no value there (the logarithm of 0, say): such rows are missing too.
        return build_model(_only(table, rows[finite]), formula, weights=weights, also=also)
    random = [_random_term(part, slope, columns) for part, slope in zip(formula.random, slopes, strict=True)]
    weight = None if weights is None else _weight(columns[weights])
    design = Design(response, fixed, names, _in_order(random), weight)
    return Model(design, rows, len(table) - len(rows))


def _only(table: pl.DataFrame, rows: NDArray[np.int64]) -> pl.DataFrame:
    """The table with all other rows blank, so that row numbers stay."""
    keep = np.zeros(len(table), bool)
    keep[rows] = True
    return table.select(pl.when(pl.lit(pl.Series(keep))).then(pl.all()))


def _column(table: pl.DataFrame, name: str) -> pl.Series:
    if name not in table.columns:
        near = ", ".join(table.columns[:12])
        raise InvalidInput("formula.column", f"Bảng không có cột “{name}”; các cột: {near}.", column=name)
    return without_blanks(table[name])


def _complete(columns: Columns, formula: Formula, rows: int) -> NDArray[np.bool_]:
    optional = {name for part in formula.random for name in (*part.grouping.members, *part.grouping.shares)}
    complete = np.ones(rows, bool)
    for name, series in columns.items():
        if name not in optional:
            complete &= series.is_not_null().to_numpy()
    for part in formula.random:
        if part.grouping.members:
            given = [columns[name].is_not_null().to_numpy() for name in part.grouping.members]
            complete &= np.logical_or.reduce(given)
    return complete


def _at(columns: Columns, rows: NDArray[np.int64]) -> Columns:
    total = len(next(iter(columns.values())))
    return dict(columns) if len(rows) == total else {name: s.gather(rows) for name, s in columns.items()}


def _response(formula: Formula, columns: Columns) -> Floats:
    variable = evaluate(formula.response, columns)
    if isinstance(variable, Factor):
        text = printed(formula.response)
        raise InvalidInput("formula.text", f"Cột kết quả “{text}” có ô không phải là số.", column=text)
    return np.ascontiguousarray(variable.values[:, 0])


def _weight(series: pl.Series) -> Floats:
    numbers = as_numbers(series)
    if numbers is None or numbers.null_count():
        raise InvalidInput("formula.text", f"Cột trọng số “{series.name}” có ô không phải là số.")
    return numbers.to_numpy()


def _random_term(part: RandomPart, slopes: tuple[Floats, tuple[str, ...]], columns: Columns) -> RandomTerm:
    values, names = slopes
    if not names:
        raise InvalidInput("formula.random", f"Nhóm “{part.grouping.name}” không có hệ số ngẫu nhiên nào.")
    if part.grouping.members:
        codes, shares, levels = _memberships(part.grouping, columns)
    else:
        crossed = _crossed(part.grouping, columns)
        codes, shares, levels = crossed.codes[None, :], None, crossed.levels
    only_constant = names == (INTERCEPT,)
    return RandomTerm(
        name=part.grouping.name,
        group=part.grouping.name,
        coefficients=names,
        levels=levels,
        codes=codes,
        shares=shares,
        columns=None if only_constant else np.ascontiguousarray(values.T),
    )


def _crossed(grouping: Grouping, columns: Columns) -> Factor:
    """The columns of a grouping as one factor; the first column varies slowest, as in R."""
    result = factor(columns[grouping.columns[0]])
    for name in grouping.columns[1:]:
        other = factor(columns[name])
        size = len(other.levels)
        present, codes = np.unique(result.codes * size + other.codes, return_inverse=True)
        levels = tuple(f"{result.levels[key // size]}:{other.levels[key % size]}" for key in present.tolist())
        result = Factor(codes, levels)
    return result


def _memberships(grouping: Grouping, columns: Columns) -> tuple[Codes, Floats, tuple[str, ...]]:
    labels = [as_labels(columns[name]) for name in grouping.members]
    levels = sorted_levels(pl.concat([label.alias("level") for label in labels]))
    physical = [label.cast(pl.Enum(levels)).to_physical() for label in labels]
    codes = np.stack([part.fill_null(0).to_numpy().astype(np.int64) for part in physical])
    present = np.stack([label.is_not_null().to_numpy() for label in labels])
    if not grouping.shares:
        return codes, present / present.sum(axis=0), tuple(levels)
    shares = np.stack([_share(columns[name]) for name in grouping.shares])
    if (shares < 0).any() or (shares.sum(axis=0) > LARGEST_SHARE).any():
        raise InvalidInput(
            "growth.share",
            f"Tỉ lệ {', '.join(grouping.shares)} phải từ 0, cộng lại không quá 1 ở mỗi dòng: 0,6 thay vì 60.",
        )
    return codes, np.where(present, shares, 0.0), tuple(levels)


def _share(series: pl.Series) -> Floats:
    numbers = as_numbers(series)
    if numbers is None:
        raise InvalidInput("formula.text", f"Cột tỉ lệ “{series.name}” có ô không phải là số.")
    return numbers.fill_null(0.0).to_numpy()


def _in_order(terms: list[RandomTerm]) -> tuple[RandomTerm, ...]:
    """Most levels first; as in lme4, ties turn round when anything moves. Repeated names get .1, .2, …"""
    sizes = [len(term.levels) for term in terms]
    if any(before < after for before, after in itertools.pairwise(sizes)):
        terms = sorted(terms, key=lambda term: len(term.levels))[::-1]
    seen = Counter[str]()
    named = []
    for term in terms:
        repeat = seen[term.group]
        named.append(replace(term, name=f"{term.group}.{repeat}") if repeat else term)
        seen[term.group] += 1
    return tuple(named)
