import numpy as np
import pytest

from tests.engine.growth.mixed.examples import term
from thucchat.engine.growth.mixed import fit, ordering, system
from thucchat.engine.growth.mixed.design import Design
from thucchat.engine.growth.mixed.fit import fit_mixed
from thucchat.engine.growth.mixed.likelihood import derivatives, evaluate
from thucchat.engine.growth.mixed.statistics import moments
from thucchat.engine.growth.mixed.system import build_system


def province(seed=0, schools=60, *, slopes=False):
    """Pupils with a teacher now and one before, mostly of the same school, in 3 districts."""
    rng = np.random.default_rng(seed)
    now = np.repeat(np.arange(schools * 4), 15)
    school = now // 4
    before_school = np.where(rng.random(len(now)) < 0.06, rng.integers(0, schools, len(now)), school)
    before = before_school * 4 + rng.integers(0, 4, len(now))
    before[: schools * 4] = rng.permutation(schools * 4)
    district = school % 3
    x = rng.normal(size=len(now))
    columns = np.stack([np.ones(len(now)), x]) if slopes else None
    y = x + 0.4 * rng.normal(size=schools * 4)[now] + 0.3 * rng.normal(size=schools * 4)[before]
    y += (
        0.3 * rng.normal(size=schools)[school]
        + 0.2 * rng.normal(size=3)[district]
        + rng.normal(size=len(now))
    )
    terms = (
        term("now", now, columns),
        term("before", before),
        term("school", school),
        term("district", district),
    )
    return Design(y, np.column_stack([np.ones(len(y)), x]), ("(Intercept)", "x"), terms)


@pytest.fixture
def split(monkeypatch):
    """Pretend that no model can be eliminated directly, once it has been."""
    monkeypatch.setattr(system, "plan_elimination", lambda *_, **__: None)
    monkeypatch.setattr(fit, "STARTS", (0.5,))


@pytest.mark.parametrize("slopes", [False, True])
def test_a_split_model_has_nearly_the_exact_criterion_and_slope(monkeypatch, slopes):
    gathered = moments(province(slopes=slopes))
    theta = np.array([0.4, 0.1, 0.2, 0.3, 0.3, 0.2] if slopes else [0.4, 0.3, 0.3, 0.2])
    exact = build_system(gathered)
    point = evaluate(exact, theta, restricted=True)
    slope = derivatives(exact, point, restricted=True)
    monkeypatch.setattr(system, "plan_elimination", lambda *_, **__: None)

    split = build_system(gathered)
    near = evaluate(split, theta, restricted=True)
    near_slope = derivatives(split, near, restricted=True)

    assert split.plan is None
    assert near.beta == pytest.approx(point.beta, rel=1e-8)
    assert near.spherical == pytest.approx(point.spherical, abs=1e-8)
    assert near.criterion == pytest.approx(point.criterion, abs=0.5)
    assert near_slope.gradient == pytest.approx(slope.gradient, abs=0.01 * np.abs(slope.hessian).max() ** 0.5)
    assert near_slope.inverse.diagonal == pytest.approx(slope.inverse.diagonal, rel=0.02)


def test_a_split_fit_measures_its_criterion_and_says_how_well(split, monkeypatch):
    design = province(1)
    near = fit_mixed(design)
    monkeypatch.setattr(system, "plan_elimination", ordering.plan_elimination)
    exact = fit_mixed(design)

    assert near.converged
    assert 0 < near.criterion_error < 0.2
    assert abs(near.criterion - exact.criterion) < 4 * near.criterion_error + 0.02
    for ours, theirs in zip(near.covariances, exact.covariances, strict=True):
        assert ours == pytest.approx(theirs, rel=0.01, abs=1e-4)
    assert near.effects[0].errors == pytest.approx(exact.effects[0].errors, rel=0.01)
