import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.rooms import PLACED, ROLL, USED, place_candidates, place_more
from thucchat.engine.vietnamese import name_key

NUMBER = {"grade": 2, "school": 3, "place": 3}
NAMES = ("Lò Văn An", "Vàng A Dế", "Đinh Thị Ân", "Quàng Văn Bình", "Lò Thị An")
pupils = st.lists(
    st.tuples(st.integers(6, 9), st.integers(1, 4), st.sampled_from(NAMES)), min_size=1, max_size=120
)


def roll_of(rows) -> pl.DataFrame:
    """Pupils numbered in order, of (grade, school, name)."""
    full = [
        (pupil, grade, school, f"k{9 - school}", name_key(name))
        for pupil, (grade, school, name) in enumerate(rows)
    ]
    return pl.DataFrame(full, schema=ROLL, orient="row")


@given(pupils, st.integers(1, 30))
def test_rooms_are_few_balanced_and_hold_everybody_once(rows, seats):
    placed = place_candidates(roll_of(rows), seats, NUMBER)

    assert placed["pupil"].sort().to_list() == list(range(len(rows)))
    sizes = placed.group_by("school", "grade", "room").agg(n=pl.len(), last=pl.col("seat").max())
    assert (sizes["n"] == sizes["last"]).all(), "seats are numbered without a gap"
    for _, rooms in sizes.group_by("school", "grade"):
        assert rooms["n"].max() - rooms["n"].min() <= 1
        assert rooms.height == -(-rooms["n"].sum() // seats)
        assert rooms["room"].sort().to_list() == list(range(1, rooms.height + 1))


@given(pupils, st.integers(1, 30), st.randoms())
def test_the_order_in_which_pupils_come_does_not_matter(rows, seats, random):
    roll = roll_of(rows)
    order = list(range(roll.height))
    random.shuffle(order)

    assert place_candidates(roll[order], seats, NUMBER).equals(place_candidates(roll, seats, NUMBER))


@given(pupils, st.integers(1, 30))
def test_numbers_tell_grade_and_school_and_follow_the_names(rows, seats):
    roll = roll_of(rows)
    placed = place_candidates(roll, seats, NUMBER).join(roll.select("pupil", "name_key"), on="pupil")

    assert placed["number"].n_unique() == placed.height
    assert (placed["number"].str.slice(0, 2).cast(pl.Int64) == placed["grade"]).all()
    for _, site in placed.group_by("school", "grade"):
        by_number = site.sort("number")
        assert by_number["name_key"].is_sorted()
        assert by_number.select("room", "seat").rows() == sorted(by_number.select("room", "seat").rows())
    codes = placed.select("school", code=pl.col("number").str.slice(2, 3)).unique()
    assert codes["code"].n_unique() == codes["school"].n_unique() == codes.height


def test_five_pupils_in_rooms_of_two_sit_by_given_name():
    placed = place_candidates(roll_of([(6, 1, name) for name in NAMES]), 2, {"room": 2, "seat": 2})

    by_seat = [(NAMES[row[0]], *row[3:]) for row in placed.rows()]
    assert by_seat == [
        ("Lò Thị An", 1, 1, "0101"),
        ("Lò Văn An", 1, 2, "0102"),
        ("Đinh Thị Ân", 2, 1, "0201"),
        ("Quàng Văn Bình", 2, 2, "0202"),
        ("Vàng A Dế", 3, 1, "0301"),
    ]


def test_nobody_needs_no_room():
    assert place_candidates(pl.DataFrame(schema=ROLL), 24, NUMBER).equals(pl.DataFrame(schema=PLACED))


@pytest.mark.parametrize(
    ("seats", "number", "code"),
    [
        (0, NUMBER, "rooms.seats"),
        (2, {}, "rooms.number"),
        (2, {"class": 2}, "rooms.number"),
        (2, {"place": 3}, "rooms.number"),
        (2, {"grade": 1, "school": 1, "seat": 1}, "rooms.number"),
        (30, {"grade": 2, "school": 1, "place": 1}, "rooms.number"),
    ],
)
def test_a_rule_that_cannot_number_everybody_is_refused(seats, number, code):
    rows = [(grade, school, NAMES[0]) for grade in (6, 7) for school in (1, 2) for _ in range(11)]
    with pytest.raises(InvalidInput) as refusal:
        place_candidates(roll_of(rows), seats, number)
    assert refusal.value.code == code


@given(pupils, pupils, st.integers(1, 30))
def test_more_candidates_follow_those_who_stand(first, more, seats):
    standing = place_candidates(roll_of(first), seats, NUMBER)
    late = roll_of([*first, *more])[len(first) :]
    used = standing.select(USED.names())

    placed = place_more(late, seats, NUMBER, used)

    assert placed["pupil"].sort().to_list() == late["pupil"].to_list()
    assert not set(placed["number"]) & set(used["number"])
    last = standing.group_by("school", "grade").agg(last=pl.col("number").max(), rooms=pl.col("room").max())
    beside = placed.join(last, on=("school", "grade"))
    assert (beside["number"] > beside["last"]).all()
    assert (beside["room"] > beside["rooms"]).all()
    everybody = pl.concat([standing, placed])
    codes = everybody.select("school", code=pl.col("number").str.slice(2, 3)).unique()
    assert codes["code"].n_unique() == codes["school"].n_unique() == codes.height
    assert everybody.group_by("school", "grade", "room").len()["len"].max() <= seats


def test_a_list_of_nobody_is_added_to_as_if_it_were_new():
    roll = roll_of([(6, 1, NAMES[0]), (6, 2, NAMES[1])])

    assert place_more(roll, 24, NUMBER, pl.DataFrame(schema=USED)).equals(place_candidates(roll, 24, NUMBER))


@pytest.mark.parametrize("number", ["0600101", "06A01001"])
def test_numbers_of_another_rule_are_not_added_to(number):
    used = pl.DataFrame([(6, 1, 1, number)], schema=USED, orient="row")

    with pytest.raises(InvalidInput, match=number) as refusal:
        place_more(roll_of([(6, 1, NAMES[0])]), 24, NUMBER, used)

    assert refusal.value.code == "rooms.number"
