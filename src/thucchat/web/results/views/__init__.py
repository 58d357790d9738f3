"""Requests about answers, runs, classes, pupils, publication and look-up."""
