"""Dealing chosen items to parallel forms by exchanges, in a small part of the time a solver takes.

Items that fill the same cells change places between two forms, or with an item of the bank that was not
chosen, as long as that lifts information where it is below the goal and keeps enemies and units apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.papers.assembly_model import Floats, Problem, Solution

MOST_EXCHANGES = 2000
RULE_PRICE = 100.0  # one broken rule outweighs any information
CHUNK = 256  # exchanges whose rules are looked at together
SMALLEST_STEP = 1e-12
UNUSED = -1  # form of an item that stands on none
NOTHING = Solution(None, float("-inf"), infeasible=False)
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Hand:
    """What each item brings, and how far that is wanted."""

    information: Floats  # (items, points) as a share of the shape
    base: Floats  # (points,) of the anchors
    lowest: float  # share below which information is too little
    highest: float  # share above which it is too much
    loads: Floats  # (items, rules) on enemies and units
    limits: Floats  # (rules,)
    kinds: Places  # (items,) equal where items fill the same cells


def deal(problem: Problem, chosen: Places, *, goal: float) -> Solution:
    """The `chosen` items dealt to the forms, some exchanged for others, to reach the share `goal`.

    Nothing chosen where the items of a kind cannot be divided, or a rule stays broken.
    """
    hand = _hand(problem, goal)
    form = _start(hand, chosen, problem.forms)
    if form is None or not len(problem.shape):
        return NOTHING
    return _checked(problem, hand, _exchanged(hand, form, problem.forms))


def _checked(problem: Problem, hand: _Hand, form: Places) -> Solution:
    on_form = np.arange(problem.forms)[:, None] == form
    reached = hand.base + on_form @ hand.information
    share = float(reached.min())
    uneven = problem.band is not None and (reached > (1 + problem.band) * share + 1e-9).any()
    if uneven or (on_form @ hand.loads > hand.limits + 1e-9).any():
        return NOTHING
    return Solution(on_form, share, infeasible=False)


def _hand(problem: Problem, goal: float) -> _Hand:
    rules = np.vstack([problem.groups, problem.sizes])
    limits = np.concatenate([np.full(len(problem.groups), float(problem.group_limit)), problem.caps])
    _, kinds = np.unique(problem.tags, axis=0, return_inverse=True)
    highest = np.inf if problem.band is None else goal * (1 + problem.band)
    scaled, base = problem.information / problem.shape, problem.base / problem.shape
    return _Hand(scaled, base, goal, highest, rules.T, limits, kinds.ravel())


def _start(hand: _Hand, chosen: Places, forms: int) -> Places | None:
    """(items,) form of each item, turn by turn and back; none where a kind cannot be divided."""
    form = np.full(len(hand.kinds), UNUSED)
    turns = np.concatenate([np.arange(forms), np.arange(forms)[::-1]])
    for kind in np.unique(hand.kinds[chosen]):
        own = chosen[hand.kinds[chosen] == kind]
        if len(own) % forms:
            return None
        order = own[np.argsort(-hand.information[own].sum(axis=1), kind="stable")]
        form[order] = turns[np.arange(len(own)) % len(turns)]
    return form


def _exchanged(hand: _Hand, form: Places, forms: int) -> Places:
    """The deal after the best exchanges, one at a time."""
    form = form.copy()
    pairs = [(one, two) for one in range(forms) for two in (UNUSED, *range(one + 1, forms))]
    for _ in range(MOST_EXCHANGES):
        gain, left, right = max(_best_exchange(hand, form, pair) for pair in pairs)
        if gain <= SMALLEST_STEP:
            break
        form[left], form[right] = form[right], form[left]
    return form


def _best_exchange(hand: _Hand, form: Places, pair: tuple[int, int]) -> tuple[float, int, int]:
    """Gain and items of the best exchange between two forms, or a form and the rest of the bank.

    Information is cheap and rules are many, so rules are looked at in the order of what information gains,
    until no later exchange can be better. Only where a rule is broken already can they gain something.
    """
    left, right = (np.flatnonzero(form == one) for one in pair)
    rows, columns = np.nonzero(hand.kinds[left][:, None] == hand.kinds[right])
    if not len(rows):
        return 0.0, 0, 0
    out, into = left[rows], right[columns]
    sides = [(left, 1), (right, -1)] if pair[1] != UNUSED else [(left, 1)]
    moved = hand.information[into] - hand.information[out]
    gained = sum((_gained(hand, own, moved * sign) for own, sign in sides), np.zeros(len(out)))
    broken = [float(_excess(hand, hand.loads[own].sum(axis=0))) for own, _ in sides]
    order = np.argsort(-gained, kind="stable")
    step = len(order) if any(broken) else CHUNK
    best, chosen = -np.inf, 0
    for start in range(0, len(order), step):
        part = order[start : start + step]
        if gained[part[0]] <= best:
            break
        load = hand.loads[into[part]] - hand.loads[out[part]]
        kept = [_excess(hand, hand.loads[own].sum(axis=0) + load * sign) for own, sign in sides]
        value = gained[part] + sum(broken) - sum(kept, np.zeros(len(part)))
        if value.max() > best:
            best, chosen = float(value.max()), int(part[np.argmax(value)])
    return best, int(out[chosen]), int(into[chosen])


def _gained(hand: _Hand, own: Places, moved: Floats) -> Floats:
    """(exchanges,) how much nearer a form's information comes to what is wanted, squared."""
    information = hand.base + hand.information[own].sum(axis=0)
    return _off(hand, information) - _off(hand, information + moved)


def _off(hand: _Hand, information: Floats) -> Floats:
    """Squared distance of information from what is wanted, summed over the last axis."""
    off = np.maximum(hand.lowest - information, 0) + np.maximum(information - hand.highest, 0)
    return np.asarray((off**2).sum(axis=-1))


def _excess(hand: _Hand, loads: Floats) -> Floats:
    """Price of the broken rules, summed over the last axis."""
    excess = np.maximum(loads - hand.limits, 0)
    return np.asarray(RULE_PRICE * (excess**2).sum(axis=-1))
