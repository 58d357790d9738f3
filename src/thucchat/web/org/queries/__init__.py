"""Reads of the unit tree and of accounts."""
