"""What a QTI item declares as right."""

from collections.abc import Mapping
from contextlib import suppress

from thucchat.engine.papers.interchange.markup import plain_text
from thucchat.engine.papers.reading.names import Element


def declared(root: Element, identifier: str) -> Element | None:
    """The declaration of a response."""
    found = (each for each in root.iter("responseDeclaration") if each.get("identifier") == identifier)
    return next(found, None)


def right_answers(declaration: Element | None) -> tuple[str, ...]:
    """The values of the right response; where there is none, those worth most in the mapping."""
    if declaration is None:
        return ()
    values = [value.text or "" for value in declaration.iterfind("correctResponse/value")]
    if values:
        return tuple(plain_text(value) for value in values)
    worth = mapped(declaration)
    most = max(worth.values(), default=0.0)
    return tuple(answer for answer, points in worth.items() if points == most > 0)


def mapped(declaration: Element | None) -> Mapping[str, float]:
    """Points by answer."""
    found: dict[str, float] = {}
    for entry in declaration.iterfind("mapping/mapEntry") if declaration is not None else ():
        with suppress(ValueError):
            found[plain_text(entry.get("mapKey", ""))] = float(entry.get("mappedValue", ""))
    return found


def same_number(one: str, other: str) -> bool:
    """Whether two answers differ by decimal comma or point only."""
    return one.replace(",", ".") == other.replace(",", ".")
