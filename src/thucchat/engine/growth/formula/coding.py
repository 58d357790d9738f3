"""Terms to numeric columns: treatment coding, interactions, names as R gives them.

A factor in a term is coded without its reference level when the rest of the term stands earlier in the
formula, else with all its levels. Source: Chambers and Hastie (1992), Statistical Models in S, section 2.4.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from thucchat.engine.growth.formula.columns import Factor, Numbers, evaluate
from thucchat.engine.growth.formula.terms import Part, Term
from thucchat.engine.growth.mixed.design import Floats

INTERCEPT = "(Intercept)"


def model_columns(part: Part, columns: Mapping[str, pl.Series], rows: int) -> tuple[Floats, tuple[str, ...]]:
    """Columns of a part and their names. Shapes: (rows, columns)."""
    variables = {name: evaluate(tree, columns) for name, tree in part.variables.items()}
    whole = _coded_whole(part, variables)
    values = [np.ones((rows, 1))] if part.intercept else []
    names = [INTERCEPT] if part.intercept else []
    for place, term in enumerate(part.terms):
        block, block_names = np.ones((rows, 1)), [""]
        for variable in term:
            coded, endings = _coded(variables[variable], whole=(place, variable) in whole)
            coded = np.broadcast_to(coded, (rows, coded.shape[1]))
            block = (coded[:, :, None] * block[:, None, :]).reshape(rows, -1)
            block_names = [
                f"{before}:{variable}{ending}" if before else f"{variable}{ending}"
                for ending in endings
                for before in block_names
            ]
        values.append(block)
        names += block_names
    return (np.concatenate(values, axis=1) if values else np.zeros((rows, 0))), tuple(names)


def _coded_whole(part: Part, variables: Mapping[str, Numbers | Factor]) -> set[tuple[int, str]]:
    """Which factors, in which terms, keep their reference level."""
    found = {
        (place, variable)
        for place, term in enumerate(part.terms)
        for variable in term
        if not _margin_stands(part.terms[:place], set(term) - {variable})
    }
    if not part.intercept:
        factors = (
            (place, variable)
            for place, term in enumerate(part.terms)
            for variable in part.variables
            if variable in term and isinstance(variables[variable], Factor)
        )
        found.update([first] if (first := next(factors, None)) else [])
    return found


def _margin_stands(earlier: tuple[Term, ...], margin: set[str]) -> bool:
    return not margin or any(margin <= set(term) for term in earlier)


def _coded(variable: Numbers | Factor, *, whole: bool) -> tuple[Floats, tuple[str, ...]]:
    if isinstance(variable, Numbers):
        return variable.values, variable.endings
    first = 0 if whole else 1
    chosen = np.arange(first, len(variable.levels))
    return (variable.codes[:, None] == chosen).astype(np.float64), variable.levels[first:]
