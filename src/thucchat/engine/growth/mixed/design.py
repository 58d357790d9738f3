"""What a mixed model is fitted to: response, fixed columns, random terms. One row per observation."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RandomTerm:
    """Coefficients that vary over the levels of one grouping, e.g. (1 + x | school)."""

    name: str  # unique in the model, as lme4 prints it: "school:district", "school.1"
    group: str  # the grouping; two terms may share it
    coefficients: tuple[str, ...]  # names of the k coefficients
    levels: tuple[str, ...]  # names of the q levels
    codes: Codes  # (members, rows): level of each membership; several rows of codes for multiple membership
    shares: Floats | None = None  # (members, rows): share of each membership, 0 for none; None: one full one
    columns: Floats | None = None  # (k, rows): values the coefficients multiply; None: the constant 1

    @property
    def width(self) -> int:
        """Number of coefficients of one level."""
        return len(self.coefficients)

    @property
    def nodes(self) -> int:
        """Number of random effects of the term."""
        return self.width * len(self.levels)

    @property
    def factors(self) -> int:
        """Number of free entries of the covariance factor."""
        return self.width * (self.width + 1) // 2


@dataclass(frozen=True, slots=True)
class Design:
    """A mixed model's data, complete: no missing value."""

    response: Floats  # (rows,)
    fixed: Floats  # (rows, columns)
    fixed_names: tuple[str, ...]
    random: tuple[RandomTerm, ...]
    weights: Floats | None = None  # (rows,): precision weights, positive; None: all 1

    @property
    def rows(self) -> int:
        """Number of observations."""
        return len(self.response)


def check_design(design: Design) -> None:
    """Refuse what has no estimate.

    Raises:
        InvalidInput: `growth.rows`, `growth.weights`, `growth.level_count`, `growth.constant`.
    """
    rows, columns = design.fixed.shape
    if rows <= columns:
        raise InvalidInput(
            "growth.rows", f"Chỉ có {rows} dòng dùng được cho {columns} hệ số; cần thêm dữ liệu.", rows=rows
        )
    if design.weights is not None and not (design.weights > 0).all():
        raise InvalidInput("growth.weights", "Trọng số phải lớn hơn 0 ở mọi dòng.")
    if np.ptp(design.response) == 0:
        raise InvalidInput("growth.constant", "Mọi dòng có cùng một kết quả nên không có gì để so sánh.")
    for term in design.random:
        _check_levels(term, rows)


def _check_levels(term: RandomTerm, rows: int) -> None:
    levels = len(term.levels)
    if levels < 2:
        raise InvalidInput(
            "growth.level_count",
            f"Nhóm “{term.group}” chỉ có {levels} giá trị; cần ít nhất 2.",
            group=term.group,
        )
    if term.shares is None and term.nodes >= rows and term.width * levels >= rows:
        raise InvalidInput(
            "growth.level_count",
            f"Nhóm “{term.group}” có {term.nodes} hiệu ứng cho {rows} dòng nên không tách được khỏi phần dư.",
            group=term.group,
        )


def independent_columns(columns: Floats, tolerance: float = 1e-7) -> tuple[NDArray[np.bool_], Floats]:
    """Which columns are no combination of those before them, and what makes these orthonormal.

    A column is dropped when what the earlier ones leave of it is below `tolerance` of its length.
    Shapes: (p,), and for k columns kept (k, k): columns[:, kept] @ that has orthonormal columns.
    """
    scale = np.sqrt(np.einsum("ij,ij->j", columns, columns))
    keep: NDArray[np.bool_] = scale > 0
    scaled = columns / np.where(keep, scale, 1.0)
    # The triangle of a QR without pivoting: its diagonal is what each column adds to those before it,
    # as long as no earlier one is aliased; so the aliased ones are removed one by one.
    while True:
        left = np.flatnonzero(keep)
        triangle = np.linalg.qr(scaled[:, left], mode="r")
        weak = np.flatnonzero(np.abs(np.diag(triangle)) < tolerance)
        if not len(weak):
            return keep, np.asarray(np.linalg.inv(triangle) / scale[left, None], dtype=np.float64)
        keep[left[weak[0]]] = False


def keep_columns(design: Design, keep: NDArray[np.bool_]) -> Design:
    """The design with only some of its fixed columns."""
    if keep.all():
        return design
    names = tuple(name for name, kept in zip(design.fixed_names, keep, strict=True) if kept)
    return replace(design, fixed=design.fixed[:, keep], fixed_names=names)
