"""Columns of a table as numbers or as factors, and the functions a formula may apply to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.formula.tree import Binary, Bracket, Call, Name, Number, Sign, Tree, printed
from thucchat.engine.growth.mixed.design import Codes, Floats

NOT_GIVEN = ("", "NA", "N/A", "NaN", "nan", "null", "NULL")
WHOLE = r"^-?\d+\.0+$"
DECIMAL_COMMA = r"^\s*[+-]?\d+,\d+\s*$"
FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
}
ARITHMETIC: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
HIGHEST_DEGREE = 12


@dataclass(frozen=True, slots=True)
class Numbers:
    """A variable with one or more numeric columns."""

    values: Floats  # (rows, columns)
    endings: tuple[str, ...]  # what each column's name adds to the variable's: "" or "1", "2", …


@dataclass(frozen=True, slots=True)
class Factor:
    """A variable with named levels."""

    codes: Codes  # (rows,)
    levels: tuple[str, ...]  # sorted; the first is the reference


def without_blanks(series: pl.Series) -> pl.Series:
    """Text trimmed, with blanks and NA as null; numbers with NaN as null."""
    if series.dtype == pl.String:
        trimmed = series.str.strip_chars()
        return pl.select(pl.when(~trimmed.is_in(NOT_GIVEN)).then(trimmed)).to_series().alias(series.name)
    if series.dtype.is_float():
        return series.fill_nan(None)
    return series


def as_numbers(series: pl.Series) -> pl.Series | None:
    """The series as numbers where every given cell is one; text may have a decimal comma."""
    if series.dtype.is_numeric():
        return series.cast(pl.Float64)
    if series.dtype != pl.String:
        return None
    comma = series.str.contains(DECIMAL_COMMA)
    pointed = pl.select(pl.when(comma).then(series.str.replace(",", ".")).otherwise(series)).to_series()
    numbers = pointed.cast(pl.Float64, strict=False)
    return numbers if numbers.null_count() == series.null_count() and numbers.is_not_null().any() else None


def as_labels(series: pl.Series) -> pl.Series:
    """The series as text, whole numbers without a decimal point, truth values as R writes them."""
    if series.dtype == pl.Boolean:
        return series.cast(pl.Int8).replace_strict({0: "FALSE", 1: "TRUE"}, return_dtype=pl.String)
    text = series if series.dtype == pl.String else series.cast(pl.String)
    whole = text.drop_nulls().str.contains(WHOLE)
    if len(whole) and (series.dtype.is_float() or whole.all()):
        text = text.str.replace(r"\.0+$", "")
    return text


def factor(series: pl.Series) -> Factor:
    """Levels sorted as numbers where all are numbers, else by code point. No nulls."""
    labels = as_labels(series)
    levels = sorted_levels(labels)
    codes = labels.cast(pl.Enum(levels)).to_physical().to_numpy().astype(np.int64)
    return Factor(codes, tuple(levels))


def sorted_levels(labels: pl.Series) -> list[str]:
    """Distinct labels in the order of levels."""
    distinct = labels.unique().drop_nulls()
    numbers = distinct.cast(pl.Float64, strict=False)
    if len(distinct) and not numbers.null_count():
        keyed = pl.DataFrame({"label": distinct, "number": numbers})
        return keyed.sort("number", "label")["label"].to_list()
    return distinct.sort().to_list()


def evaluate(tree: Tree, columns: Mapping[str, pl.Series]) -> Numbers | Factor:
    """The variable as numbers or as a factor.

    Raises:
        InvalidInput: `formula.column`, `formula.function`, `formula.text`.
    """
    match tree:
        case Name(text):
            series = columns[text]
            numbers = as_numbers(series)
            if numbers is not None:
                return _single(numbers.to_numpy())
            _check_not_spoiled(series)
            return factor(series)
        case Call("factor" | "as.factor", (Name(text),)):
            return factor(columns[text])
        case Call("poly", arguments, options):
            return _polynomial(arguments, dict(options), columns)
        case Call("scale", (inner,), options):
            return _single(_standardised(_numeric(inner, columns), dict(options)))
    return _single(_numeric(tree, columns))


def _check_not_spoiled(series: pl.Series) -> None:
    """Refuse a column of numbers with a few words in it: as a factor it would have a level per number."""
    if series.dtype != pl.String:
        return
    distinct = series.unique().drop_nulls()
    words = distinct.filter(distinct.str.replace(",", ".").cast(pl.Float64, strict=False).is_null())
    if 2 * len(words) < len(distinct):
        message = f"Cột “{series.name}”: “{words[0]}” không phải là số như các ô khác; hãy sửa hoặc để trống."
        raise InvalidInput("formula.text", message, column=series.name)


def _single(values: Floats) -> Numbers:
    return Numbers(np.asarray(values, float).reshape(-1, 1), ("",))


def _numeric(tree: Tree, columns: Mapping[str, pl.Series]) -> Floats:
    """Arithmetic on numeric columns. Shapes: (rows,) or a single number."""
    match tree:
        case Number(value):
            return np.float64(value)  # type: ignore[return-value]  # broadcast against the other side
        case Bracket(inner) | Call("I" | "as.numeric", (inner,)):
            return _numeric(inner, columns)
        case Sign(sign, inner):
            return -_numeric(inner, columns) if sign == "-" else _numeric(inner, columns)
        case Name(text):
            numbers = as_numbers(columns[text])
            if numbers is None:
                raise InvalidInput("formula.text", f"Cột “{text}” có ô không phải là số.", column=text)
            return numbers.to_numpy()
        case Binary(operator, left, right) if operator in ARITHMETIC:
            with np.errstate(all="ignore"):
                return ARITHMETIC[operator](_numeric(left, columns), _numeric(right, columns))
        case Call(function, (inner,)) if function in FUNCTIONS:
            with np.errstate(all="ignore"):
                return FUNCTIONS[function](_numeric(inner, columns))
    known = ", ".join(["I", "poly", "scale", "factor", *FUNCTIONS])
    raise InvalidInput("formula.function", f"Chưa dùng được “{printed(tree)}” trong công thức; có: {known}.")


def _standardised(values: Floats, options: Mapping[str, Tree]) -> Floats:
    def wanted(name: str) -> bool:
        return not (name in options and printed(options[name]) in {"FALSE", "F"})

    centred = values - values.mean() if wanted("center") else values
    if not wanted("scale"):
        return centred
    size = np.sqrt((centred**2).sum() / max(len(centred) - 1, 1))
    return centred / size if size > 0 else centred


def _polynomial(
    arguments: tuple[Tree, ...], options: Mapping[str, Tree], columns: Mapping[str, pl.Series]
) -> Numbers:
    degree = options.get("degree", arguments[1] if len(arguments) == 2 else Number(1.0))
    raw = printed(options["raw"]) in {"TRUE", "T"} if "raw" in options else False
    if not isinstance(degree, Number) or degree.value not in range(1, HIGHEST_DEGREE + 1) or not arguments:
        raise InvalidInput(
            "formula.function", f"Bậc của poly(…) phải là số nguyên từ 1 đến {HIGHEST_DEGREE}."
        )
    values, highest = _numeric(arguments[0], columns), int(degree.value)
    if not raw and len(np.unique(values)) <= highest:
        raise InvalidInput(
            "formula.function", f"“{printed(arguments[0])}” có quá ít giá trị cho bậc {highest}."
        )
    powers = np.arange(1, highest + 1)
    result = values[:, None] ** powers if raw else _orthogonal(values, highest)
    return Numbers(result, tuple(str(power) for power in powers))


def _orthogonal(values: Floats, degree: int) -> NDArray[np.float64]:
    """Orthonormal polynomials without the constant, the leading coefficient positive."""
    centred = values - values.mean()
    powers = centred[:, None] ** np.arange(degree + 1)
    basis, triangle = np.linalg.qr(powers)
    return (basis * np.sign(np.diag(triangle)))[:, 1:]
