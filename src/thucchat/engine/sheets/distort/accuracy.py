"""How right reading was on labelled sheets: what was wrong with nobody told, how often people are asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from thucchat.engine.sheets.reading.page import SheetReading


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts over sheets; outcomes add up."""

    sheets: int = 0
    marks: int = 0  # questions or statements
    wrong_marks: int = 0  # differ from the truth and nobody is asked
    flagged_marks: int = 0  # a person is asked
    right_marks: int = 0  # as meant, flagged or not
    wrong_sheets: int = 0  # at least one undetected wrong mark
    review_sheets: int = 0  # a person is asked about anything
    set_aside: int = 0  # nothing read
    wrong_identity: int = 0  # another candidate or code than the true one, stated as certain
    flagged_identity: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def compare(reading: SheetReading, candidate: str, code: str, answers: Mapping[str, str]) -> Outcome:
    """Outcome of one sheet."""
    wrong_identity = reading.candidate.text not in {"", candidate} or reading.code.text not in {"", code}
    flagged_identity = any(flag.startswith(("candidate:", "code:", "corner:")) for flag in reading.review)
    if reading.set_aside:
        return Outcome(
            1, len(answers), flagged_marks=len(answers), review_sheets=1, set_aside=1, flagged_identity=1
        )
    wrong = sum(one.text != answers[one.question] and not one.doubtful for one in reading.answers)
    return Outcome(
        sheets=1,
        marks=len(answers),
        wrong_marks=wrong,
        flagged_marks=sum(one.doubtful for one in reading.answers),
        right_marks=sum(one.text == answers[one.question] for one in reading.answers),
        wrong_sheets=int(wrong > 0),
        review_sheets=int(bool(reading.review)),
        wrong_identity=int(wrong_identity),
        flagged_identity=int(flagged_identity),
    )
