"""Questions as quiz programs think of them (Moodle XML, GIFT), turned into ours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from thucchat.engine.papers.interchange.doubts import flag, letter
from thucchat.engine.papers.interchange.draft import Draft
from thucchat.engine.papers.model import Flag, Question

NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
WHOLE = 100.0  # share of a fully right answer, in percent
TRUE, FALSE = "Đúng", "Sai"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that the program knows."""

    text: str
    share: float  # of the points, in percent; 0 is wrong, less takes points away
    feedback: str = ""


def fill_choice(draft: Draft, answers: Sequence[Answer], *, several: bool) -> None:
    """One right option, or several: those become statements that are true or false."""
    letters = [letter(place) for place in range(len(answers))]
    if several:
        letters = [each.lower() for each in letters]
        draft.doubt(
            "choice.multiple", "cho chọn nhiều phương án, được đọc thành các ý đúng/sai; hãy soát lại"
        )
    draft.options = {own: answer.text for own, answer in zip(letters, answers, strict=True)}
    draft.kind = "true_false" if several else "choice"
    good = [answer.share > 0 if several else answer.share >= WHOLE for answer in answers]
    right = [own for own, is_right in zip(letters, good, strict=True) if is_right]
    if several:
        draft.key = "".join("Đ" if is_right else "S" for is_right in good) if right else None
    else:
        draft.key = right[0] if len(right) == 1 else None
        if len(right) > 1:
            draft.doubt("key.several", f"có {len(right)} phương án được coi là đúng: {', '.join(right)}")
        _note_shares(draft, zip(letters, answers, strict=True))
    if not answers:
        draft.doubt("option.none", "không thấy phương án")
    for own, answer in zip(letters, answers, strict=True):
        draft.solve(f"{own}. {answer.feedback}" if answer.feedback else "")


def _note_shares(draft: Draft, answers: "zip[tuple[str, Answer]]") -> None:
    partly = [f"{own}: {answer.share:g} %" for own, answer in answers if 0 < answer.share < WHOLE]
    if partly:
        told = ", ".join(partly)
        draft.doubt("key.weights", f"cho một phần điểm ở phương án khác ({told}), không được giữ", told)


def fill_truth(draft: Draft, *, is_true: bool) -> None:
    """One statement to be judged: a choice between “Đúng” and “Sai”."""
    draft.kind = "choice"
    draft.options = {"A": TRUE, "B": FALSE}
    draft.key = "A" if is_true else "B"


def fill_short(draft: Draft, answers: Sequence[Answer]) -> None:
    """An answer to be typed; of several accepted ones the first of the most worth is the key."""
    draft.kind = "short_answer"
    right = [answer for answer in answers if answer.share > 0]
    best = max(right, key=lambda answer: answer.share, default=None)
    draft.key = (best.text or None) if best else None
    others = [f"{answer.text} ({answer.share:g} %)" for answer in right if answer is not best]
    if others:
        told = "; ".join(others)
        draft.doubt("key.alternatives", f"còn nhận các đáp án khác: {told}", told)
    if best and "*" in best.text:
        draft.doubt("key.pattern", f"có đáp án “{best.text}” dùng dấu * thay cho chữ bất kỳ", best.text)
    for answer in answers:
        draft.solve(f"{answer.text}: {answer.feedback}" if answer.feedback else "")


def fill_matching(draft: Draft, pairs: Sequence[tuple[str, str]]) -> None:
    """Pairs to be matched are no question of ours: the columns stay as text, the pairs as explanation."""
    named_unsupported(draft, "ghép cặp")
    left = [one for one, _ in pairs if one]
    right = sorted({other for _, other in pairs})
    draft.stem = "\n".join(filter(None, [draft.stem, *left, f"({' / '.join(right)})" if right else ""]))
    told = "; ".join(f"{one} → {other}" for one, other in pairs if one)
    draft.solve(f"Đáp án trong tệp: {told}" if told else "")


def named_unsupported(draft: Draft, kind: str) -> None:
    """Name a kind of question that we have not."""
    draft.doubt("interaction.unsupported", f"thuộc kiểu “{kind}” chưa đọc được; hãy soạn lại", kind)


def decimal_text(number: str) -> str:
    """A number as it is printed here, with a decimal comma."""
    return number.strip().replace(".", ",")


class Contexts:
    """Descriptions between questions: each holds for what follows, until the next one or a new part."""

    def __init__(self) -> None:
        self.flags: list[Flag] = []
        self._text: str | None = None
        self._group = 0
        self._used = True

    def describe(self, text: str) -> None:
        """Begin a shared context; descriptions in a row are one."""
        self._text = "\n".join(filter(None, [None if self._used else self._text, text])) or None
        if self._used:
            self._group += 1
        self._used = False

    def end(self) -> None:
        """No question below shares what was described."""
        if not self._used and self._text:
            message = "Đoạn mô tả không có câu hỏi nào đứng sau nên bị bỏ."
            self.flags.append(flag("context.unused", message, self._text))
        self._text, self._used = None, True

    def put_on(self, question: Question) -> Question:
        """The question with what it shares."""
        if self._text is None:
            return question
        if not self._used:
            message = "Đoạn mô tả được coi là ngữ liệu chung của các câu đứng sau nó; hãy soát lại phạm vi."
            self.flags.append(flag("context.assumed", message, self._text))
        self._used = True
        return replace(question, context=self._text, group=self._group)
