"""Where questions, parts, shared stems, the end and the answers of a paper begin in its flow."""

import itertools
import re
from dataclasses import dataclass, field

from thucchat.engine.papers.reading.flow import CELL, Flow
from thucchat.engine.papers.reading.options import find_options

LINE_START = rf"(?:^|(?<=[\n{CELL}]))[^\S\n]*"
BEFORE_MARK = r"(?:[*•▪♦►#\-–]\s*|\[[^\]\n]{1,20}\]\s*|\([A-Z]{2,4}\)\s*)?"
RANGE_FOLLOWS = r"(?!\s*(?:[-–]|đến|tới|to|và|and|,|&)\s*(?:câu\s*|question\s*)?\d)"
NUMBERED = re.compile(
    LINE_START
    + BEFORE_MARK
    + r"(?P<word>C[âÂ][uU](?:\s+(?:hỏi|HỎI))?|Question|QUESTION|Ques|B[àÀ][iI])(?:\s*số)?[^\S\n]*"
    + r"(?P<number>\d{1,3})(?!\d)(?![.,]\d)"
    + RANGE_FOLLOWS
    + r"(?P<points>[^\S\n]*[\[(][^)\]\n]{0,40}(?:điểm|đ|points?|marks?|NB|TH|VD|VDC|Biết|Hiểu|dụng"
    r"|ID)[^)\]\n]{0,25}[)\]])?" + r"[^\S\n]*[.:)\]/|]*(?:[-–](?=\s))?",
    re.MULTILINE,
)
PLAIN_NUMBER = re.compile(LINE_START + r"(?P<number>\d{1,3})(?:[.):]|[^\S\n]*/)(?!\d)[^\S\n]*", re.MULTILINE)
PART = re.compile(
    LINE_START + r"(?:"
    r"(?:PHẦN|Phần|PART|Part|DẠNG(?: THỨC)?|Dạng(?: thức)?)\s+(?P<name>[IVX]{1,4}|\d|[A-D]|MỘT|HAI|BA"
    r"|BỐN|thứ \w+)(?![^\W_])[^\n]*"
    r"|(?P<roman>[IVX]{1,4})\s*[.)\-–:/]\s*(?:PHẦN\s+|Phần\s+)?"
    r"(?:TRẮC NGHIỆM|Trắc nghiệm|TỰ LUẬN|Tự luận|ĐỌC|Đọc hiểu|VIẾT|LÀM VĂN|Làm văn|LISTENING|READING"
    r"|WRITING|CÂU|Câu trắc|Câu hỏi)[^\n]*"
    r"|(?P<letter>[A-D])\s*[.)\-–:/]\s*(?:PHẦN\s+|Phần\s+)?(?:TRẮC NGHIỆM|Trắc nghiệm|TỰ LUẬN|Tự luận)[^\n]*"
    r"|(?P<title>(?:PHẦN|Phần)\s+(?:trắc nghiệm|tự luận|Trắc nghiệm|Tự luận)[^\n]{0,80}"
    r"|(?:PHẦN\s+)?(?:TRẮC NGHIỆM|TỰ LUẬN|ĐỌC HIỂU|LÀM VĂN)[^\n]{0,80})"
    r")",
    re.MULTILINE,
)
CONTEXT = re.compile(
    LINE_START
    + r"(?P<text>(?:\*|•|-|►)?[^\S\n]*(?:Đọc|Dựa|Sử dụng|Dùng|Căn cứ|Cho (?:biểu|bảng|đoạn|thông tin|dữ|hình"
    r"|biết)|Thông tin|Dữ (?:kiện|liệu)"
    r"|Quan sát|Từ|Xét|Read|Mark|Choose|Circle|Listen|Look|Use|Based|Questions?|Các câu|Câu)\b[^\n]{0,500})",
    re.MULTILINE,
)
SHARED = re.compile(
    r"c[âa]u\s*(?:hỏi\s*)?(?:số\s*)?(?:từ\s*)?(?:câu\s*)?\d+\s*(?:đến|tới|[-–]|và|,|&)\s*(?:câu\s*)?\d+"
    r"|từ\s+\d+\s*(?:đến|tới|[-–])\s*\d+|questions?\s*(?:from\s*)?\d+\s*(?:to|through|[-–]|and|,|&)\s*\d+|from\s+\d+\s*(?:to|[-–])\s*\d+"
    r"|câu\s*(?:hỏi\s*)?(?:sau|dưới đây|bên dưới)|following questions?|following passage"
    r"|each of the numbered blanks|các câu hỏi",
    re.IGNORECASE,
)
PASSAGE = re.compile(r"(?:Đọc|Cho|Read|Dựa|Sử dụng)\b")
MIN_PASSAGE = 60  # letters; less is an instruction
INSTRUCTION = re.compile(r"(?:\*|-)?\s*(?:Thí sinh|Học sinh|Trong mỗi|Mỗi câu|Candidates)\b", re.IGNORECASE)
NUMBERS = re.compile(
    r"(\d{1,3})\s*(?:đến|tới|to|through|[-–]|và|and|,|&)\s*(?:câu\s*|question\s*)?(\d{1,3})", re.IGNORECASE
)
RULE = r"(?:[-–—_.*=]|[^\S\n])*"  # a line of dashes or dots
THE_END = re.compile(LINE_START + RULE + r"(?:HẾT|Hết|THE END|The end|THE  END)" + RULE + "$", re.MULTILINE)
ANSWERS = re.compile(
    LINE_START + r"(?:[-–—*]|[^\S\n])*(?:[IVX]+\s*[.)]\s*)?(?:PHẦN\s+)?(?:BẢNG\s+|Bảng\s+)?(?:ĐÁP ÁN|Đáp án"
    r"|HƯỚNG DẪN (?:GIẢI|CHẤM)|Hướng dẫn (?:giải|chấm)"
    r"|LỜI GIẢI|Lời giải chi tiết|ANSWERS?(?: KEYS?)?|Answer key|KEYS?"
    r"|ĐÁP SỐ)(?![^\W\d_])(?![^\S\n]*:?[^\S\n]*[A-F](?:[\s.]|$))"
    # “Đáp án: 12” under a question is its answer, “Đáp án: 1.A 2.B” at the end a list.
    r"(?![^\S\n]*[:.=][^\S\n]*(?!\d+\s*[.\-:]?\s*[A-F]\b)\S)[^\n]{0,80}",
    re.MULTILINE,
)


@dataclass(slots=True)
class Start:
    """A question's opening mark."""

    start: int  # of the line's mark
    end: int  # behind the mark, where the stem begins
    number: int
    digits: tuple[int, int]  # where the number itself is written
    points: str = ""


@dataclass(slots=True)
class Section:
    """A part of the paper."""

    start: int
    end: int  # end of its heading line
    name: str  # I, II, III, or the words of the heading
    title: str


@dataclass(slots=True)
class Context:
    """What several questions share."""

    start: int
    end: int
    first: int | None  # number of the first question it serves; none: all up to the next context or part
    last: int | None


@dataclass(slots=True)
class Outline:
    """All beginnings, in order."""

    starts: list[Start] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    contexts: list[Context] = field(default_factory=list)
    end: int = 0  # where the questions end
    answers: int | None = None  # where the answers begin

    @property
    def fixed_starts(self) -> list[int]:
        """Where parts and shared stems begin."""
        return [*(section.start for section in self.sections), *(context.start for context in self.contexts)]


def outline(flow: Flow) -> Outline:
    """Find all beginnings in a paper that is not a bank table."""
    found = Outline(end=len(flow.text))
    starts = _starts(flow, NUMBERED)
    plain = len(starts) < 2
    if plain:
        starts = _rising(_starts(flow, PLAIN_NUMBER)) or starts
    found.answers = _answers(flow.text, starts)
    limit = found.answers if found.answers is not None else len(flow.text)
    found.starts = [start for start in starts if start.start < limit]
    found.sections = [section for section in _sections(flow.text) if section.start < limit]
    found.end = _end(flow.text, found.starts, limit)
    found.contexts = _contexts(flow.text, found)
    return found


def _starts(flow: Flow, pattern: re.Pattern[str]) -> list[Start]:
    return [
        Start(
            _skip_blanks(flow.text, match.start()),
            match.end(),
            int(match["number"]),
            match.span("number"),
            match.groupdict().get("points") or "",
        )
        for match in pattern.finditer(flow.text)
    ]


def _skip_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place] in f" \t\u00a0\n{CELL}":
        place += 1
    return place


def _rising(starts: list[Start]) -> list[Start]:
    """Plain numbers count as questions only where they go on by one, or start again from 1."""
    kept: list[Start] = []
    for start in starts:
        if start.number == 1 or (kept and start.number == kept[-1].number + 1):
            kept.append(start)
    return kept if len(kept) >= 2 else []


def _sections(text: str) -> list[Section]:
    found = []
    for match in PART.finditer(text):
        title = match[0].strip().strip(CELL)
        if match["title"] and not title.lower().startswith("phần") and not _is_heading(title):
            continue
        name = match["name"] or match["roman"] or match["letter"] or title
        found.append(Section(_skip_blanks(text, match.start()), match.end(), name, title))
    return found


def _is_heading(title: str) -> bool:
    letters = [sign for sign in title if sign.isalpha()]
    return sum(sign.isupper() for sign in letters) >= 0.6 * len(letters) > 0


def _answers(text: str, starts: list[Start]) -> int | None:
    """The first heading of answers behind which no new question is asked."""
    for match in ANSWERS.finditer(text):
        after = [start for start in starts if start.start > match.start()]
        before = [start.number for start in starts if start.start < match.start()]
        if not before or _follows_every_question(text, starts, match.start()):
            continue
        if not _asks(text, after) or (_starts_again(text, match, after) and len(before) >= len(after)):
            return match.start()
    return None


def _follows_every_question(text: str, starts: list[Start], place: int) -> bool:
    """Whether such a heading stands under most questions before: then it is a solution, not the end."""
    before = [start.start for start in starts if start.start < place]
    spans = list(itertools.pairwise(before))
    explained = sum(ANSWERS.search(text, first, last) is not None for first, last in spans)
    return len(spans) > 0 and explained >= 0.5 * len(spans)


def _asks(text: str, starts: list[Start]) -> bool:
    ends = [*(start.start for start in starts[1:]), len(text)]
    return any(
        len(find_options(text, start.end, end).marks) >= 3 for start, end in zip(starts, ends, strict=False)
    )


def _starts_again(text: str, heading: re.Match[str], after: list[Start]) -> bool:
    return after[0].number == 1 and PART.search(text, heading.end(), after[0].start) is None


def _end(text: str, starts: list[Start], limit: int) -> int:
    last = starts[-1].start if starts else 0
    found = THE_END.search(text, last, limit)
    return found.start() if found else limit


def _contexts(text: str, found: Outline) -> list[Context]:
    contexts: list[Context] = []
    for match in CONTEXT.finditer(text, 0, found.end):
        place = _skip_blanks(text, match.start("text"))
        if not SHARED.search(match["text"]) or INSTRUCTION.match(match["text"].lstrip()):
            continue
        following = next((start for start in found.starts if start.start > place), None)
        if following is None or any(start.start <= place < start.end for start in found.starts):
            continue
        if contexts and contexts[-1].end == following.start:
            contexts[-1] = _widened(contexts[-1], match["text"])
            continue
        first, last = _served(match["text"])
        contexts.append(Context(place, following.start, first, last))
    kept = [context for context in contexts if not _inside_stem(text, context, found)]
    return sorted([*kept, *_passages(text, found, kept)], key=lambda context: context.start)


def _passages(text: str, found: Outline, known: list[Context]) -> list[Context]:
    """A passage between the heading of a part and its first question, as in reading and literature papers."""
    passages = []
    for section in found.sections:
        following = next((start for start in found.starts if start.start > section.start), None)
        if following is None or any(section.start <= context.start < following.start for context in known):
            continue
        place = _skip_blanks(text, section.end)
        between = text[place : following.start]
        later = any(section.start < other.start < following.start for other in found.sections)
        if not later and PASSAGE.match(between) and len(between) > MIN_PASSAGE:
            passages.append(Context(place, following.start, None, None))
    return passages


def _widened(context: Context, line: str) -> Context:
    """A second line of the same shared stem may be the one that names the numbers."""
    first, last = _served(line)
    if context.first is None and first is not None:
        context.first, context.last = first, last
    return context


def _served(line: str) -> tuple[int | None, int | None]:
    numbers = NUMBERS.search(line)
    if numbers is None or int(numbers[1]) >= int(numbers[2]):
        return None, None
    return int(numbers[1]), int(numbers[2])


def _inside_stem(text: str, context: Context, found: Outline) -> bool:
    """Whether the line belongs to the question before it, which has shown no options yet."""
    before = [start for start in found.starts if start.start < context.start]
    if not before:
        return False
    names_next = context.first is not None and context.first > before[-1].number
    cut_by_part = any(before[-1].start < section.start <= context.start for section in found.sections)
    if names_next or cut_by_part:
        return False
    return len(find_options(text, before[-1].end, context.start).marks) < 2
