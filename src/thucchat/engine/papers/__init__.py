"""Exam papers: read from Word, checked, shuffled into variants, and written back."""
