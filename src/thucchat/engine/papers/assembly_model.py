"""The mixed-integer program behind assembly: which item goes on which form.

Maximin: information as a share of the wanted shape is made as large as possible where it is smallest.
Source: van der Linden (2005), Linear Models for Optimal Test Design, chapters 4 and 6.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

Floats = NDArray[np.float64]
EXPOSURE_PRICE = 1e-6  # breaks ties towards items seen less, without touching the information
INFEASIBLE = 2  # status of scipy's milp


@dataclass(frozen=True, slots=True)
class Problem:
    """Items to be placed on forms, each on at most one; anchors are already taken out."""

    tags: Floats  # (items, cells) how many places of a cell an item fills
    demand: Floats  # (cells,) per form
    groups: Floats  # (groups, items) 1 where items must not meet
    group_limit: int  # items of a group per form
    sizes: Floats  # (units, items) what an item counts towards its unit's share
    caps: Floats  # (units,) per form
    information: Floats  # (items, points)
    base: Floats  # (points,) information of the anchors, per form
    shape: Floats  # (points,) wanted information
    band: float | None  # how far above the smallest share information may go; none: any
    exposure: Floats  # (items,) how often an item was used before
    forms: int

    def pooled(self) -> "Problem":
        """All forms as one: what any split of its items over forms cannot beat."""
        n = self.forms
        return replace(
            self,
            demand=self.demand * n,
            group_limit=self.group_limit * n,
            caps=self.caps * n,
            base=self.base * n,
            shape=self.shape * n,
            forms=1,
        )

    def only(self, items: NDArray[np.int64]) -> "Problem":
        """The same with fewer items."""
        return replace(
            self,
            tags=self.tags[items],
            groups=self.groups[:, items],
            sizes=self.sizes[:, items],
            information=self.information[items],
            exposure=self.exposure[items],
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver gave."""

    chosen: NDArray[np.bool_] | None  # (forms, items); none where nothing was found
    share: float  # smallest information as a share of the shape
    infeasible: bool  # proved


@dataclass(frozen=True, slots=True)
class _Rule:
    """least ≤ left · (x, y) ≤ most."""

    left: sparse.csr_array
    least: Floats
    most: Floats


def solve(problem: Problem, *, whole: bool = True, gap: float = 0.0, seconds: float = 60.0) -> Solution:
    """Place items; with `whole` false, a bound that no placement beats."""
    items, forms = problem.tags.shape[0], problem.forms
    count = items * forms
    price = np.append(np.tile(problem.exposure * EXPOSURE_PRICE, forms), -1.0)
    upper = np.append(np.ones(count), np.inf if len(problem.shape) else 0.0)
    found = milp(
        price,
        integrality=np.append(np.full(count, int(whole)), 0),
        bounds=Bounds(np.zeros(count + 1), upper),
        constraints=[LinearConstraint(rule.left, rule.least, rule.most) for rule in _rules(problem)],
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )
    return _solution(found, forms)


def _solution(found: OptimizeResult, forms: int) -> Solution:
    if found.x is None:
        return Solution(None, float("-inf"), found.status == INFEASIBLE)
    chosen = np.asarray(found.x[:-1]).reshape(forms, -1) > 0.5
    return Solution(chosen, float(found.x[-1]), infeasible=False)


def shortages(problem: Problem, *, seconds: float = 60.0) -> Floats:
    """(cells,) the fewest places, over all forms, that must stay empty under every other rule."""
    cells, forms = len(problem.demand), problem.forms
    count = problem.tags.shape[0] * forms
    rules = _rules(replace(problem, shape=problem.shape[:0], information=problem.information[:, :0]))
    loose = []
    for place, rule in enumerate(rules):
        height = rule.left.shape[0]
        slack = sparse.eye_array(height).tocsr() if place == 0 else sparse.csr_array((height, cells * forms))
        left = sparse.hstack([rule.left, slack]).tocsr()
        loose.append(LinearConstraint(left, rule.least, rule.most))
    found = milp(
        np.concatenate([np.zeros(count + 1), np.ones(cells * forms)]),
        integrality=np.concatenate([np.ones(count), [0], np.zeros(cells * forms)]),
        bounds=Bounds(0, np.concatenate([np.ones(count), [0], np.tile(problem.demand, forms)])),
        constraints=loose,
        options={"time_limit": seconds},
    )
    if found.x is None:
        return np.zeros(cells)
    lacking: Floats = np.round(found.x[count + 1 :]).reshape(forms, cells).sum(axis=0)
    return lacking


def _rules(problem: Problem) -> list[_Rule]:
    """Cells first; then one form per item, groups, units, information."""
    items, forms = problem.tags.shape[0], problem.forms
    each = sparse.eye_array(forms)
    rules = [_rule(sparse.kron(each, problem.tags.T), np.tile(problem.demand, forms), exact=True)]
    rules.append(_rule(sparse.kron(np.ones((1, forms)), sparse.eye_array(items)), np.ones(items)))
    if len(problem.groups):
        limits = np.full(len(problem.groups) * forms, float(problem.group_limit))
        rules.append(_rule(sparse.kron(each, problem.groups), limits))
    if len(problem.caps):
        rules.append(_rule(sparse.kron(each, problem.sizes), np.tile(problem.caps, forms)))
    if len(problem.shape):
        less = sparse.kron(each, -problem.information.T)
        rules.append(_rule(less, np.tile(problem.base, forms), share=np.tile(problem.shape, forms)))
        if problem.band is not None:
            most = -np.tile(problem.shape, forms) * (1 + problem.band)
            rules.append(_rule(-less, -np.tile(problem.base, forms), share=most))
    return rules


def _rule(left: sparse.sparray, right: Floats, *, exact: bool = False, share: Floats | None = None) -> _Rule:
    """left · x + share · y ≤ right, or = right."""
    last = np.zeros(len(right)) if share is None else share
    matrix = sparse.hstack([left, sparse.coo_array(last[:, None])]).tocsr()
    return _Rule(matrix, right if exact else np.full(len(right), -np.inf), right)
