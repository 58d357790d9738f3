"""The algebra of formulas: `a * b`, `a / b`, `(a + b)^2`, `- 1` to a list of terms, and random parts.

A term is a set of variables multiplied together; a variable is a column or a function of columns.
Source: Wilkinson and Rogers (1973), Applied Statistics 22, 392-399, as R and lme4 write it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.formula.tree import (
    Binary,
    Bracket,
    Call,
    Name,
    Number,
    Sign,
    Tree,
    names_in,
    parse,
    printed,
)

Term = tuple[str, ...]  # printed variables; () is the constant


@dataclass(frozen=True, slots=True)
class Part:
    """A list of terms over variables."""

    terms: tuple[Term, ...]  # by number of variables, then by appearance
    intercept: bool
    variables: dict[str, Tree]  # printed variable to tree, in order of appearance


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a random part varies over: one column, several crossed into one, or several memberships."""

    name: str  # as lme4 prints it: "school:district"
    columns: tuple[str, ...]  # crossed into one grouping, finest first
    members: tuple[str, ...] = ()  # columns of a multiple membership
    shares: tuple[str, ...] = ()  # columns with the share of each membership; none: equal shares


@dataclass(frozen=True, slots=True)
class RandomPart:
    """Coefficients and the grouping over which they vary together."""

    part: Part
    grouping: Grouping


@dataclass(frozen=True, slots=True)
class Formula:
    """A model: response, fixed part, random parts."""

    text: str
    response: Tree
    fixed: Part
    random: tuple[RandomPart, ...]
    columns: tuple[str, ...]  # all columns of the table that are used


def read_formula(text: str) -> Formula:
    """Read a formula such as `score ~ prior + (1 | district/school)`.

    Raises:
        InvalidInput: `formula.syntax`, `formula.response`, `formula.random`, `formula.grouping`.
    """
    tree = parse(text)
    if not (isinstance(tree, Binary) and tree.operator == "~"):
        raise InvalidInput(
            "formula.response", f"Công thức “{text}” thiếu dạng “kết quả ~ các biến”.", formula=text
        )
    plain, bars = _without_bars(tree.right)
    fixed = read_part(plain) if plain is not None else Part((), intercept=True, variables={})
    random = tuple(part for bar in bars for part in _random_parts(bar))
    return Formula(text, tree.left, fixed, random, _columns_used(tree.left, fixed, random))


def _columns_used(response: Tree, fixed: Part, random: tuple[RandomPart, ...]) -> tuple[str, ...]:
    used = [*names_in(response), *(name for tree in fixed.variables.values() for name in names_in(tree))]
    for part in random:
        used += [name for tree in part.part.variables.values() for name in names_in(tree)]
        used += [*part.grouping.columns, *part.grouping.members, *part.grouping.shares]
    return tuple(dict.fromkeys(used))


def with_response(formula: Formula, response: str) -> Formula:
    """The same right side for another response, without the terms in which that column stands."""
    variables = {
        text: tree for text, tree in formula.fixed.variables.items() if response not in names_in(tree)
    }
    terms = tuple(term for term in formula.fixed.terms if set(term) <= set(variables))
    fixed = Part(terms, formula.fixed.intercept, variables)
    columns = _columns_used(Name(response), fixed, formula.random)
    return Formula(formula.text, Name(response), fixed, formula.random, columns)


def read_part(tree: Tree) -> Part:
    """Terms of one side of a formula, interactions after main terms."""
    variables: dict[str, Tree] = {}
    _collect_variables(tree, variables)
    terms = _expand(tree)
    place = {name: index for index, name in enumerate(variables)}
    ordered = [tuple(sorted(term, key=place.__getitem__)) for term in terms if term]
    ordered.sort(key=len)
    return Part(tuple(dict.fromkeys(ordered)), intercept=_intercept(tree, start=True), variables=variables)


def _is_bar(tree: Tree) -> bool:
    inner = tree.inner if isinstance(tree, Bracket) else tree
    return isinstance(inner, Binary) and inner.operator in {"|", "||"}


def _without_bars(tree: Tree) -> tuple[Tree | None, list[Binary]]:
    """The fixed part, and the random parts taken out of it."""
    if _is_bar(tree):
        inner = tree.inner if isinstance(tree, Bracket) else tree
        assert isinstance(inner, Binary)
        return None, [inner]
    if isinstance(tree, Bracket):
        plain, bars = _without_bars(tree.inner)
        return (Bracket(plain) if plain is not None else None), bars
    if isinstance(tree, Binary) and tree.operator == "+":
        left, before = _without_bars(tree.left)
        right, after = _without_bars(tree.right)
        both = Binary("+", left, right) if left is not None and right is not None else left or right
        return both, before + after
    if isinstance(tree, Binary) and tree.operator == "-":
        left, before = _without_bars(tree.left)
        return (Binary("-", left, tree.right) if left is not None else Sign("-", tree.right)), before
    if _has_bar(tree):
        raise InvalidInput(
            "formula.random", f"Phần ngẫu nhiên trong “{printed(tree)}” phải đứng riêng sau dấu +."
        )
    return tree, []


def _has_bar(tree: Tree) -> bool:
    match tree:
        case Binary(operator, left, right):
            return operator in {"|", "||"} or _has_bar(left) or _has_bar(right)
        case Sign(_, inner) | Bracket(inner):
            return _has_bar(inner)
        case _:
            return False


def _collect_variables(tree: Tree, variables: dict[str, Tree]) -> None:
    match tree:
        case Name() | Call():
            variables.setdefault(printed(tree), tree)
        case Binary("^", left, _):
            _collect_variables(left, variables)
        case Binary(_, left, right):
            _collect_variables(left, variables)
            _collect_variables(right, variables)
        case Sign(_, inner) | Bracket(inner):
            _collect_variables(inner, variables)


def _expand(tree: Tree) -> list[Term]:
    """Terms in order of appearance; the constant is (); variables inside a term are unordered."""
    match tree:
        case Number(value) if value in {0.0, 1.0}:
            return []
        case Name() | Call():
            return [(printed(tree),)]
        case Bracket(inner) | Sign("+", inner):
            return _expand(inner)
        case Sign("-", _):
            return []
        case Binary(operator, left, right):
            return _combine(operator, left, right)
    raise InvalidInput("formula.syntax", f"Không hiểu “{printed(tree)}” trong công thức.")


def _combine(operator: str, left: Tree, right: Tree) -> list[Term]:
    first = _expand(left)
    if operator == "^":
        return _power(first, right)
    second = _expand(right)
    match operator:
        case "+":
            return _union(first, second)
        case "-":
            gone = {frozenset(term) for term in second}
            return [term for term in first if frozenset(term) not in gone]
        case ":" | "%in%":
            return _crossed(first, second)
        case "*":
            return _union(first, second, _crossed(first, second))
        case "/":
            whole = tuple(dict.fromkeys(name for term in first for name in term))
            return _union(first, _crossed([whole], second))
    raise InvalidInput("formula.syntax", f"Không dùng được dấu “{operator}” ở phần này của công thức.")


def _power(terms: list[Term], exponent: Tree) -> list[Term]:
    if not isinstance(exponent, Number) or exponent.value not in {1.0, 2.0, 3.0, 4.0, 5.0}:
        raise InvalidInput(
            "formula.syntax", "Số mũ của một nhóm biến phải là số nguyên từ 1 đến 5; bình phương: I(x^2)."
        )
    result = terms
    for _ in range(int(exponent.value) - 1):
        result = _union(result, _crossed(result, terms))
    return result


def _crossed(first: list[Term], second: list[Term]) -> list[Term]:
    return _union([tuple(dict.fromkeys((*a, *b))) for a in first for b in second])


def _union(*lists: list[Term]) -> list[Term]:
    seen: dict[frozenset[str], Term] = {}
    for terms in lists:
        for term in terms:
            seen.setdefault(frozenset(term), term)
    return list(seen.values())


def _intercept(tree: Tree, *, start: bool) -> bool:
    """Whether the constant is in, reading from the left: 0 and -1 take it out, 1 puts it back."""
    match tree:
        case Number(value):
            return start if value not in {0.0, 1.0} else value == 1.0
        case Binary("+", left, right):
            return _intercept(right, start=_intercept(left, start=start))
        case Binary("-", left, right):
            before = _intercept(left, start=start)
            return before if not isinstance(right, Number) else right.value == 0.0
        case Sign("-", Number(value)):
            return value == 0.0
        case Bracket(inner) | Sign("+", inner):
            return _intercept(inner, start=start)
        case _:
            return start


def _random_parts(bar: Binary) -> Iterator[RandomPart]:
    part = read_part(bar.left)
    for grouping in _groupings(bar.right):
        if bar.operator == "|":
            yield RandomPart(part, grouping)
            continue
        if part.intercept:
            yield RandomPart(Part((), intercept=True, variables={}), grouping)
        for term in part.terms:
            yield RandomPart(Part((term,), intercept=False, variables=part.variables), grouping)


def _groupings(tree: Tree) -> list[Grouping]:
    """Groupings of the right of a bar: `a/b` is `b:a` and `a`, the finer first."""
    match tree:
        case Bracket(inner):
            return _groupings(inner)
        case Name(text):
            return [Grouping(text, (text,))]
        case Call("factor" | "as.factor", (Name(text),)):
            return [Grouping(text, (text,))]
        case Call("mm", _, _):
            return [_membership(tree)]
        case Binary("/", left, right):
            outer = _groupings(left)
            return [_joined(inner, outer[0], "/") for inner in _groupings(right)] + outer
        case Binary(":", left, right):
            return [_joined(_groupings(left)[0], _groupings(right)[0], ":")]
        case Binary("*", left, right):
            first, second = _groupings(left), _groupings(right)
            return [*first, *second, _joined(first[0], second[0], ":")]
        case Binary("+", left, right):
            return _groupings(left) + _groupings(right)
    raise InvalidInput(
        "formula.grouping", f"“{printed(tree)}” không phải là một nhóm; hãy ghi tên cột sau dấu |."
    )


def _joined(inner: Grouping, outer: Grouping, sign: str) -> Grouping:
    if inner.members or outer.members:
        raise InvalidInput("formula.grouping", "Nhóm mm(…) phải đứng một mình sau dấu |.")
    nested = sign == "/" and len(outer.columns) > 1
    name = f"{inner.name}:({outer.name})" if nested else f"{inner.name}:{outer.name}"
    return Grouping(name, inner.columns + outer.columns)


def _membership(tree: Tree) -> Grouping:
    assert isinstance(tree, Call)
    members = [argument.text for argument in tree.arguments if isinstance(argument, Name)]
    options = dict(tree.options)
    weights = options.pop("weights", options.pop("shares", None))
    shares = names_in(weights) if weights is not None else ()
    wrong = len(members) != len(tree.arguments) or options or (shares and len(shares) != len(members))
    if wrong or len(members) < 2:
        raise InvalidInput(
            "formula.grouping",
            f"“{printed(tree)}” phải có dạng mm(gv1, gv2) hoặc mm(gv1, gv2, weights = cbind(tl1, tl2)).",
        )
    return Grouping(f"mm({', '.join(members)})", (), tuple(members), shares)
