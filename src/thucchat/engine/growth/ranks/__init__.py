"""Ranks that claim no more than the estimates carry."""
