"""Importing lists: what a file would change, changing it, and undoing it."""
