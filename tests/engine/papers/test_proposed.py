from dataclasses import replace

import pytest

from tests.web.bank.papers import KEYS, MATRIX, TAGS, paper
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.blueprint_checks import paper_faults
from thucchat.engine.papers.proposed import Proposed, answers_of, checked_key, from_bytes, tagged, to_bytes
from thucchat.engine.papers.reading.reader import read_paper


def test_a_proposal_comes_back_from_bytes_and_the_same_one_gives_the_same_bytes():
    proposed = Proposed(paper(0), KEYS, TAGS)

    assert from_bytes(to_bytes(proposed)) == proposed
    turned = replace(proposed, keys=dict(reversed(KEYS.items())), tags=dict(reversed(TAGS.items())))
    assert to_bytes(turned) == to_bytes(proposed)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"format": "other"}', b'{"format": "thucchat-proposed-1"}']
)
def test_other_bytes_are_no_proposal(content):
    with pytest.raises(InvalidInput) as refusal:
        from_bytes(content)
    assert refusal.value.code == "proposed.file"


def test_stated_keys_count_though_numbers_start_again_in_each_part():
    read = Proposed(paper(0), KEYS, TAGS).paper()

    assert [question.key for question in read.questions] == list(KEYS.values())
    again = read_paper(paper(0), answers_of(read))
    assert [question.key for question in again.questions] == list(KEYS.values())


def test_tags_lay_the_paper_on_its_matrix():
    read = Proposed(paper(0), KEYS, TAGS).paper()

    assert paper_faults(MATRIX, tagged(read, TAGS, MATRIX)) == ()
    fewer = {place: tag for place, tag in TAGS.items() if place != 3}
    faults = [fault.message for fault in paper_faults(MATRIX, tagged(read, fewer, MATRIX))]
    assert faults == ["Luỹ thừa, Nhiều lựa chọn, Hiểu: cần 1, đề có 0."]


@pytest.mark.parametrize(
    ("place", "typed", "kept"),
    [(0, "c", "C"), (3, "đ s đ s", "ĐSĐS"), (3, "DSDS", "ĐSĐS"), (4, " 1,5 ", "1,5")],
)
def test_keys_are_taken_as_people_type_them(place, typed, kept):
    assert checked_key(read_paper(paper(0)).questions[place], typed) == kept


@pytest.mark.parametrize(
    ("place", "typed", "code"), [(0, "E", "key.outside"), (3, "ĐS", "key.statements"), (4, " ", "key.blank")]
)
def test_a_key_that_answers_nothing_is_refused(place, typed, code):
    with pytest.raises(InvalidInput) as refusal:
        checked_key(read_paper(paper(0)).questions[place], typed)
    assert refusal.value.code == code
