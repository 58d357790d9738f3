"""Points and class of a rated unit under a rule set whose weights and scales everybody can see.

Each component has a value in its own unit; the rule says which value is worth 0 and which 100 points. What
is missing is left out and its weight shared by the others: it is never zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thucchat.engine.errors import InvalidInput

FULL = 100.0  # points
LEAST_KNOWN = 0.5  # of the weight: with less than half of it nobody is rated
NORMAL_95 = 1.645  # one-sided: a class is certain when its border is further away than this many errors


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a rule set."""

    code: str
    name: str  # Vietnamese
    unit: str  # Vietnamese: what the value is counted in
    weight: float  # relative to the others
    zero: float  # value worth 0 points
    full: float  # value worth 100 points


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A version of the rules. Classes from the highest: name and points from which it counts."""

    version: str
    components: tuple[Component, ...]
    classes: tuple[tuple[str, float], ...]
    fewest: int  # pupils from whom somebody is rated


@dataclass(frozen=True, slots=True)
class Part:
    """What one component brought."""

    component: Component
    value: float | None
    error: float  # standard error of the value
    weight: float  # after the weights of missing components were shared, 0 … 1
    points: float | None  # 0 … 100


@dataclass(frozen=True, slots=True)
class Rated:
    """Points with their standard error; none where too little is known."""

    parts: tuple[Part, ...]
    points: float | None
    error: float
    label: str  # class; empty where not rated
    certain: bool  # whether no border of the class lies within the error


def rate(rules: RuleSet, values: Mapping[str, tuple[float | None, float]]) -> Rated:
    """Rate from values and their standard errors, by component code.

    Raises:
        InvalidInput: `rating.component` for a value that the rules do not know.
    """
    if strange := sorted(values.keys() - {one.code for one in rules.components}):
        raise InvalidInput("rating.component", f"Quy tắc không có thành phần {', '.join(strange)}.")
    known = [one for one in rules.components if values.get(one.code, (None, 0.0))[0] is not None]
    whole = sum(one.weight for one in rules.components)
    weight = sum(one.weight for one in known)
    parts = tuple(_part(one, values.get(one.code, (None, 0.0)), weight) for one in rules.components)
    if weight < LEAST_KNOWN * whole:
        return Rated(parts, None, 0.0, "", certain=False)
    points = sum(part.weight * part.points for part in parts if part.points is not None)
    error = sum((part.weight * _steepness(part.component) * part.error) ** 2 for part in parts) ** 0.5
    label, certain = _class(rules.classes, points, NORMAL_95 * error)
    return Rated(parts, points, error, label, certain=certain)


def _part(component: Component, value: tuple[float | None, float], weight: float) -> Part:
    found, error = value
    if found is None:
        return Part(component, None, 0.0, 0.0, None)
    points = (found - component.zero) * _steepness(component)
    return Part(component, found, error, component.weight / weight, min(max(points, 0.0), FULL))


def _steepness(component: Component) -> float:
    """Points a unit of the value is worth."""
    return FULL / (component.full - component.zero)


def _class(classes: Sequence[tuple[str, float]], points: float, margin: float) -> tuple[str, bool]:
    label = next((name for name, least in classes if points >= least), classes[-1][0])
    borders = [least for _, least in classes if least > 0]
    return label, all(abs(points - border) > margin for border in borders)


def rules_as_plain(rules: RuleSet) -> dict[str, Any]:
    """Lists, texts and whole numbers in thousandths, so that a fingerprint means the same anywhere."""
    return {
        "version": rules.version,
        "fewest": rules.fewest,
        "classes": [[name, _thousandths(least)] for name, least in rules.classes],
        "components": [
            {
                "code": one.code, "name": one.name, "unit": one.unit, "weight": _thousandths(one.weight),
                "zero": _thousandths(one.zero), "full": _thousandths(one.full),
            }
            for one in rules.components
        ],
    }  # fmt: skip


def rules_from_plain(plain: Any) -> RuleSet:
    """The rule set. Raises InvalidInput: `rating.rules`."""
    try:
        components = tuple(
            Component(
                str(one["code"]),
                str(one["name"]),
                str(one["unit"]),
                *(one[name] / 1000 for name in ("weight", "zero", "full")),
            )
            for one in plain["components"]
        )
        classes = tuple((str(name), least / 1000) for name, least in plain["classes"])
        rules = RuleSet(str(plain["version"]), components, classes, int(plain["fewest"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("rating.rules", f"Không phải là bộ quy tắc xếp loại ({error}).") from error
    _check(rules)
    return rules


def _check(rules: RuleSet) -> None:
    falling = [least for _, least in rules.classes]
    right = rules.components and all(one.weight > 0 and one.full != one.zero for one in rules.components)
    if not right or not falling or falling != sorted(set(falling), reverse=True) or falling[-1] != 0:
        message = "Mỗi thành phần cần trọng số dương và hai mốc khác nhau; các mức xếp loại giảm dần tới 0."
        raise InvalidInput("rating.rules", message)


def _thousandths(value: float) -> int:
    return round(value * 1000)
