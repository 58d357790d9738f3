"""Mixed models on published tables against lme4: values, data and citations stand in growth_lme4.json."""

import json
from pathlib import Path

import polars as pl
import pytest

from thucchat.engine.growth.valueadded import Request, effects_frame, fit_growth

TABLES = json.loads(Path(__file__).with_name("growth_lme4.json").read_text(encoding="utf-8"))["tables"]
CASES = [
    pytest.param(table["columns"], model, id=f"{model['method']} {model['formula']}")
    for table in TABLES
    for model in table["models"]
]
CLOSE = 1e-5  # relative


def fitted(columns, model):
    frame = pl.DataFrame({name: text.split(" ") for name, text in columns.items()})
    return fit_growth(frame, Request(model["formula"], restricted=model["method"] == "REML"))


def covariances(growth):
    for term, matrix in zip(growth.fit.terms, growth.fit.covariances, strict=True):
        for a, name in enumerate(term.coefficients):
            yield (term.name, name, None), matrix[a, a]
            for b in range(a + 1, term.width):
                yield (term.name, name, term.coefficients[b]), matrix[a, b]
    yield ("Residual", None, None), growth.fit.residual_variance


@pytest.mark.parametrize(("columns", "model"), CASES)
def test_estimates_equal_those_of_lme4(columns, model):
    growth = fitted(columns, model)

    assert growth.fit.converged
    assert growth.fit.log_likelihood == pytest.approx(model["log_likelihood"], rel=1e-8)
    assert list(growth.fit.fixed_names) == [term for term, _, _ in model["fixed"]]
    assert growth.fit.fixed == pytest.approx(
        [estimate for _, estimate, _ in model["fixed"]], rel=CLOSE, abs=1e-8
    )
    assert growth.fit.fixed_errors == pytest.approx([error for _, _, error in model["fixed"]], rel=CLOSE)
    theirs = {(group, one, two): value for group, one, two, value in model["random"]}
    assert dict(covariances(growth)) == pytest.approx(theirs, rel=CLOSE, abs=1e-8)


@pytest.mark.parametrize(("columns", "model"), [case for case in CASES if case.values[1]["effects"]])
def test_predicted_effects_and_their_errors_equal_those_of_lme4(columns, model):
    growth = fitted(columns, model)

    ours = {row[:3]: row[3:] for row in effects_frame(growth).drop("rmse").rows()}
    size = max(abs(value) for *_, value, _ in model["effects"])
    assert len(ours) == len(model["effects"])
    for group, term, level, value, error in model["effects"]:
        estimate, se = ours[group, level.replace(" ", "_"), term]
        assert estimate == pytest.approx(value, rel=CLOSE, abs=CLOSE * size)
        assert se == pytest.approx(error, rel=CLOSE)


def test_a_variance_of_zero_is_named_singular():
    table = next(table for table in TABLES if table["citation"].startswith("Dyestuff2"))

    growth = fitted(table["columns"], table["models"][0])

    assert growth.fit.singular == ("Batch",)
    assert growth.fit.covariances[0][0, 0] == 0.0
