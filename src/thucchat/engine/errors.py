"""What the engine says when it cannot go on: a code for programs, a Vietnamese sentence for people."""

from collections.abc import Callable
from typing import Self, TypeVar

Error = TypeVar("Error", bound="EngineError")


class EngineError(Exception):
    """Raised with a stable `code`, a `message` a user can act on, and the facts that led to it."""

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts = facts

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[type[Self], str, str, dict[str, object]]]:
        """Travel whole from a worker process."""
        return _remade, (type(self), self.code, self.message, self.facts)


def _remade(kind: type[Error], code: str, message: str, facts: dict[str, object]) -> Error:
    return kind(code, message, **facts)


class InvalidInput(EngineError):
    """The caller handed over values that cannot be used as they are."""


class NoResult(EngineError):
    """The values are well formed, but carry too little to answer what was asked."""
