"""What is doubtful in a paper: looked for in each question, in the numbers, and in the file itself."""

import itertools
from collections import Counter
from collections.abc import Sequence

from thucchat.engine.papers.model import Flag
from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.laid import Laid, LaidPaper, flag
from thucchat.engine.papers.reading.legacy_fonts import legacy_kind
from thucchat.engine.papers.reading.render import plain, rendered
from thucchat.engine.papers.reading.sources import Source

STATEMENTS = 4  # of a true/false question since 2025


def flags_of_question(flow: Flow, question: Laid) -> list[Flag]:
    """All doubts about one question that do not concern its key."""
    whole = (question.start, question.end)
    return [
        *question.flags,
        *_option_flags(flow, question, whole),
        *_object_flags(flow, question, whole),
    ]


def _option_flags(flow: Flow, question: Laid, whole: tuple[int, int]) -> list[Flag]:
    number, letters = question.number, [option.letter for option in question.options]
    found = []
    if question.kind in {"choice", "true_false"} and not letters:
        what = "phương án" if question.kind == "choice" else "các ý a), b), c), d)"
        found.append(
            flag(flow, "option.none", f"Câu {number} không thấy {what}; hãy kiểm lại cách trình bày.", whole)
        )
        return found
    if question.kind == "true_false" and len(letters) != STATEMENTS:
        found.append(
            flag(flow, "option.count", f"Câu {number} có {len(letters)} ý, cần {STATEMENTS} ý.", whole)
        )
    if question.kind == "choice" and (missing := _missing(letters)):
        message = f"Câu {number} thiếu phương án {', '.join(missing)}; chỉ thấy {', '.join(letters)}."
        found.append(flag(flow, "option.missing", message, whole))
    texts = {option.letter: rendered(flow, option.start, option.end) for option in question.options}
    for option in question.options:
        if not texts[option.letter] and not _has_object(flow, option.start, option.end):
            message = f"Câu {number}: phương án {option.letter} để trống."
            found.append(flag(flow, "option.empty", message, whole))
    counts = Counter(text for text in texts.values() if text and "[" not in text)
    for text, count in counts.items():
        if count > 1:
            same = ", ".join(letter for letter, other in texts.items() if other == text)
            found.append(
                flag(flow, "option.same", f"Câu {number}: các phương án {same} giống hệt nhau.", whole)
            )
    return found


def _missing(letters: list[str]) -> list[str]:
    expected = [chr(ord("A") + place) for place in range(max(ord(max(letters)) - ord("A") + 1, STATEMENTS))]
    return [letter for letter in expected if letter not in letters]


def _has_object(flow: Flow, start: int, end: int) -> bool:
    return any(piece.kind in {"equation", "ole", "picture", "other"} for piece in flow.between(start, end))


def _object_flags(flow: Flow, question: Laid, whole: tuple[int, int]) -> list[Flag]:
    pieces = flow.between(*whole)
    found = []
    opaque = sum(piece.kind == "ole" for piece in pieces)
    if opaque:
        message = (
            f"Câu {question.number} có {opaque} công thức MathType: giữ nguyên khi trộn đề, nhưng không "
            f"đọc được nội dung."
        )
        found.append(flag(flow, "equation.mathtype", message, whole))
    if any(whole[0] <= place < whole[1] for place in flow.fields):
        message = f"Câu {question.number} có công thức kiểu trường EQ; hãy chuyển sang công thức Word."
        found.append(flag(flow, "equation.field", message, whole))
    fonts = sorted(
        {piece.look.font for piece in pieces if legacy_kind(piece.look.font) and piece.text.strip()}
    )
    if fonts:
        named = ", ".join(f"{font} ({legacy_kind(font)})" for font in fonts)
        message = (
            f"Câu {question.number} gõ bằng phông cũ {named}; chữ đã được đổi sang Unicode để đọc, hãy "
            f"soát lại."
        )
        found.append(flag(flow, "font.legacy", message, whole))
    return found


def flags_of_numbers(flow: Flow, questions: Sequence[Laid]) -> list[list[Flag]]:
    """For each question, doubts about its number: used twice, or not following the one before."""
    found: list[list[Flag]] = []
    seen: dict[tuple[int, int], int] = {}
    continued = _continues(questions)
    before: Laid | None = None
    for question in questions:
        part = question.section.start if question.section and not continued else -1
        flags = []
        key = (part, question.number)
        if key in seen:
            message = f"Số câu {question.number} bị dùng hai lần; hãy đánh số lại."
            flags.append(flag(flow, "number.duplicate", message, (question.start, question.end)))
        elif before is not None and _jumps(before, question):
            message = (
                f"Sau câu {before.number} là câu {question.number}; hãy kiểm câu bị thiếu hoặc đánh sai số."
            )
            flags.append(flag(flow, "number.gap", message, (question.start, question.end)))
        seen[key] = question.number
        before = question
        found.append(flags)
    return found


def _continues(questions: Sequence[Laid]) -> bool:
    """Whether numbers run on over the parts instead of starting again."""
    firsts = [
        question.number
        for before, question in itertools.pairwise(questions)
        if before.section is not question.section
    ]
    return 1 not in firsts


def _jumps(before: Laid, question: Laid) -> bool:
    new_part = before.section is not question.section and question.number == 1
    return question.number != before.number + 1 and not new_part


def flags_of_file(source: Source, laid: LaidPaper) -> list[Flag]:
    """Doubts about the file as a whole."""
    found = []
    if source.package.has_macros:
        message = "Tệp có macro; macro không được chạy và không đi vào các mã đề."
        found.append(Flag("file.macro", message, None, ""))
    for target in source.package.outside:
        message = (
            f"Tệp liên kết ra ngoài tới “{target[:120]}”; liên kết không được mở, hãy chèn thẳng vào tệp."
        )
        found.append(Flag("file.external", message, None, target[:120]))
    for font, place in source.flow.fonts.items():
        message = f"Phông cũ “{font}” ({legacy_kind(font)}); hãy chuyển sang Unicode."
        found.append(
            Flag("font.legacy", message, source.flow.page_of(place), plain(source.flow, place, place + 60))
        )
    if not laid.questions:
        message = "Không thấy câu hỏi nào; câu hỏi cần mở đầu bằng “Câu 1.”, “Câu 2.”, …"
        found.append(Flag("paper.no_questions", message, None, plain(source.flow, 0, 200)))
    return found
