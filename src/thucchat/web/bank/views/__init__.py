"""Requests of the bank."""
