"""Reads of pupils, staff, classes and teaching."""
