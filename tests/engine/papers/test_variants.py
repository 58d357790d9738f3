"""Plans of variants are permutations inside their bounds, balanced, and unlike their neighbours."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.variants import PaperShape, UnitShape, plan_variants


def simple(count, options=4):
    keys = tuple(place % options for place in range(count))
    return PaperShape((tuple(UnitShape((place,)) for place in range(count)),), (options,) * count, keys)


def plan(paper, count, seed=1):
    return plan_variants(paper, [str(101 + place) for place in range(count)], np.random.default_rng(seed))


def printed_keys(paper, variant):
    """Place of the right option at each position."""
    return [
        variant.options[question].index(paper.keys[question])
        if paper.options[question]
        else paper.keys[question]
        for question in variant.questions
    ]


@st.composite
def papers(draw):
    stretches, count = [], 0
    for _ in range(draw(st.integers(1, 3))):
        units = []
        for size in draw(st.lists(st.integers(1, 4), min_size=1, max_size=6)):
            units.append(UnitShape(tuple(range(count, count + size)), draw(st.booleans())))
            count += size
        stretches.append(tuple(units))
    options = tuple(draw(st.sampled_from([0, 2, 3, 4])) for _ in range(count))
    keys = tuple(draw(st.sampled_from([None, *range(size or 4)])) for size in options)
    return PaperShape(tuple(stretches), options, keys)


@settings(max_examples=60, deadline=None)
@given(papers(), st.integers(1, 5), st.integers(0, 2**32))
def test_every_variant_is_a_permutation_that_respects_parts_and_shared_stems(paper, count, seed):
    for variant in plan(paper, count, seed):
        assert sorted(variant.questions) == list(range(len(paper.keys)))
        place = 0
        for stretch in paper.stretches:
            inside = [question for unit in stretch for question in unit.questions]
            here = variant.questions[place : place + len(inside)]
            assert sorted(here) == sorted(inside)
            for unit in stretch:
                places = [here.index(question) for question in unit.questions]
                assert max(places) - min(places) == len(places) - 1
                assert not unit.ordered or places == sorted(places)
            place += len(inside)
        for size, order in zip(paper.options, variant.options, strict=True):
            assert sorted(order) == list(range(size))


def test_letters_of_the_key_are_balanced_in_every_variant():
    paper = simple(40)

    for variant in plan(paper, 24):
        assert set(Counter(printed_keys(paper, variant)).values()) == {10}


def test_neighbouring_variants_share_no_position_with_the_same_question_or_letter():
    paper = simple(40)
    variants = plan(paper, 24)

    for one, other in itertools.pairwise(variants):
        assert not any(a == b for a, b in zip(one.questions, other.questions, strict=True))
        keys = zip(printed_keys(paper, one), printed_keys(paper, other), strict=True)
        assert not any(a == b for a, b in keys)


def test_no_letter_runs_on_for_more_than_three_positions():
    paper = simple(50)

    for variant in plan(paper, 24):
        keys = printed_keys(paper, variant)
        assert not any(len(set(keys[place : place + 4])) == 1 for place in range(len(keys) - 3))


def test_questions_that_keep_their_options_count_in_the_balance():
    paper = PaperShape(simple(12).stretches, (0,) * 3 + (4,) * 9, (0, 0, 0) + (1,) * 9)

    for variant in plan(paper, 8):
        assert set(Counter(printed_keys(paper, variant)).values()) == {3}


def test_the_same_seed_gives_the_same_plan_and_another_another():
    paper = simple(20)

    assert plan(paper, 6, seed=3) == plan(paper, 6, seed=3)
    assert plan(paper, 6, seed=3) != plan(paper, 6, seed=4)


def test_every_question_reaches_every_position():
    paper = simple(4)
    seen = Counter(
        (place, question)
        for seed in range(400)
        for place, question in enumerate(plan(paper, 1, seed)[0].questions)
    )

    # 400 draws of 4 positions: 100 expected in each cell, standard deviation 8.7.
    assert len(seen) == 16
    assert all(60 < count < 140 for count in seen.values())


@pytest.mark.parametrize(
    ("codes", "code"), [([], "count"), (["101", "101"], "codes"), ([str(n) for n in range(97)], "count")]
)
def test_codes_that_cannot_be_are_refused(codes, code):
    with pytest.raises(InvalidInput) as refusal:
        plan_variants(simple(4), codes, np.random.default_rng(1))
    assert refusal.value.code == f"variants.{code}"
