import numpy as np
import pytest

from tests.engine.measurement.forensics.worlds import answers, examination
from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.forensics.discovery import discover
from thucchat.engine.measurement.forensics.model import fit_curves
from thucchat.engine.measurement.forensics.similarity import like_pairs


def compared(table, rooms):
    return like_pairs(table, fit_curves(table, np.random.default_rng(0)), rooms)


@pytest.fixture(scope="module")
def world():
    table, rooms, _ = examination(np.random.default_rng(11))
    codes = table.codes.copy()
    for room in range(3):
        codes[room * 20 + 1, :24] = codes[room * 20 + 7, :24]
    return answers(codes), rooms


def test_shared_answers_are_found_and_nobody_else_is_named(world):
    like = compared(*world)

    for chances in (like.p_m4, like.p_gbt, like.p_omega):
        flagged = discover(chances, tests=like.tested).flagged
        named = {tuple(sorted(map(int, pair))) for pair in like.pairs[flagged]}
        assert named <= {(1, 7), (21, 27), (41, 47)}
        assert len(named) >= 2


def test_every_pair_of_a_room_is_tested_and_no_other(world):
    table, rooms = world

    like = compared(table, rooms)

    assert like.tested == 12 * 20 * 19 // 2
    assert like.rooms == 12
    assert (rooms[like.pairs[:, 0]] == rooms[like.pairs[:, 1]]).all()


def test_counts_are_those_of_the_two_sheets(world):
    table, rooms = world
    like = compared(table, rooms)

    for place, (one, two) in enumerate(like.pairs):
        same = table.codes[one] == table.codes[two]
        assert like.same_right[place] == (same & (table.codes[one] == 0)).sum()
        assert like.same_wrong[place] == (same & (table.codes[one] > 0)).sum()


def test_the_blocks_do_not_change_the_result(world, monkeypatch):
    whole = compared(*world)

    monkeypatch.setattr("thucchat.engine.measurement.forensics.similarity.BLOCK", 50)
    parts = compared(*world)

    order = [np.lexsort(like.pairs.T) for like in (whole, parts)]
    assert whole.pairs[order[0]].tolist() == parts.pairs[order[1]].tolist()
    assert whole.p_m4[order[0]] == pytest.approx(parts.p_m4[order[1]])
    assert (whole.tested, whole.rooms) == (parts.tested, parts.rooms)


def test_blanks_are_no_likeness_and_short_sheets_are_not_tested(world):
    table, rooms = world
    codes = table.codes.copy()
    codes[[2, 3], 5:] = -1

    like = compared(answers(codes), rooms)

    assert not np.isin(like.pairs, [2, 3]).any()
    assert like.tested == 12 * 190 - (19 + 18)


def test_persons_without_a_room_are_left_out(world):
    table, rooms = world
    unknown = rooms.copy()
    unknown[:20] = -1

    assert compared(table, unknown).tested == 11 * 190


@pytest.mark.parametrize(("rooms", "code"), [(np.arange(240), "none"), (np.full(240, -1), "none")])
def test_rooms_of_one_have_no_pairs(world, rooms, code):
    with pytest.raises(NoResult) as refusal:
        compared(world[0], rooms)

    assert refusal.value.code == f"pairs.{code}"


def test_too_many_pairs_are_refused_before_anything_is_computed(world, monkeypatch):
    monkeypatch.setattr("thucchat.engine.measurement.forensics.similarity.MOST_PAIRS", 1000)

    with pytest.raises(NoResult, match="--room"):
        compared(*world)


def test_clean_answers_keep_their_promise():
    seen = {"p_omega": [], "p_gbt": [], "p_m4": [], "p_run": []}
    for seed in range(6):
        table, rooms, _ = examination(np.random.default_rng(seed), rooms=30)
        like = compared(table, rooms)
        for name, shares in seen.items():
            shares.append((getattr(like, name) <= 0.01).sum() / like.tested)

    for shares in seen.values():
        assert np.mean(shares) <= 0.012
