"""Merkle trees: one root for many records, and short proofs that a record, or an older tree, is in it.

Source: RFC 6962, section 2.1: leaves are hashed behind byte 0, nodes behind byte 1.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(record: bytes) -> bytes:
    """Hash of one record."""
    return hashlib.sha256(b"\0" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees side by side."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes; that of no leaves is the hash of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    level = list(leaves)
    while len(level) > 1:
        odd = level[len(level) // 2 * 2 :]
        level = [node_hash(*pair) for pair in zip(level[::2], level[1::2], strict=False)] + odd
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], place: int) -> tuple[bytes, ...]:
    """What to hash the leaf at `place` with, from the bottom, to reach the root."""
    if len(leaves) == 1:
        return ()
    half = _half(len(leaves))
    if place < half:
        return (*inclusion_proof(leaves[:half], place), root(leaves[half:]))
    return (*inclusion_proof(leaves[half:], place - half), root(leaves[:half]))


def is_included(leaf: bytes, place: int, size: int, *, proof: Sequence[bytes], top: bytes) -> bool:
    """Whether `proof` shows that `leaf` stands at `place` among `size` leaves under the root `top`."""
    if not 0 <= place < size:
        return False
    value, last, steps = leaf, size - 1, list(proof)
    while last:
        if place % 2 or place < last:
            if not steps:
                return False
            other = steps.pop(0)
            value = node_hash(other, value) if place % 2 else node_hash(value, other)
        place, last = place // 2, last // 2
    return not steps and value == top


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> tuple[bytes, ...]:
    """What shows that the tree of the first `earlier` leaves (1 or more) is the beginning of this one."""
    return _consistency(leaves, earlier, whole=True)


def _consistency(leaves: Sequence[bytes], earlier: int, *, whole: bool) -> tuple[bytes, ...]:
    if earlier == len(leaves):
        return () if whole else (root(leaves),)
    half = _half(len(leaves))
    if earlier <= half:
        return (*_consistency(leaves[:half], earlier, whole=whole), root(leaves[half:]))
    return (*_consistency(leaves[half:], earlier - half, whole=False), root(leaves[:half]))


def is_consistent(sizes: tuple[int, int], roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `sizes[0]` leaves only grew into that of `sizes[1]`."""
    earlier, later = sizes
    if not 1 <= earlier <= later:
        return False
    if earlier == later:
        return not proof and roots[0] == roots[1]
    steps = list(proof)
    place, last = earlier - 1, later - 1
    while place % 2:
        place, last = place // 2, last // 2
    if place:
        if not steps:
            return False
        old = new = steps.pop(0)
    else:
        old = new = roots[0]
    while last:
        if place % 2 or place < last:
            if not steps:
                return False
            other = steps.pop(0)
            old = node_hash(other, old) if place % 2 else old
            new = node_hash(other, new) if place % 2 else node_hash(new, other)
        place, last = place // 2, last // 2
    return not steps and (old, new) == roots


def _half(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
