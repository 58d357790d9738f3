"""Formula text to a tree and back to text, written as R prints it."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from thucchat.engine.errors import InvalidInput

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|`(?P<quoted>[^`]+)`|(?P<name>(?:[^\W\d]|\.(?!\d))[\w.]*)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<operator>\|\||%in%|\*\*|[-+*/:^|~(),=]))"
)
# Left and right binding power; a higher one binds tighter, as in R.
BINARY = {
    "~": (1, 2),
    "||": (3, 4),
    "|": (3, 4),
    "+": (5, 6),
    "-": (5, 6),
    "*": (7, 8),
    "/": (7, 8),
    "%in%": (9, 10),
    ":": (11, 12),
    "^": (16, 15),
}
SIGN = 13
DEEPEST = 100  # nested brackets: far beyond any model, far below the interpreter's limit


@dataclass(frozen=True, slots=True)
class Number:
    """A literal."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A column of the table."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function's name with its arguments, named ones by name."""

    function: str
    arguments: tuple["Tree", ...]
    options: tuple[tuple[str, "Tree"], ...] = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """Two trees and the operator between them."""

    operator: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Sign:
    """A tree after a plus or minus sign."""

    operator: str
    inner: "Tree"


@dataclass(frozen=True, slots=True)
class Bracket:
    """A tree in round brackets."""

    inner: "Tree"


Tree: TypeAlias = Number | Name | Call | Binary | Sign | Bracket


def parse(text: str) -> Tree:
    """The tree of a formula.

    Raises:
        InvalidInput: `formula.syntax`.
    """
    reader = _Reader(text)
    tree = reader.expression(0)
    if reader.kind is not None:
        raise reader.refusal()
    return tree


def printed(tree: Tree) -> str:
    """The tree as R prints it: blanks around + - *, none around / ^ :."""
    match tree:
        case Number(value):
            return f"{value:.15g}"
        case Name(text):
            return text
        case Call(function, arguments, options):
            named = [f"{name} = {printed(value)}" for name, value in options]
            return f"{function}({', '.join([*map(printed, arguments), *named])})"
        case Binary(operator, left, right):
            space = "" if operator in {"^", ":", "/"} else " "
            return f"{printed(left)}{space}{operator}{space}{printed(right)}"
        case Sign(operator, inner):
            return f"{operator}{printed(inner)}"
        case Bracket(inner):
            return f"({printed(inner)})"


def names_in(tree: Tree) -> tuple[str, ...]:
    """Columns the tree uses, in order of appearance, each once."""
    match tree:
        case Name(text):
            return (text,)
        case Call(_, arguments, options):
            parts = [*arguments, *(value for _, value in options)]
        case Binary(_, left, right):
            parts = [left, right]
        case Sign(_, inner) | Bracket(inner):
            parts = [inner]
        case _:
            parts = []
    return tuple(dict.fromkeys(name for part in parts for name in names_in(part)))


class _Reader:
    """Reads tokens from the left by binding power."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0
        self.kind: str | None = None
        self.piece = ""
        self.advance()

    def refusal(self) -> InvalidInput:
        rest = self.text[self.place - len(self.piece) :].strip()
        where = f"tại “{rest[:20]}”" if rest else "ở cuối"
        message = f"Không hiểu công thức “{self.text}” {where}; mẫu: diem ~ diem_dau + (1|huyen/truong)."
        return InvalidInput("formula.syntax", message, formula=self.text)

    def advance(self) -> None:
        if not self.text[self.place :].strip():
            self.kind, self.piece, self.place = None, "", len(self.text)
            return
        found = TOKEN.match(self.text, self.place)
        if found is None:
            self.piece = self.text[self.place :]
            self.place = len(self.text)
            raise self.refusal()
        self.kind = found.lastgroup
        self.piece = found[found.lastgroup or 0]
        if self.piece == "**":
            self.piece = "^"
        self.place = found.end()

    def take(self, operator: str) -> None:
        if self.kind != "operator" or self.piece != operator:
            raise self.refusal()
        self.advance()

    def expression(self, power: int) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refusal()
        left = self.start()
        while self.kind == "operator" and self.piece in BINARY and BINARY[self.piece][0] >= power:
            operator = self.piece
            self.advance()
            left = Binary(operator, left, self.expression(BINARY[operator][1]))
        self.depth -= 1
        return left

    def start(self) -> Tree:
        kind, piece = self.kind, self.piece
        if kind == "operator" and piece in {"+", "-", "~", "("}:
            self.advance()
            if piece == "(":
                inner = self.expression(0)
                self.take(")")
                return Bracket(inner)
            return Sign(piece, self.expression(2 if piece == "~" else SIGN))
        if kind is None or kind == "operator":
            raise self.refusal()
        self.advance()
        if kind == "number":
            return Number(float(piece))
        if kind == "text":
            return Name(piece[1:-1])
        if kind == "name" and self.kind == "operator" and self.piece == "(":
            return self.call(piece)
        return Name(piece)

    def call(self, function: str) -> Call:
        self.take("(")
        arguments: list[Tree] = []
        options: list[tuple[str, Tree]] = []
        while not (self.kind == "operator" and self.piece == ")"):
            value = self.expression(0)
            if self.kind == "operator" and self.piece == "=" and isinstance(value, Name):
                self.advance()
                options.append((value.text, self.expression(0)))
            else:
                arguments.append(value)
            if self.kind == "operator" and self.piece == ",":
                self.advance()
            elif not (self.kind == "operator" and self.piece == ")"):
                raise self.refusal()
        self.take(")")
        return Call(function, tuple(arguments), tuple(options))
