"""What the engine says when it cannot go on: a code for programs, a Vietnamese sentence for people."""


class EngineError(Exception):
    """Raised with a stable `code`, a `message` a user can act on, and the facts that led to it."""

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts = facts


class InvalidInput(EngineError):
    """The caller handed over values that cannot be used as they are."""


class NoResult(EngineError):
    """The values are well formed, but carry too little to answer what was asked."""
