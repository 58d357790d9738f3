"""Answers as the tables of options list them: in capitals, the rarest together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.measurement.scoring import Choice, Numeric, Rule, Statements

MOST_OPTIONS = 12  # different answers worth listing one by one
RARE = "khác"


def listed_answers(answers: Sequence[str] | NDArray[np.str_]) -> NDArray[np.str_]:
    """The answers to one item, (persons,); of more than `MOST_OPTIONS` the rarest are called `RARE`."""
    column = np.char.upper(np.asarray(answers, dtype=np.str_))
    options, place, count = np.unique(column, return_inverse=True, return_counts=True)
    if len(options) > MOST_OPTIONS:
        common = np.argsort(-count, kind="stable")[: MOST_OPTIONS - 1]
        options = np.where(np.isin(np.arange(len(options)), common), options, RARE)
    return np.asarray(options[place], dtype=np.str_)


def key_text(rule: Rule) -> str | None:
    """The first right answer as it is written; None for points that raters give."""
    match rule:
        case Choice(keys=(key, *_)) | Numeric(keys=(key, *_)) | Statements(key=key):
            return key
    return None
