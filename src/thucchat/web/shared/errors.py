"""What an action says when a rule forbids it."""


class RuleBroken(Exception):
    """Raised with a stable code and a Vietnamese sentence that tells the user the way out."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
