"""Answers to questions, what they measure, and the publication and look-up of results."""
