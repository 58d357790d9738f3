"""What a paper holds once it is read: parts, questions, options, keys, and what is doubtful about them.

Text is composed Unicode, one line per printed line, with equations as LaTeX between dollar signs and
`[hình]` or `[MathType]` where a picture or an opaque object stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["choice", "true_false", "short_answer", "essay"]

OBJECT_TEXT = "[MathType]"
PICTURE_TEXT = "[hình]"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should look at before the paper is used."""

    code: str  # stable word, such as `key.missing`
    message: str  # Vietnamese, with the value seen and the way out
    page: int | None  # as the file was last laid out, from 1; none where the file does not tell
    text: str  # the beginning of the text it is about


@dataclass(frozen=True, slots=True)
class Question:
    """One item of the paper, in the order and under the number it is printed with."""

    number: int  # printed number; numbers may start again in each part
    stem: str
    options: Mapping[str, str]  # letter (statements of true/false: small letter) → text, in printed order
    key: str | None  # a letter; statements: one Đ or S each; short answer: the answer; none: not known
    type: Kind
    part: str | None  # heading of the part, as printed
    flags: tuple[Flag, ...] = ()
    context: str | None = None  # what several questions share: a passage, data, an instruction
    group: int | None = None  # questions with one context have one group number
    points: str | None = None  # as printed: “1,5”
    page: int | None = None
    solution: str | None = None  # what the file gives as explanation
    images: tuple[str, ...] = ()  # part names inside the file


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as read."""

    questions: tuple[Question, ...]
    flags: tuple[Flag, ...] = ()  # about the file as a whole
    heading: str = ""  # text before the first question
    equations: int = 0  # Office equations found
    objects: int = 0  # opaque equation objects (MathType) found
    fonts: tuple[str, ...] = field(default=())  # legacy fonts met

    @property
    def doubtful(self) -> int:
        """How many questions carry a flag."""
        return sum(bool(question.flags) for question in self.questions)
