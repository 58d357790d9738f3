"""Columns that several apps share."""

from django.db import models


def path_field() -> "models.CharField[str, str]":
    """A place in the unit tree, compared byte by byte so that all below a unit is one range."""
    return models.CharField(max_length=120, db_collation="C", editable=False)
