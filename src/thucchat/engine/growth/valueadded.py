"""Value-added models: what teachers, schools and districts add to their pupils' results.

A request names the table's columns; it becomes a formula in lme4's notation, so that anybody can fit
the same model elsewhere. Effects are in units of the response.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.formula.columns import as_labels, without_blanks
from thucchat.engine.growth.formula.model import Model, build_model
from thucchat.engine.growth.formula.terms import Formula, read_formula
from thucchat.engine.growth.mixed.checks import ResidualChecks, check_residuals
from thucchat.engine.growth.mixed.fit import MixedFit, fit_mixed
from thucchat.engine.growth.mixed.uncertainty import prediction_errors
from thucchat.engine.growth.valueadded_baseline import Baseline, corrected_fit

EFFECTS = pl.Schema(
    {
        "group": pl.String(),
        "level": pl.String(),
        "term": pl.String(),
        "estimate": pl.Float64(),
        "se": pl.Float64(),  # conditional, as lme4 gives it: variances and fixed effects taken as known
        "rmse": pl.Float64(),  # root mean squared error with both estimated, from the mean of the levels
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """A model to fit."""

    formula: str  # lme4's notation
    weights: str | None = None  # column of precision weights
    prior_errors: Mapping[str, str] = field(
        default_factory=dict
    )  # prior score to its column of standard errors
    restricted: bool = True  # REML rather than ML


@dataclass(frozen=True, slots=True)
class Growth:
    """A fitted value-added model with its record."""

    formula: Formula
    model: Model
    fit: MixedFit
    checks: ResidualChecks
    baselines: tuple[Baseline, ...]  # how each prior with known errors was corrected


def plain_formula(
    response: str, *, priors: Sequence[str] = (), covariates: Sequence[str] = (), levels: Sequence[str] = ()
) -> str:
    """The formula of a request by column names.

    A level is a column, columns nested in each other (`district/school`), or the columns of several
    teachers of one pupil (`t1+t2`), after `=` their shares (`t1+t2=s1+s2`).
    """
    fixed = [quoted(name) for name in (*priors, *covariates)] or ["1"]
    random = [f"(1 | {_grouping(level)})" for level in levels]
    return f"{quoted(response)} ~ {' + '.join([*fixed, *random])}"


def quoted(name: str) -> str:
    """A column name as formulas write it."""
    plain = name.replace(".", "_").isidentifier() and not name.startswith("_")
    return name if plain else f"`{name}`"


def _grouping(level: str) -> str:
    members, _, shares = level.partition("=")
    names = [quoted(name.strip()) for name in members.split("+")]
    if len(names) == 1:
        return "/".join(quoted(name.strip()) for name in members.split("/"))
    if not shares:
        return f"mm({', '.join(names)})"
    columns = ", ".join(quoted(name.strip()) for name in shares.split("+"))
    return f"mm({', '.join(names)}, weights = cbind({columns}))"


def fit_growth(table: pl.DataFrame, request: Request) -> Growth:
    """Fit the model of `request` to the complete rows of `table`.

    Raises:
        InvalidInput: as `read_formula`, `build_model`, `fit_mixed`, `corrected_fit`.
    """
    formula = read_formula(request.formula)
    if request.prior_errors:
        model, fit, baselines = corrected_fit(
            table, formula, request.prior_errors, weights=request.weights, restricted=request.restricted
        )
    else:
        model, baselines = build_model(table, formula, weights=request.weights), ()
        fit = fit_mixed(model.design, restricted=request.restricted)
    return Growth(formula, model, fit, check_residuals(model.design, fit), baselines)


def last_years(table: pl.DataFrame, year: str, count: int) -> pl.DataFrame:
    """Rows of the last `count` different values of column `year`.

    Raises:
        InvalidInput: `formula.column`, `growth.years`.
    """
    if year not in table.columns:
        raise InvalidInput("formula.column", f"Bảng không có cột năm “{year}”.", column=year)
    labels = as_labels(without_blanks(table[year]))
    years = labels.unique().drop_nulls().sort().to_list()
    if not 1 <= count <= len(years):
        raise InvalidInput(
            "growth.years", f"Cần {count} năm nhưng cột “{year}” có {len(years)} năm.", years=years
        )
    return table.filter(labels.is_in(years[-count:]))


def pooled(table: pl.DataFrame, request: Request, year: str, count: int) -> Growth:
    """The model over the last `count` years, each year with its own mean."""
    recent = last_years(table, year, count)
    formula = request.formula if count == 1 else f"{request.formula} + factor({quoted(year)})"
    changed = Request(formula, request.weights, request.prior_errors, request.restricted)
    return fit_growth(recent, changed)


def effects_frame(growth: Growth) -> pl.DataFrame:
    """Predicted effects with their errors, in the schema EFFECTS: term by term, level by level.

    Raises:
        NoResult: as `prediction_errors`.
    """
    parts = [pl.DataFrame(schema=EFFECTS)]
    errors = prediction_errors(growth.model.design, growth.fit)
    for effects, rmse in zip(growth.fit.effects, errors.terms, strict=True):
        for place, name in enumerate(effects.term.coefficients):
            parts.append(
                pl.DataFrame(
                    {
                        "group": [effects.term.group] * len(effects.term.levels),
                        "level": list(effects.term.levels),
                        "term": [name] * len(effects.term.levels),
                        "estimate": effects.estimates[:, place],
                        "se": effects.errors[:, place],
                        "rmse": rmse[:, place],
                    },
                    schema=EFFECTS,
                )
            )
    return pl.concat(parts)


def two_views(table: pl.DataFrame, request: Request, background: Sequence[str]) -> pl.DataFrame:
    """Effects beside each other: against pupils with the same start, and of similar background as well.

    Both models use the same rows: those with every background column given.
    """
    both = " + ".join([request.formula, *map(quoted, background)])
    similar = fit_growth(table, Request(both, request.weights, request.prior_errors, request.restricted))
    kept = table[similar.model.rows]
    start = effects_frame(fit_growth(kept, request))
    numbers = ("estimate", "se", "rmse")
    named = effects_frame(similar).rename({name: f"background_{name}" for name in numbers})
    return start.rename({name: f"start_{name}" for name in numbers}).join(
        named, on=["group", "level", "term"], how="left", maintain_order="left"
    )


def units_without_result(table: pl.DataFrame, growth: Growth) -> pl.DataFrame:
    """Units of single-column groupings that occur in `table` but have no effect: all their rows lack a cell.

    Columns: group, level, pupils (rows of the unit), reason (a code).
    """
    schema = {"group": pl.String, "level": pl.String, "pupils": pl.Int64, "reason": pl.String}
    parts = [pl.DataFrame(schema=schema)]
    for part in growth.formula.random:
        if len(part.grouping.columns) != 1:
            continue
        name = part.grouping.columns[0]
        labels = as_labels(without_blanks(table[name])).alias("level")
        used = labels.gather(growth.model.rows).unique().implode()
        lost = labels.to_frame().filter(~pl.col("level").is_in(pl.lit(used)))
        counted = lost.group_by("level").agg(pl.len().cast(pl.Int64).alias("pupils")).sort("level")
        parts.append(
            counted.select(pl.lit(name).alias("group"), "level", "pupils", pl.lit("missing").alias("reason"))
        )
    return pl.concat(parts).unique(maintain_order=True)
