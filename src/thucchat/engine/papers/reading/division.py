"""One question parted into stem, options and solution, with what is odd about its options."""

import itertools
import re

from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.laid import Laid, Option, flag, trimmed
from thucchat.engine.papers.reading.options import Chain, Mark, find_options
from thucchat.engine.papers.reading.render import rendered
from thucchat.engine.papers.reading.structure import LINE_START

SOLUTION = re.compile(
    LINE_START + r"[-*•]?[^\S\n]*(?:"
    r"(?:Lời giải|LỜI GIẢI|Hướng dẫn giải|HƯỚNG DẪN GIẢI|Hướng dẫn|Giải chi tiết|Giải thích"
    r"|Explanation|HDG|Phương pháp(?: giải)?)"
    r"(?=[^\S\n]*[:.\n]|[^\S\n]+\S)"
    r"|(?:Giải|HD|ĐA|ĐS)\s*[:\n]"
    r"|(?:Đáp án|ĐÁP ÁN|Đáp số|Trả lời|TRẢ LỜI|Kết quả|Answer|ANSWER|Key)(?:\s+(?:đúng|là))*[^\S\n]*[:.=]"
    r"|(?:Chọn|CHỌN|Đáp án|ĐÁP ÁN)\s*(?:đáp án\s*|phương án\s*)?[A-F]\b"
    r")",
    re.MULTILINE,
)


def divide(flow: Flow, question: Laid) -> None:
    """Part the question into stem, options and solution."""
    if question.kind in {"choice", "true_false"}:
        small = question.kind == "true_false" or question.small_letters
        chain = find_options(flow.text, *question.stem, statements=small)
        _flag_chain(flow, question, chain, _take_options(question, chain))
    searched = question.options[-1].start if question.options else question.stem[0]
    solution = SOLUTION.search(flow.text, searched, question.end)
    if solution and not (question.kind == "essay" and solution[0].strip().startswith("Trả lời")):
        _cut_solution(question, solution.start())
    if question.options and question.bank_row is None:
        _cut_after_options(flow, question)
    _trim(flow, question)


def _take_options(question: Laid, chain: Chain) -> list[Mark]:
    """Give the question its options; returns the marks whose letter was taken already."""
    if len(chain.marks) < 2:
        return []
    letters = {mark.letter for mark in chain.marks}
    extra = [mark for mark in chain.repeated if _opens_option(chain, mark, letters)]
    marks = sorted((*chain.marks, *extra), key=lambda mark: mark.start)
    ends = [mark.start for mark in marks[1:]] + [question.end]
    for mark, end in zip(marks, ends, strict=True):
        if mark not in extra or mark.letter not in letters:
            letters.add(mark.letter)
            letter = mark.letter.upper() if question.small_letters else mark.letter
            question.options.append(Option(letter, (mark.start, mark.end), mark.end, end, mark.starred))
    question.stem = (question.stem[0], marks[0].start)
    taken = {option.mark[0] for option in question.options}
    return [mark for mark in chain.repeated if mark.start not in taken]


def _opens_option(chain: Chain, mark: Mark, letters: set[str]) -> bool:
    """A repeated letter ends the option before it only if it repeats that very letter, or is new."""
    before = [each for each in chain.marks if each.start < mark.start]
    return mark.letter not in letters or before[-1].letter == mark.letter


def _flag_chain(flow: Flow, question: Laid, chain: Chain, repeated: list[Mark]) -> None:
    for mark in repeated:
        message = f"Câu {question.number} có thêm một phương án {mark.letter}; hãy sửa chữ cái hoặc bỏ bớt."
        end = min(mark.end + 80, question.end)
        question.flags.append(flag(flow, "option.duplicate", message, (mark.start, end)))
    if chain.bare:
        message = f"Câu {question.number}: phương án {chain.bare} thiếu dấu chấm sau chữ cái; hãy kiểm lại."
        mark = chain.marks[-1]
        question.flags.append(flag(flow, "option.marker", message, (mark.start, question.end)))


def _cut_solution(question: Laid, place: int) -> None:
    question.solution = (place, question.end)
    if question.options:
        question.options[-1].end = min(question.options[-1].end, place)
    else:
        question.stem = (question.stem[0], place)


def _cut_after_options(flow: Flow, question: Laid) -> None:
    """Paragraphs behind the last option are its own only if other options have several paragraphs too."""
    last = question.options[-1]
    if any(_paragraphs(flow, each) > 1 for each in question.options[:-1]):
        return
    end = _end_of_first_paragraph(flow, last)
    if end is None or end >= last.end:
        return
    rest = (end, last.end)
    last.end = end
    if rendered(flow, *rest):
        message = f"Câu {question.number}: có đoạn văn bản sau phương án cuối, chưa rõ thuộc câu nào."
        question.flags.append(flag(flow, "text.after_options", message, rest))


def _paragraphs(flow: Flow, option: Option) -> int:
    text = [piece for piece in flow.between(option.start, option.end) if piece.kind == "end"]
    bounds = [option.start, *(piece.start for piece in text), option.end]
    return sum(bool(rendered(flow, *span)) for span in itertools.pairwise(bounds))


def _end_of_first_paragraph(flow: Flow, option: Option) -> int | None:
    """Where the first paragraph that shows something ends."""
    for piece in flow.between(option.start, option.end):
        if piece.kind in {"end", "cell"} and rendered(flow, option.start, piece.start):
            return piece.start
    return None


def _trim(flow: Flow, question: Laid) -> None:
    for option in question.options:
        option.start, option.end = trimmed(flow.text, option.start, option.end)
    question.stem = trimmed(flow.text, *question.stem)
