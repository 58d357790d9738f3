import numpy as np
import polars as pl
import pytest

from thucchat.engine.growth.valueadded import Request, effects_frame, fit_growth
from thucchat.engine.growth.valueadded_units import UnitEffect, mean_of_fields, unit_effects

FORMULA = "score ~ 1 + (1|district) + (1|school) + (1|teacher)"
NORMAL_90 = 1.645


def table(rng, *, districts=5, spread=0.3):
    """Pupils of six schools a district with four teachers each; `answer` is district and school together."""
    teacher = np.repeat(np.arange(districts * 24), 12)
    school, district = teacher // 4, teacher // 24
    answer = spread * (rng.normal(size=districts)[district] + rng.normal(size=districts * 6)[school])
    own = 0.2 * rng.normal(size=districts * 24)[teacher]
    return pl.DataFrame(
        {
            "score": answer + own + rng.normal(size=len(teacher)),
            "district": [f"D{code}" for code in district],
            "school": [f"S{code:02}" for code in school],
            "teacher": [f"T{code:03}" for code in teacher],
            "answer": answer,
        }
    )


def test_a_school_answers_for_its_district_too_and_everybody_else_for_themselves():
    growth = fit_growth(table(np.random.default_rng(1)), Request(FORMULA))
    own = {
        (group, level): (estimate, rmse)
        for group, level, _, estimate, _, rmse in effects_frame(growth).rows()
    }

    found = unit_effects(growth, {"school": "district"})

    assert {group: len(one) for group, one in found.items()} == {"district": 5, "school": 30, "teacher": 120}
    assert found["school"]["S13"].estimate == pytest.approx(
        own["school", "S13"][0] + own["district", "D2"][0]
    )
    for group, level in (("district", "D2"), ("teacher", "T050")):
        one = found[group][level]
        assert (one.estimate, one.error) == pytest.approx(own[group, level])
        assert 0 < one.shared <= 1


def test_without_a_unit_around_a_school_answers_for_itself():
    growth = fit_growth(table(np.random.default_rng(2)), Request("score ~ 1 + (1|school)"))

    found = unit_effects(growth, {"school": "district"})

    assert found["school"]["S00"].estimate == pytest.approx(growth.fit.effects[0].estimates[0, 0])


def test_a_variance_estimated_as_zero_leaves_nothing_but_shrinking():
    level = table(np.random.default_rng(3), spread=0.0).with_columns(
        score=pl.col("score") - pl.col("score").mean().over("district")
    )
    found = unit_effects(fit_growth(level, Request(FORMULA)), {})

    assert {one.shared for one in found["district"].values()} == {1.0}
    assert all(one.error > 0 for one in found["district"].values())


@pytest.mark.slow
def test_nine_in_ten_schools_with_their_districts_lie_within_the_errors():
    rng, inside = np.random.default_rng(6), []
    for _ in range(20):
        pupils = table(rng)
        found = unit_effects(fit_growth(pupils, Request(FORMULA)), {"school": "district"})["school"]
        true = dict(pupils.group_by("school").agg(pl.col("answer").first()).iter_rows())
        mean = sum(true.values()) / len(true)
        off = [abs(one.estimate - true[level] + mean) / one.error for level, one in found.items()]
        inside.append(np.mean(np.array(off) <= NORMAL_90))

    assert abs(np.mean(inside) - 0.9) < max(3 * np.std(inside) / len(inside) ** 0.5, 0.03)


@pytest.mark.parametrize(("shared", "error"), [(0.0, 0.1), (1.0, 0.2), (0.5, 0.025**0.5)])
def test_the_shared_part_of_errors_does_not_average_out(shared, error):
    fields = [UnitEffect(estimate, 0.2, shared) for estimate in (0.1, 0.2, 0.3, 0.6)]

    assert mean_of_fields(fields) == pytest.approx((0.3, error))


def test_one_field_is_its_own_mean():
    assert mean_of_fields([UnitEffect(0.4, 0.2, 0.3)]) == pytest.approx((0.4, 0.2))
