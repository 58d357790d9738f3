"""Psychometrics: what scores and responses say about pupils, items and units."""
