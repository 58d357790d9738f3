import numpy as np
import pytest

from tests.engine.growth.mixed.examples import crossed_design, slow_parts, term
from tests.engine.growth.mixed.test_iterative import province
from thucchat.engine.growth.mixed import integration, system, uncertainty
from thucchat.engine.growth.mixed.design import Design
from thucchat.engine.growth.mixed.fit import fit_mixed
from thucchat.engine.growth.mixed.integration import Averages
from thucchat.engine.growth.mixed.likelihood import evaluate
from thucchat.engine.growth.mixed.uncertainty import prediction_errors

NORMAL_90 = 1.645


def known_variances(given, mode, visit):
    """No averaging: all weight on the estimate."""
    point = evaluate(given, mode, restricted=True)
    return Averages(np.ones(1), visit(point)[None], 1.0)


def slow_errors(design, fit, targets):
    """Of `targets` (targets, effects), from the definition with the whole matrix V."""
    v, z, g = slow_parts(design, fit.covariances, fit.residual_variance)
    inverse = np.linalg.inv(v)
    x = design.fixed
    project = inverse - inverse @ x @ np.linalg.solve(x.T @ inverse @ x, x.T @ inverse)
    return np.sqrt(np.diag(targets @ (g - g @ z.T @ project @ z @ g) @ targets.T))


def about_the_mean(term):
    """Each effect less the mean of its coefficient."""
    levels = len(term.levels)
    return np.kron(np.eye(levels) - 1 / levels, np.eye(term.width))


@pytest.mark.parametrize(
    "shape", [{}, {"slopes": True}, {"weights": True}, {"members": True, "slopes": True}]
)
def test_with_known_variances_errors_are_those_of_the_definition(monkeypatch, shape):
    monkeypatch.setattr(uncertainty, "average_over_theta", known_variances)
    design = crossed_design(2, **shape)
    fit = fit_mixed(design)
    blocks = [about_the_mean(each) for each in design.random]
    size = sum(len(block) for block in blocks)
    last = size - len(blocks[-1])
    pairs = np.array([[0, last], [2, last + 1], [4, last + 1]])
    sums = np.zeros((3, size))
    sums[np.arange(3)[:, None], pairs] += 1

    found = prediction_errors(design, fit, pairs)

    start = 0
    for block, errors in zip(blocks, found.terms, strict=True):
        targets = np.zeros((len(block), size))
        targets[:, start : start + len(block)] = block
        assert errors.ravel() == pytest.approx(slow_errors(design, fit, targets), rel=1e-6)
        start += len(block)
    assert found.sums == pytest.approx(slow_errors(design, fit, sums - sums.mean(axis=0)), rel=1e-6)


def schools(rng, count, pupils, *, spread=0.4, teachers=0.0):
    """Pupils of schools of four teachers each."""
    teacher = np.repeat(np.arange(count * 4), pupils // 4)
    school = teacher // 4
    effects = spread * rng.normal(size=count)
    y = effects[school] + rng.normal(size=len(school)) + teachers * rng.normal(size=count * 4)[teacher]
    terms = (term("school", school),) + ((term("teacher", teacher),) if teachers else ())
    return Design(y, np.ones((len(y), 1)), ("(Intercept)",), terms), effects


def test_where_many_groups_tell_the_variance_errors_are_the_conditional_ones():
    design, _ = schools(np.random.default_rng(1), 600, 20)
    fit = fit_mixed(design)

    found = prediction_errors(design, fit)

    assert found.terms[0] == pytest.approx(fit.effects[0].errors, rel=0.03)


def test_a_variance_estimated_as_zero_leaves_errors_above_zero():
    design, _ = schools(np.random.default_rng(4), 6, 20, spread=0.0)
    fit = fit_mixed(design)
    assert fit.covariances[0][0, 0] == 0

    found = prediction_errors(design, fit)

    assert (fit.effects[0].errors == 0).all()
    assert (found.terms[0] > 0.05).all()


@pytest.mark.slow
def test_nine_in_ten_true_effects_of_few_schools_lie_within_the_errors():
    rng = np.random.default_rng(8)
    inside, conditional = [], []
    for _ in range(60):
        design, true = schools(rng, 6, 24, spread=0.3, teachers=0.2)
        fit = fit_mixed(design)
        off = np.abs(fit.effects[0].estimates[:, 0] - (true - true.mean()))
        inside.append((off <= NORMAL_90 * prediction_errors(design, fit).terms[0][:, 0]).mean())
        conditional.append((off <= NORMAL_90 * fit.effects[0].errors[:, 0]).mean())

    band = 3 * np.std(inside) / np.sqrt(len(inside))
    assert abs(np.mean(inside) - 0.9) < max(band, 0.05)
    assert np.mean(conditional) < 0.8


def test_a_split_model_gives_nearly_the_same_errors(monkeypatch):
    monkeypatch.setattr(integration, "ENOUGH", 5.0)
    design = province(schools=30)
    fit = fit_mixed(design)
    districts = 30 * 4 * 2 + 30
    pairs = np.column_stack([np.arange(240, 270), districts + np.arange(30) % 3])
    exact = prediction_errors(design, fit, pairs)
    monkeypatch.setattr(system, "plan_elimination", lambda *_, **__: None)

    near = prediction_errors(design, fit, pairs)

    for one, other in zip(exact.terms, near.terms, strict=True):
        assert other == pytest.approx(one, rel=0.05)
    assert near.sums == pytest.approx(exact.sums, rel=0.05)


def test_a_model_without_groups_has_no_effects_to_err():
    design, _ = schools(np.random.default_rng(1), 6, 20)
    plain = Design(design.response, design.fixed, design.fixed_names, ())

    found = prediction_errors(plain, fit_mixed(plain))

    assert (found.terms, len(found.sums)) == ((), 0)
