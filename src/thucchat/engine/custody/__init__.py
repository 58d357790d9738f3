"""Proof that records did not change: canonical text, hash chain, Merkle trees, and papers sealed k of n."""
