import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.equating.forms import Scale, fit_scale, tabulate, without_anchor


@pytest.mark.parametrize(
    ("scores", "scale"),
    [
        ([3, 7, 5], Scale(0, 7, 1)),
        ([7.25, 8.5, 4.75], Scale(0, 8.5, 0.25)),
        ([7.2, 0.4], Scale(0, 7.2, 0.2)),
        ([-3, 4], Scale(-3, 4, 1)),
    ],
)
def test_the_scale_starts_at_zero_and_takes_the_widest_step_that_fits(scores, scale):
    assert fit_scale(np.array(scores, float)) == scale


def test_what_is_known_of_a_form_is_not_guessed():
    assert fit_scale(np.array([3.0, 7.0]), lowest=1, highest=10, step=0.5) == Scale(1, 10, 0.5)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_counts_are_those_of_the_file(scores):
    scale = Scale(0, 10, 0.25)

    form = tabulate(scale, np.array(scores) / 4)

    assert form.counts.tolist() == np.bincount(scores, minlength=41).tolist()


def test_rows_with_counts_are_the_same_as_rows_for_persons():
    anchors = Scale(0, 2, 1)
    one = tabulate(
        Scale(0, 3, 1), np.array([1.0, 1, 1, 3]), anchor_scale=anchors, anchors=np.array([0.0, 0, 2, 2])
    )
    other = tabulate(
        Scale(0, 3, 1),
        np.array([1.0, 1, 3]),
        persons=np.array([2.0, 1, 1]),
        anchor_scale=anchors,
        anchors=np.array([0.0, 2, 2]),
    )

    assert one.counts.tolist() == other.counts.tolist()
    assert without_anchor(one).counts.tolist() == [0, 3, 0, 1]


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (lambda: fit_scale(np.array([])), "scores.missing"),
        (lambda: fit_scale(np.array([1.0, np.nan])), "scores.missing"),
        (lambda: fit_scale(np.array([1.0, np.pi])), "scores.step"),
        (lambda: fit_scale(np.array([0.0, 0.0])), "scores.range"),
        (lambda: tabulate(Scale(0, 5, 1), np.array([6.0])), "scores.scale"),
        (lambda: tabulate(Scale(0, 5, 1), np.array([2.5])), "scores.scale"),
        (lambda: tabulate(Scale(0, 5, 1), np.array([2.0]), persons=np.array([-1.0])), "scores.count"),
    ],
)
def test_what_cannot_be_tabulated_is_refused(build, code):
    with pytest.raises(InvalidInput) as refusal:
        build()
    assert refusal.value.code == code
