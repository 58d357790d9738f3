"""Keys as people write them: “ABCD…”, a cell per item, Đ/S for statements, a number, or points for essays."""

import re

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.scoring import NUMBER, TRUE_FALSE, Choice, Essay, Numeric, Rule, Statements

CHOICE = re.compile(r"[A-HK](\s*[/|,;]\s*[A-HK])*")
STATEMENTS = re.compile(r"[ĐS]{2,8}")


def rule_of_key(text: str, points: float | None = None) -> Rule:
    """The rule that a key cell means.

    `C` one option; `A/C` either; `ĐSSĐ` statements (D, T, F are read too); `0,5` or `-3` a number;
    `TL 2,5` an essay of at most 2,5 points.
    Raises:
        InvalidInput: `key.invalid`.
    """
    key = text.strip().upper()
    worth = 1.0 if points is None else points
    if essay := re.fullmatch(r"(?:TL|ESSAY)\s*(\d+(?:[.,]\d+)?)?", key):
        return Essay(float((essay[1] or str(worth)).replace(",", ".")))
    if CHOICE.fullmatch(key):
        return Choice(tuple(re.split(r"\s*[/|,;]\s*", key)), worth)
    marks = key.replace(" ", "").replace("-", "").translate(TRUE_FALSE)
    if STATEMENTS.fullmatch(marks) and not NUMBER.fullmatch(key.replace(".", ",")):
        return Statements(marks, worth, by_ladder=len(marks) == 4)
    numbers = tuple(part.strip().replace(".", ",") for part in re.split(r"[/|;]", key))
    if all(NUMBER.fullmatch(number) for number in numbers):
        return Numeric(numbers, worth)
    raise InvalidInput(
        "key.invalid",
        f"Đáp án “{text}” không hợp lệ: cần A-H, Đ/S cho từng ý, một số, hoặc TL kèm điểm tối đa.",
        key=text,
    )
