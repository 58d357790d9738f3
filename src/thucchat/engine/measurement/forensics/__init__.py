"""Patterns of answers and marks that call for a question; none of them is proof of anything."""
