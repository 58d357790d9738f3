"""Requests about rules, runs, ratings and objections."""
