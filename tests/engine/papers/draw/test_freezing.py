from dataclasses import replace

import pytest

from tests.engine.papers.draw.ceremonies import BEACON, announced, papers, print_of
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.draw.freezing import Proposal, check_announcement, gate
from thucchat.engine.papers.draw.model import Entry, Refused, Rules

POOL = papers({"A": 2, "B": 1})


def entry(name):
    return Entry(name, "A", print_of(name))


def test_the_gate_lets_pass_what_is_reviewed_twice_on_the_matrix_and_new():
    proposals = [
        Proposal(entry("d2"), "lan", ("hoa", "mai")),
        Proposal(entry("d1"), "lan", ("hoa", "mai", "lan")),
        Proposal(entry("d3"), "lan", ("hoa", "lan", "hoa"), ("Tổng điểm 9,5, phải là 10.",), ("d1",)),
    ]

    entries, refused = gate(proposals)

    assert [one.id for one in entries] == ["d1", "d2"]
    reasons = (
        "Tổng điểm 9,5, phải là 10.",
        "Mới có 1 người khác tác giả phản biện; cần 2.",
        "Trùng hoặc gần trùng với d1.",
    )
    assert refused == (Refused("d3", "A", reasons),)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pool": ()}, "pool"),
        ({"pool": POOL[::-1]}, "pool"),
        ({"pool": (POOL[0], POOL[0], POOL[2])}, "pool"),
        ({"pool": (replace(POOL[0], fingerprint="abc"), *POOL[1:])}, "pool"),
        ({"pool": (replace(POOL[0], size=0), *POOL[1:])}, "pool"),
        ({"weights": {"A": 1}}, "weights"),
        ({"weights": {"A": 1, "B": 0}}, "weights"),
        ({"rules": Rules(())}, "rules"),
        ({"rules": Rules((("paper", 1), ("paper", 1)))}, "rules"),
        ({"rules": Rules((("paper", 1),), forms=0)}, "rules"),
        ({"rules": Rules((("paper", 1),), form_cap=0)}, "rules"),
        ({"rules": Rules((("paper", 1),), own_cap=0)}, "rules"),
        ({"rules": Rules((("paper", 1),), sitting=("A",))}, "rules"),
        ({"rules": Rules((("paper", 2),), forms=2)}, "short"),
        ({"rules": Rules((("khác", 1),))}, "short"),
        ({"sources": ()}, "sources"),
        ({"sources": (BEACON,)}, "sources"),
        ({"sources": (replace(BEACON, kind="sao"),)}, "sources"),
        ({"commitments": {"A": "12"}}, "commitment"),
        ({"number": 2}, "again"),
        ({"reason": "thử", "previous": "0" * 64}, "again"),
        ({"reason": "thử"}, "again"),
    ],
)
def test_what_could_not_be_drawn_is_refused(change, code):
    with pytest.raises(InvalidInput) as refusal:
        check_announcement(replace(announced(POOL), **change))
    assert refusal.value.code == f"draw.{code}"


def test_every_cell_that_lacks_entries_is_named():
    rules = Rules((("paper", 2), ("Hình|Hiểu", 3)), forms=2)
    with pytest.raises(InvalidInput, match=r"“paper” thiếu 1; “Hình\|Hiểu” thiếu 6"):
        check_announcement(announced(POOL, rules=rules))
