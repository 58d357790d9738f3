import hashlib
import json
from dataclasses import replace

import pytest

from tests.engine.papers.draw.ceremonies import BEACON, announced, chance, papers, print_of
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.draw.seed import announcement_fingerprint, commit, new_value, pool_root, seed_of

POOL = papers({"A": 1, "B": 1})


def test_a_commitment_is_the_hash_of_three_texts():
    value = "4711-" + "0" * 32
    text = f'["KỲ 1","A","{value}"]'

    assert commit("KỲ 1", "A", value) == hashlib.sha256(text.encode()).hexdigest()


def test_a_value_that_can_be_guessed_is_refused_and_a_new_one_never_is():
    with pytest.raises(InvalidInput) as refusal:
        commit("KỲ 1", "A", "12")
    assert refusal.value.code == "draw.value"
    assert commit("KỲ 1", "A", new_value("1")) != commit("KỲ 1", "A", new_value("1"))


def test_the_root_is_hashed_as_rfc_6962_says():
    texts = [
        json.dumps(
            {"cell": "paper", "fingerprint": e.fingerprint, "id": e.id, "size": 1, "unit": e.unit},
            separators=(",", ":"),
        )
        for e in POOL
    ]
    leaves = [hashlib.sha256(b"\0" + text.encode()).digest() for text in texts]

    assert pool_root(POOL) == hashlib.sha256(b"\1" + leaves[0] + leaves[1]).hexdigest()


def test_every_value_counts_and_nothing_else():
    announcement = announced(POOL)
    came = chance(announcement)
    changes = [
        (replace(announcement, title="khác"), came),
        (replace(announcement, weights={"A": 1, "B": 2}), came),
        (announcement, replace(came, reveals={"A": came.reveals["A"]})),
        (announcement, replace(came, results={**came.results, BEACON.name: print_of("x")})),
        (announcement, chance(announcement, 1)),
    ]
    seeds = {seed_of(announcement, came)} | {seed_of(*change) for change in changes}

    assert len(seeds) == 1 + len(changes)
    assert seed_of(announcement, replace(came, results_at="2025-01-20T09:00:00")) in seeds
    assert len({announcement_fingerprint(one) for one, _ in changes}) == 3
