"""A design made ready for the search: least squares taken out, columns of one size, rows summed."""

from dataclasses import dataclass, replace

import numpy as np

from thucchat.engine.errors import NoResult
from thucchat.engine.growth.mixed.design import (
    Design,
    Floats,
    RandomTerm,
    check_design,
    independent_columns,
    keep_columns,
)
from thucchat.engine.growth.mixed.statistics import moments
from thucchat.engine.growth.mixed.system import System, build_system

EXACT = 1e-22  # share of the response's squares below which what is left of it is rounding


@dataclass(frozen=True, slots=True)
class Plain:
    """The design after least squares: no digits are lost to a large mean or to alike columns."""

    columns: Floats  # (rows, p): orthonormal
    rest: Floats  # (rows,): what least squares leaves of the response
    start: Floats  # (p,): coefficients of the orthonormal columns by least squares
    whitening: Floats  # (p, p): from coefficients of the orthonormal columns to those of the given ones


@dataclass(frozen=True, slots=True)
class Prepared:
    """A design and the system its likelihood is evaluated on."""

    design: Design  # without the columns that others determine
    dropped: tuple[str, ...]  # their names
    plain: Plain
    scales: tuple[Floats, ...]  # per term (k,): what its columns were divided by
    system: System


def prepared(design: Design) -> Prepared:
    """Check and sum `design`.

    Raises:
        InvalidInput: as `check_design`, and `growth.too_dense`.
        NoResult: `growth.exact` when the fixed columns explain the response exactly.
    """
    keep, whitening = independent_columns(design.fixed)
    dropped = tuple(name for name, kept in zip(design.fixed_names, keep, strict=True) if not kept)
    design = keep_columns(design, keep)
    check_design(design)
    plain = _plain(design, whitening)
    scales = tuple(_scale(term) for term in design.random)
    scaled = tuple(_scaled(term, scale) for term, scale in zip(design.random, scales, strict=True))
    rest = replace(design, response=plain.rest, fixed=plain.columns, random=scaled)
    return Prepared(design, dropped, plain, scales, build_system(moments(rest)))


def _plain(design: Design, whitening: Floats) -> Plain:
    columns = design.fixed @ whitening
    start = columns.T @ design.response
    rest = design.response - columns @ start
    if rest @ rest <= EXACT * (design.response @ design.response):
        raise NoResult("growth.exact", "Phần cố định tính ra đúng từng kết quả nên không còn gì để so sánh.")
    return Plain(columns, rest, start, whitening)


def _scale(term: RandomTerm) -> Floats:
    """Root mean square of each column, so that the search sees columns of one size."""
    if term.columns is None:
        return np.ones(1)
    size = np.sqrt(np.mean(term.columns**2, axis=1))
    return np.where(size > 0, size, 1.0)


def _scaled(term: RandomTerm, scale: Floats) -> RandomTerm:
    return term if term.columns is None else replace(term, columns=term.columns / scale[:, None])
