"""From a Word file to questions, options and keys, every doubt flagged with its place."""
