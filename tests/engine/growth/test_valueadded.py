import numpy as np
import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.valueadded import (
    Request,
    effects_frame,
    fit_growth,
    plain_formula,
    pooled,
    two_views,
    units_without_result,
)
from thucchat.engine.growth.valueadded_recompute import evidence, recompute

FORMULA = "score ~ prior + (1|school) + (1|teacher)"


def pupils(seed=0, schools=12, *, noise=0.0):
    """Pupils of 4 teachers a school; the prior is measured with a standard error of `noise`."""
    rng = np.random.default_rng(seed)
    teacher = np.repeat(np.arange(schools * 4), 15)
    school = teacher // 4
    start = rng.normal(size=schools * 4)[teacher] + rng.normal(size=len(teacher))
    effect = 0.4 * rng.normal(size=schools * 4)
    score = 0.8 * start + effect[teacher] + 0.3 * rng.normal(size=schools)[school]
    return pl.DataFrame(
        {
            "score": score + 0.5 * rng.normal(size=len(teacher)),
            "prior": start + noise * rng.normal(size=len(teacher)),
            "se": np.full(len(teacher), noise),
            "poor": rng.integers(0, 2, len(teacher)),
            "year": 2022 + np.arange(len(teacher)) % 3,
            "teacher": [f"T{code:03}" for code in teacher],
            "school": [f"S{code:02}" for code in school],
            "effect": effect[teacher],
        }
    )


def test_column_names_become_a_formula():
    formula = plain_formula(
        "điểm", priors=["điểm đầu"], covariates=["sex"], levels=["district/school", "t1+t2=s1+s2", "a+b"]
    )

    assert formula == (
        "điểm ~ `điểm đầu` + sex + (1 | district/school) + (1 | mm(t1, t2, weights = cbind(s1, s2)))"
        " + (1 | mm(a, b))"
    )


@pytest.mark.parametrize(
    "formula",
    [
        FORMULA,
        "score ~ prior + (prior|school)",
        "score ~ poor + (1|school/teacher)",
        "score ~ 1 + (1|mm(teacher, other))",
    ],
)
def test_the_rated_person_computes_the_same_number_from_the_export(formula):
    table = pupils().with_columns(other=pl.col("teacher").shuffle(seed=3))
    growth = fit_growth(table, Request(formula))

    for effects in growth.fit.effects:
        record = evidence(growth.model, growth.fit, (effects.term.name, effects.term.levels[3]))

        assert recompute(record) == pytest.approx(record.effect, abs=1e-9)


def test_with_one_teacher_the_number_is_the_shrunken_mean_of_what_remains():
    growth = fit_growth(pupils(), Request(FORMULA))
    record = evidence(growth.model, growth.fit, ("teacher", "T005"))

    remains = record.response - record.expected
    ratio = record.residual_variance / record.covariance[0, 0]

    assert record.effect[0] == pytest.approx(len(remains) / (len(remains) + ratio) * remains.mean(), abs=1e-9)


def test_a_noisy_prior_gets_back_its_slope_and_its_fairness():
    table = pupils(1, schools=60, noise=0.7)
    naive = fit_growth(table, Request(FORMULA))
    fair = fit_growth(table, Request(FORMULA, prior_errors={"prior": "se"}))

    assert naive.fit.fixed[1] < 0.62
    assert fair.fit.fixed[1] == pytest.approx(0.8, abs=0.03)
    assert fair.baselines[0].reliability == pytest.approx(1 / 1.49, abs=0.03)
    by_teacher = table.group_by("teacher").agg(pl.col("prior").mean(), pl.col("effect").first())
    slopes = []
    for growth in (naive, fair):
        frame = (
            effects_frame(growth)
            .filter(group="teacher")
            .join(by_teacher, left_on="level", right_on="teacher")
        )
        slopes.append(np.polyfit(frame["prior"], frame["estimate"] - frame["effect"], 1)[0])
    assert slopes[0] > 0.05  # who receives a strong class looks better than he is
    assert abs(slopes[1]) < 0.03


def test_errors_that_differ_from_pupil_to_pupil_are_weighted():
    rng = np.random.default_rng(5)
    table = pupils(2, schools=60)
    errors = rng.choice([0.2, 1.0], len(table))
    table = table.with_columns(prior=pl.col("prior") + errors * rng.normal(size=len(table)), se=errors)

    growth = fit_growth(table, Request(FORMULA, prior_errors={"prior": "se"}))

    assert growth.fit.fixed[1] == pytest.approx(0.8, abs=0.03)
    assert growth.baselines[0].true_variance == pytest.approx(1, abs=0.1)
    weights = growth.model.design.weights
    assert weights[errors == 0.2].mean() > weights[errors == 1.0].mean()


def test_known_errors_of_zero_change_nothing():
    table = pupils(3)
    plain = fit_growth(table, Request(FORMULA))
    corrected = fit_growth(table, Request(FORMULA, prior_errors={"prior": "se"}))

    assert corrected.fit.criterion == pytest.approx(plain.fit.criterion)


def test_years_are_pooled_each_with_its_own_mean():
    table = pupils(4).with_columns(score=pl.col("score") + 5 * (pl.col("year") == 2024))

    one, two = (pooled(table, Request(FORMULA), "year", count) for count in (1, 2))

    assert one.fit.rows == len(table) // 3
    assert two.fit.rows == 2 * len(table) // 3
    assert two.fit.fixed[two.fit.fixed_names.index("factor(year)2024")] == pytest.approx(5, abs=0.3)
    assert two.fit.effects[0].errors.mean() < one.fit.effects[0].errors.mean()


def test_both_views_stand_side_by_side_on_the_same_pupils():
    views = two_views(pupils(5), Request(FORMULA), ["poor"])

    assert views.columns == [
        "group",
        "level",
        "term",
        "start_estimate",
        "start_se",
        "start_rmse",
        "background_estimate",
        "background_se",
        "background_rmse",
    ]
    assert views.null_count().sum_horizontal()[0] == 0


def test_units_whose_pupils_all_lack_a_score_are_named():
    table = pupils(6).with_columns(score=pl.when(pl.col("teacher") != "T007").then("score"))

    growth = fit_growth(table, Request(FORMULA))

    assert units_without_result(table, growth).rows() == [("teacher", "T007", 15, "missing")]


@pytest.mark.parametrize(
    ("formula", "errors", "code"),
    [
        ("score ~ prior*poor + (1|school)", {"prior": "se"}, "prior_use"),
        ("score ~ prior + (prior|school)", {"prior": "se"}, "prior_use"),
        ("score ~ prior + (1|school)", {"prior": "poor"}, "prior_noise"),
        ("score ~ prior + (1|school)", {"prior": "teacher"}, "prior_error"),
    ],
)
def test_corrections_that_cannot_be_made_are_refused(formula, errors, code):
    table = pupils(noise=0.1).with_columns(poor=pl.col("poor") * 40.0)
    with pytest.raises(InvalidInput) as refusal:
        fit_growth(table, Request(formula, prior_errors=errors))
    assert refusal.value.code == f"growth.{code}"
