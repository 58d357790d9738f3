"""A Merkle tree that only grows: its root from its full subtrees, without the leaves behind them."""

from collections.abc import Iterable
from dataclasses import dataclass

from thucchat.engine.custody.merkle import node_hash, root


@dataclass(frozen=True, slots=True)
class Frontier:
    """The first `size` leaves, as the roots of their full subtrees from the largest to the smallest."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> "Frontier":
        """This tree with further leaf hashes."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            size, peak, full = size + 1, leaf, size
            while full % 2:
                peak, full = node_hash(peaks.pop(), peak), full // 2
            peaks.append(peak)
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """As `merkle.root` of the same leaves."""
        if not self.peaks:
            return root(())
        *larger, top = self.peaks
        for peak in reversed(larger):
            top = node_hash(peak, top)
        return top
