import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.growth.gap_warning import gap_warning


def two_years(seed, units=60, pupils=30):
    """Schools whose leniency moves from year to year; two mocks foretell the exam."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), pupils)
    leniency, years = rng.normal(1, 0.5, units), []
    for _ in range(2):
        leniency = 1 + 0.5 * (leniency - 1) + rng.normal(0, 0.4, units)
        ability = rng.normal(5.5, 1.2, len(unit)) + rng.normal(0, 0.6, units)[unit]
        mocks = ability[:, None] + rng.normal(0, 0.7, (len(unit), 2))
        scores = ability + rng.normal(0, 0.6, len(unit))
        years.append((ability + leniency[unit] + rng.normal(0, 0.5, len(unit)), scores, mocks))
    return unit, years


def gap_of(unit, marks, scores):
    return np.bincount(unit, marks - scores) / np.bincount(unit)


def test_the_warning_beats_last_years_gap():
    better = 0
    for seed in range(20):
        unit, ((marks, scores, mocks), (new_marks, new_scores, new_mocks)) = two_years(seed)
        warning = gap_warning((scores, mocks, unit), new_marks, new_mocks, unit, limit=1.5)
        truth = gap_of(unit, new_marks, new_scores)
        ours = np.corrcoef(warning.predicted, truth)[0, 1]
        better += ours > np.corrcoef(gap_of(unit, marks, scores), truth)[0, 1]
    assert better >= 19


def test_the_error_of_prediction_is_the_one_seen():
    missed = []
    for seed in range(20):
        unit, ((_, scores, mocks), (marks, new_scores, new_mocks)) = two_years(seed)
        warning = gap_warning((scores, mocks, unit), marks, new_mocks, unit, limit=1.5)
        missed.append((warning.predicted - gap_of(unit, marks, new_scores)) / warning.error)

    assert np.std(missed) == pytest.approx(1, abs=0.15)


def test_only_units_beyond_the_limit_and_its_error_are_called_wide():
    unit, ((_, scores, mocks), (marks, _, new_mocks)) = two_years(3)

    warning = gap_warning((scores, mocks, unit), marks, new_mocks, unit, limit=1.0)

    assert (warning.wide == (warning.predicted - warning.error > 1.0)).all()
    assert 0 < warning.wide.sum() < 60


def test_pupils_with_a_missing_mock_are_left_out_and_small_units_have_no_prediction():
    unit, ((_, scores, mocks), (marks, _, new_mocks)) = two_years(4)
    new_mocks[unit == 0, 1] = np.nan

    warning = gap_warning((scores, mocks, unit), marks, new_mocks, unit, limit=1.0)

    assert warning.count[:2].tolist() == [0, 30]
    assert np.isnan(warning.predicted[0])
    assert not warning.wide[0]


def test_other_signals_than_last_years_are_refused():
    unit, ((_, scores, mocks), (marks, _, new_mocks)) = two_years(5)
    with pytest.raises(InvalidInput) as refusal:
        gap_warning((scores, mocks[:, :1], unit), marks, new_mocks, unit, limit=1)
    assert refusal.value.code == "warning.signals"


def test_too_few_pupils_last_year_are_refused():
    unit, ((_, scores, mocks), (marks, _, new_mocks)) = two_years(6)
    with pytest.raises(NoResult) as refusal:
        gap_warning((scores[:20], mocks[:20], unit[:20]), marks, new_mocks, unit, limit=1)
    assert refusal.value.code == "warning.few"
