from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.custody.chain import START, Anchor, append, chain_faults, commitment, event_hash


def chain_of(size):
    events = []
    for number in range(size):
        events.append(append(events[-1] if events else None, "score", {"sheet": number, "score": "7.25"}))
    return events


def computed_again(events):
    again, previous = [], START
    for sequence, event in enumerate(events, start=1):
        value = event_hash(sequence, event.kind, body=event.body, previous=previous)
        again.append(replace(event, sequence=sequence, previous=previous, hash=value))
        previous = value
    return again


def test_a_clean_chain_has_no_faults():
    events = chain_of(50)

    assert chain_faults(events, [Anchor(20, events[19].hash), Anchor(50, events[49].hash)]) == ()


@given(st.integers(0, 19), st.sampled_from(["edit", "delete", "swap", "kind"]))
def test_a_careless_change_is_found_at_its_place(place, change):
    events = chain_of(21)
    if change == "edit":
        events[place] = replace(events[place], body={"sheet": place, "score": "9.25"})
    elif change == "kind":
        events[place] = replace(events[place], kind="key")
    elif change == "delete":
        del events[place]
    else:
        events[place], events[place + 1] = events[place + 1], events[place]

    faults = chain_faults(events)

    assert min(fault.sequence for fault in faults) in {place + 1, place + 2}


@pytest.mark.parametrize("cut", [1, 10])
def test_a_cut_tail_is_found_only_by_what_left_the_building(cut):
    events = chain_of(30)
    left, anchor = events[:-cut], Anchor(30, events[29].hash)

    assert chain_faults(left) == ()
    assert [fault.code for fault in chain_faults(left, [anchor])] == ["cut"]


@given(st.integers(0, 29))
def test_a_chain_computed_again_is_found_by_the_anchor(place):
    events = chain_of(30)
    anchor = Anchor(30, events[29].hash)
    events[place] = replace(events[place], body={"sheet": place, "score": "10"})

    assert [fault.code for fault in chain_faults(computed_again(events), [anchor])] == ["anchor"]


def test_a_commitment_needs_its_salt():
    person = {"name": "Người thử nghiệm", "born": "2010-01-02"}

    assert commitment(b"a" * 16, person) != commitment(b"b" * 16, person)
    assert commitment(b"a" * 16, person) == commitment(b"a" * 16, dict(reversed(person.items())))
