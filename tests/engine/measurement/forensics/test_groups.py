import numpy as np
import pytest

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.forensics.discovery import discover
from thucchat.engine.measurement.forensics.groups import heaped_everywhere, heaping, jumps, too_even

GROUPS = np.repeat(np.arange(30), 30)


@pytest.fixture
def scores():
    rng = np.random.default_rng(31)
    return np.clip(
        np.round((6 + rng.normal(size=30)[GROUPS] * 0.6 + rng.normal(size=900) * 1.4) * 4) / 4, 0, 10
    )


def flagged(pattern):
    return pattern.group[discover(pattern.p).flagged].tolist()


def test_a_class_of_nearly_equal_marks_stands_out(scores):
    scores[GROUPS == 3] = 6 + 0.25 * (np.arange(30) % 3)

    assert flagged(too_even(scores, GROUPS)) == [3]


def test_classes_that_differ_as_classes_do_are_left_alone(scores):
    assert flagged(too_even(scores, GROUPS)) == []
    assert flagged(heaping(scores, GROUPS, 5)) == []


def test_equal_marks_of_a_whole_class_are_a_small_spread_not_an_error(scores):
    scores[GROUPS == 9] = 7.0

    found = too_even(scores, GROUPS)

    assert np.isfinite(found.p).all()
    assert flagged(found) == [9]


def test_a_class_that_jumps_stands_out_and_the_gain_is_on_the_scale_of_the_marks(scores):
    rng = np.random.default_rng(32)
    later = scores + rng.normal(size=900) * 0.7
    later[GROUPS == 5] += 2

    found = jumps(later, scores, GROUPS)

    assert flagged(found) == [5]
    assert found.seen[5] - found.expected[5] == pytest.approx(2, abs=0.5)


def test_marks_lifted_to_the_limit_stand_out(scores):
    lifted = (GROUPS < 2) & (scores >= 4) & (scores < 5)
    scores[lifted] = 5.0

    assert set(flagged(heaping(scores, GROUPS, 5))) <= {0, 1}
    assert flagged(heaping(scores, GROUPS, 5))


def test_what_everybody_does_is_seen_in_the_whole_file_only():
    rng = np.random.default_rng(33)
    scores = np.round(rng.normal(6, 1.4, 3000) * 4) / 4
    assert heaped_everywhere(scores, 5).low < 1.1

    scores[(scores >= 4.5) & (scores < 5)] = 5.0

    assert heaped_everywhere(scores, 5).low > 1.3
    assert flagged(heaping(scores, np.arange(3000) % 30, 5)) == []


def test_pupils_without_scores_and_small_groups_do_not_count(scores):
    scores[GROUPS == 0] = np.nan
    groups = np.where(np.arange(900) < 62, GROUPS, np.where(GROUPS == 2, -1, GROUPS))

    found = too_even(scores, groups)

    assert found.group.tolist() == [1, *range(3, 30)]


@pytest.mark.parametrize("pattern", [too_even, lambda s, g: jumps(s, s, g), lambda s, g: heaping(s, g, 5)])
def test_too_few_groups_are_refused(scores, pattern):
    with pytest.raises(NoResult) as refusal:
        pattern(scores, np.where(GROUPS < 4, GROUPS, -1))

    assert refusal.value.code == "groups.few"
