"""Erasures that turned wrong answers into right ones, room by room.

Pupils correct themselves; how often a change ends right depends on ability and item. A room stands out when
its changes end right far more often than those of equally able pupils elsewhere in the same examination.
Source: Wollack, Cohen and Eckerly (2015), Educational and Psychological Measurement 75(6), 931-953, for the
index over erased items given the ability shown on the others; here compared with the whole examination.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr

from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.forensics.answers import MISSING, Answers
from thucchat.engine.measurement.forensics.model import OptionCurves, likeliest

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RoomErasures:
    """Changed answers in every room with any. All arrays are (rooms,)."""

    room: NDArray[np.int64]
    persons: NDArray[np.int64]  # in the room
    changed: NDArray[np.int64]  # answers
    to_right: NDArray[np.int64]  # from wrong to right
    expected: Floats  # from wrong to right, for these pupils and items
    p: Floats


def changed_answers(
    answers: Answers, first: Mapping[str, Sequence[str]], given: Mapping[str, Sequence[str]]
) -> NDArray[np.bool_]:
    """(persons, items) true where a first answer was read and another one stands.

    `first` and `given` hold the texts per item, "" = nothing was erased, or nothing stands.
    """
    columns = [
        _differs(first[item], given[item]) if item in first else np.zeros(len(answers.codes), bool)
        for item in answers.items
    ]
    return np.asarray(np.column_stack(columns) & (answers.codes != MISSING))


def room_erasures(
    answers: Answers,
    curves: OptionCurves,
    changed: NDArray[np.bool_],
    *,
    was_right: NDArray[np.bool_],
    rooms: NDArray[np.int64],
) -> RoomErasures:
    """Compare the rooms.

    Shapes:
        changed, was_right: (persons, items); was_right says that the erased answer was right.
        rooms: (persons,) number of the room, negative where unknown.
    Raises:
        NoResult: `erasures.few` when fewer than 20 answers were changed from a wrong one.
    """
    counted = changed & ~was_right & (rooms >= 0)[:, None]
    if counted.sum() < 20:
        raise NoResult(
            "erasures.few", f"Chỉ có {int(counted.sum())} câu tẩy từ đáp án sai; chưa đủ để so các phòng."
        )
    kept = replace(answers, codes=np.where(changed, MISSING, answers.codes).astype(np.int8))
    place = likeliest(kept, np.log(np.maximum(curves.p, 1e-300)))
    p_right = np.clip((curves.p * answers.right).sum(axis=2)[place], 1e-9, 1 - 1e-9)
    person, item = np.nonzero(counted)
    right = answers.is_right[person, item]
    p = _levelled(p_right[person, item], right)
    room, held = np.unique(rooms[person], return_inverse=True)
    to_right, expected = np.bincount(held, right), np.bincount(held, p).astype(np.float64)
    spread = np.sqrt(np.bincount(held, p * (1 - p)))
    z = (to_right - expected - 0.5) / np.maximum(spread, 1e-9)
    persons = np.bincount(rooms[rooms >= 0], minlength=int(room.max()) + 1)[room]
    return RoomErasures(room, persons, np.bincount(held), to_right.astype(np.int64), expected, ndtr(-z))


def _levelled(p: Floats, right: NDArray[np.bool_]) -> Floats:
    """The chances with their log odds shifted alike, so that they add up to what was seen everywhere."""
    seen = min(max(float(right.sum()), 0.5), len(right) - 0.5)
    shift = brentq(lambda move: float(expit(logit(p) + move).sum()) - seen, -60, 60)
    return np.asarray(expit(logit(p) + shift))


def _differs(first: Sequence[str], given: Sequence[str]) -> NDArray[np.bool_]:
    erased = np.char.upper(np.char.strip(np.asarray(first, dtype=np.str_)))
    standing = np.char.upper(np.char.strip(np.asarray(given, dtype=np.str_)))
    return np.asarray((erased != "") & (erased != standing))
