"""The roots are the published test vectors of Certificate Transparency (RFC 6962 trees of 0 to 8 leaves)."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.custody.merkle import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root,
)

RECORDS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(record)) for record in RECORDS]


@pytest.mark.parametrize("size", range(9))
def test_roots_equal_the_published_ones(size):
    assert root(LEAVES[:size]).hex() == ROOTS[size]


def leaves_of(size):
    return [leaf_hash(str(number).encode()) for number in range(size)]


@given(st.integers(1, 40), st.data())
def test_every_leaf_is_proved_at_its_place_only(size, data):
    leaves, place = leaves_of(size), data.draw(st.integers(0, size - 1))
    proof, top = inclusion_proof(leaves, place), root(leaves)
    shown = [is_included(leaf, place, size, proof=proof, top=top) for leaf in leaves]

    assert [number for number, holds in enumerate(shown) if holds] == [place]
    assert not is_included(leaves[place], place, size, proof=(*proof, top), top=top)
    assert not is_included(leaves[place], size, size, proof=proof, top=top)
    assert not proof or not is_included(leaves[place], place, size, proof=proof[:-1], top=top)


@given(st.integers(1, 40), st.data())
def test_growth_is_proved_and_a_changed_beginning_is_not(size, data):
    leaves, earlier = leaves_of(size), data.draw(st.integers(1, size))
    proof, roots = consistency_proof(leaves, earlier), (root(leaves[:earlier]), root(leaves))
    changed = root([leaf_hash(b"x"), *leaves[1:earlier]])

    assert is_consistent((earlier, size), roots, proof)
    assert not is_consistent((earlier, size), (changed, roots[1]), proof)
    assert not is_consistent((earlier, size), roots, (*proof, roots[0]))
    assert not proof or not is_consistent((earlier, size), roots, proof[:-1])
    assert not is_consistent((0, size), roots, proof)


def test_leaves_and_nodes_cannot_stand_for_each_other():
    two = root(LEAVES[:2])

    assert two == node_hash(*LEAVES[:2])
    assert two != leaf_hash(LEAVES[0] + LEAVES[1])
    assert root([]) == hashlib.sha256(b"").digest()
