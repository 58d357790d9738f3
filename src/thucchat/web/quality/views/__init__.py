"""Requests about targets, handovers, commitments, reviews and acceptances."""
