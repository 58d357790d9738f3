import numpy as np
import pytest

from tests.engine.measurement.raters.worlds import marking
from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.raters.marks import marks_of
from thucchat.engine.measurement.raters.severity import severities

TRUE = np.array([-0.4, -0.1, 0.0, 0.2, 0.3])


def numbers(found, name):
    return np.array([getattr(one, name) for one in found])


def test_severities_are_recovered_within_their_errors_and_add_to_zero():
    marks, _ = marking(np.random.default_rng(1))

    found = severities(marks)

    severity, error = numbers(found.raters, "severity"), numbers(found.raters, "severity_error")
    assert severity.sum() == pytest.approx(0, abs=1e-9)
    assert (np.abs(severity - TRUE) < 3.5 * error).all()
    assert found.error_sd == pytest.approx(0.35, abs=0.03)
    assert found.script_sd == pytest.approx(1.3, abs=0.15)
    assert found.connected


def test_the_estimate_is_generalised_least_squares_written_out():
    marks, _ = marking(np.random.default_rng(2), scripts=25, severity=(0.0, 0.3, -0.3))
    found = severities(marks)
    same = marks.script[:, None] == marks.script
    covariance = found.error_sd**2 * np.eye(len(same)) + found.script_sd**2 * same
    own = (marks.rater[:, None] == np.arange(3)).astype(float)
    design = np.column_stack([np.ones(len(own)), own[:, 2] - own[:, 0], own[:, 2] - own[:, 1]])

    information = design.T @ np.linalg.solve(covariance, design)
    effects = np.linalg.solve(information, design.T @ np.linalg.solve(covariance, marks.points))

    assert [found.mean, *numbers(found.raters, "severity")[:2]] == pytest.approx(effects)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))[1:]
    assert numbers(found.raters, "severity_error")[:2] == pytest.approx(errors, rel=1e-6)


def test_a_rater_who_grows_severe_is_found_within_two_hundred_scripts():
    marks, _ = marking(np.random.default_rng(3), scripts=500, drift=0.5)

    found = severities(marks).raters

    assert found[0].scripts <= 230
    assert found[0].drift == pytest.approx(0.5, abs=3.5 * found[0].drift_error)
    assert found[0].drift_p < 0.01
    assert (numbers(found[1:], "drift_p") > 0.05).all()


def test_adjusted_scores_are_nearer_the_truth_by_a_third():
    marks, true = marking(np.random.default_rng(4), severity=(-0.8, -0.3, 0.0, 0.4, 0.7))

    scripts = severities(marks).scripts

    raw, adjusted, expected = (
        np.sqrt(np.mean((numbers(scripts, name) - true) ** 2)) for name in ("raw", "adjusted", "expected")
    )
    assert adjusted < 0.7 * raw
    assert expected <= adjusted
    covered = np.abs(numbers(scripts, "expected") - true) < 1.96 * numbers(scripts, "error")
    assert covered.mean() == pytest.approx(0.95, abs=0.03)


def test_raters_without_shared_scripts_are_told_of():
    scripts = [f"s{place}" for place in range(40) for _ in range(2)]
    raters = ["a", "b"] * 20 + ["c", "d"] * 20
    marks = marks_of(scripts, raters, np.random.default_rng(5).normal(6, 1, 80))

    found = severities(marks)

    assert not found.connected
    assert found.caveats


def test_few_scripts_give_no_drift():
    marks, _ = marking(np.random.default_rng(6), scripts=40)

    assert np.isnan(numbers(severities(marks).raters, "drift")).all()


@pytest.mark.parametrize(("raters", "code"), [(["a", "a"], "raters.few"), (["a", "b"], "scripts.once")])
def test_marking_that_cannot_tell_raters_apart_is_refused(raters, code):
    with pytest.raises(NoResult) as refusal:
        severities(marks_of(["s1", "s2"], raters, np.array([5.0, 6.0])))

    assert refusal.value.code == code
