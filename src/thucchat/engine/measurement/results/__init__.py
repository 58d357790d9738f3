"""Exam results of groups of candidates: reading cells, distributions, gaps, national standing."""
