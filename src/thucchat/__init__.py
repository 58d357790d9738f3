"""Thực Chất: the yearly quality loop of a Vietnamese province's schools."""
