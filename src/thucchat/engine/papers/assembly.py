"""Papers put together from a bank: parallel forms on the blueprint with as much information as it can give.

A cell that the bank cannot fill is reported as a shortage. It is never filled with another level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.papers.assembly_dealing import deal
from thucchat.engine.papers.assembly_model import Floats, Problem, Solution, shortages, solve
from thucchat.engine.papers.blueprint import Blueprint, Place

POOLED_PART = 0.25  # of the allowed gap is spent on choosing the items, the rest on dealing them to forms


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item of the bank, as assembly sees it."""

    id: str
    cells: Mapping[str, int]  # cell → places it fills: 1, or the statements of a true/false question by level
    unit: str = ""  # that proposed it
    enemies: tuple[str, ...] = ()  # names of groups of which one form may hold one item
    exposure: int = 0  # times used before


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the forms must be."""

    demand: Mapping[str, int]  # places per cell of one form
    forms: int = 1
    shape: tuple[float, ...] = ()  # wanted information at each point of the ability scale
    anchors: tuple[str, ...] = ()  # ids that stand on every form
    unit_cap: int | None = None  # most items of one unit on a form
    most_exposure: int | None = None  # items used more often stay out
    band: float | None = None  # information at each point at most this share above the smallest
    gap: float = 0.01  # from the bound
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Shortage:
    """A cell that the bank cannot fill."""

    cell: str
    needed: int  # places over all forms, anchors included
    missing: int


@dataclass(frozen=True, slots=True)
class Assembly:
    """The forms."""

    forms: tuple[tuple[str, ...], ...]  # ids, anchors first, then in the order of the bank
    information: Floats  # (forms, points)
    share: float  # smallest information over its wanted shape; 0 without a shape
    bound: float  # that no forms can exceed
    gap: float  # of the share from the bound
    steps: tuple[str, ...] = field(default=())  # stages of the search that ran


def cell_name(topic: str, content: str, place: Place) -> str:
    """Name of a place in the matrix."""
    return "|".join((topic, content, *place))


def demand_of(blueprint: Blueprint) -> dict[str, int]:
    """Places of every cell of a blueprint."""
    return {
        cell_name(line.topic, line.content, place): cell.count
        for line in blueprint.lines
        for place, cell in line.cells.items()
        if cell.count
    }


def information_3pl(a: Floats, b: Floats, c: Floats, *, theta: Floats) -> Floats:
    """(items, points) Fisher information of items scored 0 or 1; logistic metric without the factor 1.7.

    Source: Lord (1980), Applications of Item Response Theory to Practical Testing Problems, equation 5-9.
    """
    own = 1 / (1 + np.exp(-a[:, None] * (theta - b[:, None])))
    p = c[:, None] + (1 - c[:, None]) * own
    return np.asarray(a[:, None] ** 2 * (1 - p) / p * own**2)


def assemble(bank: Sequence[Candidate], information: Floats, wanted: Wanted) -> Assembly:
    """Assemble parallel forms.

    Shapes:
        information: (items of the bank, points of `wanted.shape`).
    Raises:
        InvalidInput: `assembly.bank`, `assembly.wanted`, `assembly.anchor`.
        NoResult: `assembly.short` with fact `shortages`, or `assembly.time`.
    """
    _check(bank, information, wanted)
    places = {item.id: place for place, item in enumerate(bank)}
    anchors = np.array([places[one] for one in wanted.anchors], dtype=np.int64)
    free = _free(bank, anchors, wanted)
    problem = _problem(bank, information, wanted, anchors=anchors).only(free)
    solution, bound, steps = _search(problem, wanted)
    if solution.chosen is None:
        raise _failure(problem, wanted)
    rows = [np.concatenate([anchors, free[np.flatnonzero(form)]]) for form in solution.chosen]
    reached = np.array([information[row].sum(axis=0) for row in rows])
    share = float((reached / np.array(wanted.shape)).min()) if wanted.shape else 0.0
    bound = max(bound, share)
    ids = tuple(tuple(bank[place].id for place in row) for row in rows)
    return Assembly(ids, reached, share, bound, 1 - share / bound if bound > 0 else 0.0, steps)


def _search(problem: Problem, wanted: Wanted) -> tuple[Solution, float, tuple[str, ...]]:
    """Choose items for all forms as one, deal them out, and only where that falls short search the whole."""
    pooled = problem.pooled()
    relaxed = solve(pooled, whole=False, seconds=wanted.seconds)
    if relaxed.chosen is None:
        return relaxed, 0.0, ("bound",)
    bound, steps = relaxed.share, ["bound", "pooled"]
    picked = solve(pooled, gap=wanted.gap * POOLED_PART, seconds=wanted.seconds)
    dealt = _dealt(problem, picked, wanted, bound=bound)
    steps.append("dealt")
    if dealt.chosen is not None and dealt.share >= (1 - wanted.gap) * bound:
        return dealt, bound, tuple(steps)
    whole = solve(problem, gap=wanted.gap, seconds=wanted.seconds)
    return max(whole, dealt, key=lambda one: one.share), bound, (*steps, "whole")


def _dealt(problem: Problem, picked: Solution, wanted: Wanted, *, bound: float) -> Solution:
    """The picked items on their forms: by exchanges, or by the solver where those do not come near enough."""
    if picked.chosen is None:
        return picked
    own = np.flatnonzero(picked.chosen[0])
    part = deal(problem, own, goal=bound)
    if part.chosen is not None and part.share >= (1 - wanted.gap) * bound:
        return part
    left = 1 - (1 - wanted.gap) * bound / picked.share if picked.share > 0 else 0.0
    solved = solve(problem.only(own), gap=max(left, 0.0), seconds=wanted.seconds)
    return max(part, _spread(solved, own, problem), key=lambda one: one.share)


def _spread(part: Solution, own: NDArray[np.int64], problem: Problem) -> Solution:
    """A solution over some items as one over all."""
    if part.chosen is None:
        return part
    chosen = np.zeros((problem.forms, len(problem.tags)), bool)
    chosen[:, own] = part.chosen
    return Solution(chosen, part.share, infeasible=False)


def _check(bank: Sequence[Candidate], information: Floats, wanted: Wanted) -> None:
    ids = {item.id for item in bank}
    if len(ids) < len(bank) or information.shape != (len(bank), len(wanted.shape)):
        raise InvalidInput("assembly.bank", "Ngân hàng có mã trùng, hoặc bảng thông tin không khớp số câu.")
    if not np.isfinite(information).all() or (information < 0).any() or min(wanted.shape, default=1) <= 0:
        raise InvalidInput("assembly.wanted", "Hàm thông tin và đích phải là số dương.")
    if wanted.forms < 1 or not wanted.demand or min(wanted.demand.values()) < 0:
        raise InvalidInput("assembly.wanted", "Ma trận trống, hoặc số đề nhỏ hơn 1.")
    for one in wanted.anchors:
        if one not in ids:
            raise InvalidInput("assembly.anchor", f"Câu neo “{one}” không có trong ngân hàng.")


def _free(bank: Sequence[Candidate], anchors: NDArray[np.int64], wanted: Wanted) -> NDArray[np.int64]:
    """Items that may be chosen: inside the matrix, not overused, no anchor and no enemy of one."""
    taken = {group for place in anchors for group in bank[place].enemies}
    used = set(anchors.tolist())
    return np.array(
        [
            place
            for place, item in enumerate(bank)
            if place not in used
            and taken.isdisjoint(item.enemies)
            and item.cells
            and wanted.demand.keys() >= item.cells.keys()
            and (wanted.most_exposure is None or item.exposure <= wanted.most_exposure)
        ],
        dtype=np.int64,
    )


def _problem(
    bank: Sequence[Candidate], information: Floats, wanted: Wanted, *, anchors: NDArray[np.int64]
) -> Problem:
    cells = list(wanted.demand)
    tags = np.array([[item.cells.get(cell, 0) for cell in cells] for item in bank], dtype=float)
    demand = np.array([wanted.demand[cell] for cell in cells], dtype=float) - tags[anchors].sum(axis=0)
    if (demand < 0).any():
        cell = cells[int(np.argmin(demand))]
        raise InvalidInput("assembly.anchor", f"Các câu neo đã nhiều hơn số câu của ô “{cell}”.")
    groups = _members([item.enemies for item in bank])
    units = _members([(item.unit,) for item in bank]) if wanted.unit_cap is not None else groups[:0]
    caps = (wanted.unit_cap or 0) - units[:, anchors].sum(axis=1)
    if (caps < 0).any():
        raise InvalidInput("assembly.anchor", "Các câu neo đã vượt trần của một đơn vị.")
    base = information[anchors].sum(axis=0)
    return Problem(
        tags=tags,
        demand=demand,
        groups=groups,
        group_limit=1,
        sizes=units,
        caps=caps,
        information=information,
        base=base,
        shape=np.array(wanted.shape),
        band=wanted.band,
        exposure=np.array([item.exposure for item in bank], dtype=float),
        forms=wanted.forms,
    )


def _members(names: Sequence[tuple[str, ...]]) -> Floats:
    """(names, items) 1 where an item bears a name."""
    rows = {name: row for row, name in enumerate(dict.fromkeys(name for own in names for name in own))}
    members = np.zeros((len(rows), len(names)))
    for place, own in enumerate(names):
        members[[rows[name] for name in own], place] = 1
    return members


def _failure(problem: Problem, wanted: Wanted) -> NoResult:
    pooled = shortages(problem.pooled(), seconds=wanted.seconds)
    missing = pooled if pooled.any() else shortages(problem, seconds=wanted.seconds)
    found = tuple(
        Shortage(cell, count * wanted.forms, int(lack))
        for (cell, count), lack in zip(wanted.demand.items(), missing, strict=True)
        if lack
    )
    if not found:
        message = f"Sau {wanted.seconds:.0f} giây chưa ghép được đề; hãy nới dải thông tin hoặc thời gian."
        return NoResult("assembly.time", message)
    listed = "; ".join(f"“{one.cell}” cần {one.needed}, thiếu {one.missing}" for one in found)
    return NoResult("assembly.short", f"Ngân hàng không đủ câu: {listed}.", shortages=found)
