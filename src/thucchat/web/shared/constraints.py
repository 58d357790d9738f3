"""Constraints that several apps share."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db.models import F, Func, Value


def one_a_day(name: str, *columns: str) -> ExclusionConstraint:
    """No two rows that agree in `columns` (ids) overlap in `days`.

    An id is compared as a range of itself, for which the index needs no extension of the server.
    """
    same = [
        (Func(F(column), F(column), Value("[]"), function="int8range"), RangeOperators.OVERLAPS)
        for column in columns
    ]
    return ExclusionConstraint(name=name, expressions=[*same, ("days", RangeOperators.OVERLAPS)])
