"""Reads of the quality contract."""
