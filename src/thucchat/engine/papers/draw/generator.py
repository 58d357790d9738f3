"""Whole numbers from a seed: block n is SHA-256 of the 32 bytes of the seed and n in 8 bytes, n from 0."""

from hashlib import sha256

BLOCK = 1 << 256


class Numbers:
    """A stream that the seed alone decides."""

    def __init__(self, seed: str) -> None:
        self.seed = bytes.fromhex(seed)
        self.block = 0

    def below(self, bound: int) -> int:
        """A number from 0 to `bound` − 1, all equally likely: a block past the last whole run is skipped."""
        while True:
            value = int.from_bytes(sha256(self.seed + self.block.to_bytes(8, "big")).digest(), "big")
            self.block += 1
            if value < BLOCK - BLOCK % bound:
                return value % bound
