import json
import random
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.papers.draw.ceremonies import (
    DICE,
    LOTTERY,
    announced,
    chance,
    papers,
    random_ceremony,
    value_of,
)
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.papers.draw.ceremony import (
    announcement_file,
    conduct,
    minutes_faults,
    minutes_file,
    minutes_fingerprint,
    read_announcement,
    read_minutes,
    rehearse,
    series_faults,
)
from thucchat.engine.papers.draw.model import Rules

VERIFIER = Path(__file__).parents[4] / "docs" / "verify_draw.py"
POOL = papers({"A": 3, "B": 1, "C": 2})


def minutes_of(**changes):
    announcement = announced(POOL, **changes)
    return conduct(announcement, chance(announcement))


def test_the_independent_verifier_is_under_sixty_lines_and_agrees_on_a_thousand_minutes():
    verdict = runpy.run_path(str(VERIFIER))["verdict"]
    attempts = []
    for seed in range(1000):
        minutes = conduct(*random_ceremony(seed))
        attempts.append(minutes.selection.attempts)
        assert verdict(json.loads(minutes_file(minutes))) == ("OK", minutes_fingerprint(minutes))

    assert len(VERIFIER.read_text("utf-8").splitlines()) < 60
    assert max(attempts) > 1


def test_the_independent_verifier_finds_another_result():
    verdict = runpy.run_path(str(VERIFIER))["verdict"]
    for seed in range(50):
        minutes = conduct(*random_ceremony(seed))
        other = (minutes.selection.forms[-1], *minutes.selection.forms[1:-1], minutes.selection.forms[0])
        forged = replace(minutes, selection=replace(minutes.selection, forms=other))
        assert verdict(json.loads(minutes_file(forged)))[0] == "WRONG"


def test_minutes_come_back_from_their_file_and_hold():
    minutes = minutes_of()

    assert read_minutes(minutes_file(minutes)) == minutes
    assert minutes_faults(minutes) == ()
    assert read_announcement(announcement_file(minutes.announcement)) == minutes.announcement


def test_any_edited_byte_is_detected():
    content, generator = minutes_file(minutes_of()).encode(), random.Random(1)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << generator.randrange(8)
        with pytest.raises(InvalidInput):
            read_minutes(bytes(changed).decode(errors="replace"))


def test_an_edit_with_all_codes_computed_again_leads_to_another_seed():
    """The forger replaces a paper of the pool and makes the file consistent, but keeps the result."""
    minutes = minutes_of()
    pool = (replace(POOL[0], fingerprint="0" * 64), *POOL[1:])
    forged = replace(minutes, announcement=replace(minutes.announcement, pool=pool))

    found = {fault.code for fault in minutes_faults(read_minutes(minutes_file(forged)))}

    assert {"draw.root", "draw.seed"} <= found
    assert minutes_fingerprint(forged) != minutes_fingerprint(minutes)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("seed", "0" * 64, "draw.seed"),
        ("root", "0" * 64, "draw.root"),
        ("withheld", ("B",), "draw.withheld"),
    ],
)
def test_a_false_statement_is_named(field, value, code):
    forged = replace(minutes_of(), **{field: value})

    assert [fault.code for fault in minutes_faults(forged)] == [code]


def test_a_withheld_reveal_is_named_and_the_draw_goes_on():
    announcement = announced(POOL)
    came = chance(announcement)
    less = {unit: value for unit, value in came.reveals.items() if unit != "B"}

    minutes = conduct(announcement, replace(came, reveals=less))

    assert minutes.withheld == ("B",)
    assert minutes_faults(minutes) == ()


def test_a_false_reveal_is_named_and_has_no_effect_on_the_seed():
    announcement = announced(POOL)
    came = chance(announcement)
    without = {unit: value for unit, value in came.reveals.items() if unit != "B"}
    absent = conduct(announcement, replace(came, reveals=without))
    seeds = set()
    for number in range(20):
        lied = conduct(announcement, replace(came, reveals={**without, "B": value_of("B", number + 1)}))
        assert lied.withheld == ("B",)
        seeds.add(lied.seed)

    assert seeds == {absent.seed}


def test_one_honest_source_is_enough_and_withholding_wins_nothing():
    """All but the dice are known to unit B, which decides before they are thrown whether to reveal.

    Whatever it decides, its paper comes up as often as its weight says: 1 in 3 (four standard deviations).
    """
    announcement, draws = announced(POOL), 1500
    wins = {True: 0, False: 0}
    for number in range(draws):
        came = chance(announcement, number)
        for shown in wins:
            reveals = {u: v for u, v in came.reveals.items() if shown or u != "B"}
            [[paper]] = conduct(announcement, replace(came, reveals=reveals)).selection.forms
            wins[shown] += paper.startswith("B")

    bound = 4 * (draws * (1 / 3) * (2 / 3)) ** 0.5
    assert all(abs(count - draws / 3) < bound for count in wins.values())


def test_two_draws_of_one_round_are_detected_and_a_declared_one_is_not():
    first = minutes_of()
    came = chance(first.announcement, 2)
    hidden = conduct(first.announcement, came)
    again = replace(
        first.announcement, number=2, previous=minutes_fingerprint(first), reason="Đề bị lộ khi in."
    )
    second = conduct(again, came)

    assert [fault.code for fault in series_faults([first, hidden])] == ["draw.twice"]
    assert series_faults([second, first]) == ()
    assert [fault.code for fault in series_faults([second])] == ["draw.twice"]
    assert [fault.code for fault in series_faults([hidden, second])] == ["draw.twice"]


def test_a_draw_with_the_same_values_is_the_same_everywhere():
    assert minutes_file(minutes_of()) == minutes_file(minutes_of())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"results": {DICE.name: "1" * 20}}, "results"),
        ({"results": {DICE.name: "1" * 10, LOTTERY.name: "12345"}}, "digits"),
        ({"results": {DICE.name: "1" * 20, LOTTERY.name: "12 45"}}, "digits"),
        ({"results": {DICE.name: "1" * 20, LOTTERY.name: "12345", "khác": "1"}}, "results"),
        ({"results_at": "2025-01-20T07:59:59"}, "order"),
        ({"reveals_closed_at": "20/01/2025"}, "time"),
        ({"reveals": {"Z": "z" * 30}}, "stranger"),
    ],
)
def test_chance_that_breaks_the_announcement_is_refused(change, code):
    announcement = announced(POOL)
    with pytest.raises(InvalidInput) as refusal:
        conduct(announcement, replace(chance(announcement), **change))
    assert refusal.value.code == f"draw.{code}"


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"format": "thucchat-draw-1"}', "[" * 50_000])
def test_files_that_are_no_minutes_are_refused(text):
    for read in (read_minutes, read_announcement):
        with pytest.raises(InvalidInput) as refusal:
            read(text)
        assert refusal.value.code == "draw.file"


@pytest.mark.parametrize(("path", "value"), [("size", "1"), ("size", True), ("unit", 3), ("cell", None)])
def test_a_file_with_a_number_where_a_text_belongs_is_refused(path, value):
    fields = json.loads(announcement_file(announced(POOL)))
    fields["pool"][0][path] = value
    with pytest.raises(InvalidInput) as refusal:
        read_announcement(json.dumps(fields))
    assert refusal.value.code == "draw.file"


def test_no_unit_sits_its_own_paper():
    rules = Rules((("paper", 1),), forms=2, draw_cap=1, own_cap=0, sitting=("A", "B", "C"))
    announcement = announced(POOL, rules=rules)
    owner = {entry.id: entry.unit for entry in POOL}
    for seed in range(200):
        selection = conduct(announcement, chance(announcement, seed)).selection
        drawn = [owner[form[0]] for form in selection.forms]
        assert all(drawn[form - 1] != unit for unit, form in selection.seats.items())
        assert sorted(selection.seats.values()) == [1, 1, 2]


def test_rules_too_tight_are_found_before_the_day():
    rehearse(announced(POOL))
    with pytest.raises(NoResult) as refusal:
        rehearse(announced(POOL, rules=Rules((("paper", 1),), forms=4, draw_cap=1)))
    assert refusal.value.code == "draw.tight"


def test_the_printed_verifier_is_the_tested_one():
    assert VERIFIER.read_text("utf-8") in VERIFIER.with_name("draw.md").read_text("utf-8")
