"""Pupils, staff, classes, enrolment and teaching, and the files they come from (A2-A4)."""
