import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.cascade import cascade, common_effort, share_out


@st.composite
def provinces(draw):
    """Pupils in classes in schools, each with a chance; a total that can be reached."""
    schools = draw(st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=4), min_size=1, max_size=5))
    school = np.repeat(np.arange(len(schools)), [sum(classes) for classes in schools])
    sizes = [size for classes in schools for size in classes]
    room = np.repeat(np.arange(len(sizes)), sizes)
    capacity = draw(st.sampled_from([1, 1000]))
    chances = st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0])
    expected = np.array(draw(st.lists(chances, min_size=room.size, max_size=room.size))) * capacity
    return expected, school, room, capacity, draw(st.integers(0, room.size * capacity))


@given(provinces())
def test_the_children_of_every_node_add_up_to_it(province):
    expected, school, room, capacity, total = province

    done = cascade(expected, total, [school, room], capacity=capacity)

    by_school, by_class = done.levels
    assert by_school.sum() == total
    assert (np.bincount(school, done.amounts).astype(int) == by_school).all()
    assert (np.bincount(room, done.amounts).astype(int) == by_class).all()
    assert ((done.amounts >= 0) & (done.amounts <= capacity)).all()
    assert np.abs(done.amounts - done.quotas).max() < 1 + 1e-6


@given(st.lists(st.floats(0.02, 0.98), min_size=2, max_size=30), st.floats(0.05, 0.95))
def test_everyone_is_asked_for_the_same_effort(shares, part):
    start = np.array(shares)

    effort, reached = common_effort(start, part * start.size)

    assert logit(reached) - logit(start) == pytest.approx(effort, abs=1e-6)
    assert reached.sum() == pytest.approx(part * start.size, abs=1e-9)


def test_those_near_the_ceiling_are_asked_for_little():
    done = cascade(np.array([0.5] * 40 + [0.95] * 40), 64, [np.repeat([0, 1], 40)])

    effort = done.effort
    assert 40 * (expit(effort) + expit(effort + logit(0.95))) == pytest.approx(64, abs=1e-9)
    assert done.levels[0].tolist() == [25, 39]


def test_the_likeliest_pupils_are_named():
    chances = np.array([0.2, 0.9, 0.6, 0.4])

    assert cascade(chances, 2).amounts.tolist() == [0, 1, 1, 0]


def test_of_equal_remainders_the_larger_then_the_earlier_goes_first():
    shared = share_out(np.array([3]), np.zeros(3, np.int64), np.array([0.5, 1.5, 0.5]))

    assert shared.tolist() == [1, 2, 0]


def test_a_mean_is_shared_out_in_hundredths():
    done = cascade(np.array([500.0, 700.0]), 1300, capacity=1000)

    assert done.amounts.sum() == 1300
    assert logit(done.quotas / 1000) - logit([0.5, 0.7]) == pytest.approx(done.effort, abs=1e-9)


@pytest.mark.parametrize(
    ("expected", "total", "levels", "code"),
    [
        ([], 0, [], "none"),
        ([1.5], 1, [], "expected"),
        ([np.nan], 1, [], "expected"),
        ([0.5, 0.5], 3, [], "out_of_reach"),
        ([0.5, 0.5], -1, [], "out_of_reach"),
        ([0.5, 0.5], 1, [np.array([0, 1]), np.array([0, 0])], "not_nested"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(expected, total, levels, code):
    with pytest.raises(InvalidInput) as refusal:
        cascade(np.array(expected, float), total, levels)
    assert refusal.value.code == f"target.{code}"


def test_quotas_far_from_their_total_are_refused():
    with pytest.raises(InvalidInput) as refusal:
        share_out(np.array([5]), np.zeros(2, np.int64), np.array([1.0, 1.0]))
    assert refusal.value.code == "target.quotas"


def test_a_whole_province_of_two_hundred_thousand_pupils():
    random = np.random.default_rng(3)
    school = np.sort(random.integers(0, 500, 200_000))
    room = school * 20 + random.integers(0, 20, school.size)
    room = np.unique(room, return_inverse=True)[1]
    chances = random.beta(2, 1.5, school.size)

    done = cascade(chances, 130_001, [school, room])

    assert done.levels[0].sum() == done.levels[1].sum() == done.amounts.sum() == 130_001
