"""Reads: where candidates belong, what stands, how many have each score, which reports there are."""
