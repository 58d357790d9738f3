"""From questions back to paper: Word, PDF, key tables."""
