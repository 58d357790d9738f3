"""Keys written down: in a table or list at the end, in a separate file, or in a line under the question.

An answer is a letter, four times Đ or S, or the text of a short answer.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from thucchat.engine.papers.reading.flow import CELL
from thucchat.engine.papers.reading.structure import PART

NUMBER_CELL = re.compile(r"\s*(?:Câu|CÂU|Question|C)?\s*\.?\s*(\d{1,3})\s*[.:)]?\s*")
LETTER_CELL = re.compile(r"\s*\(?([A-F])\)?\s*[.)]?\s*")
BOTH_CELL = re.compile(r"\s*(?:Câu\s*|Question\s*)?(\d{1,3})\s*[.\-–:)/]?\s*([A-F])\s*[.,;]?\s*")
TRUTH = re.compile(r"(?<![^\W_])(Đúng|Sai|ĐÚNG|SAI|đúng|sai|Đ|S|T|F|True|False)(?![^\W_])")
TRUTHS_TOGETHER = re.compile(r"\s*([ĐDS](?:\s*[-–,;/]?\s*[ĐDS]){1,5})\s*[.;]?\s*")
STATEMENT_CELL = re.compile(r"\s*([a-f])\s*[.)]?\s*")
PART_CELL = re.compile(r"\s*(?:PHẦN|Phần|P)?\s*\.?\s*(I{1,3}|IV|V)\s*\.?\s*")
STATEMENT_OF = re.compile(r"\s*(?:Câu\s*)?(\d{1,3})\s*[.\-]?\s*([a-d])\s*[.)]?\s*")
LIST_ENTRY = re.compile(
    r"(?<![\w.,])(?:Câu\s*|Question\s*)?(?P<number>\d{1,3})\s*(?P<sign>[.\-–:)/]|\s)?\s*(?P<letter>[A-F])(?![\w])"
)
LINE_ENTRY = re.compile(
    r"^\s*(?:Câu\s*|Question\s*)?(?P<number>\d{1,3})\s*(?:[.:)\-–]|\s(?=[ĐS]))\s*(?P<answer>\S.*?)\s*$",
    re.MULTILINE,
)
SHORT_ANSWER = re.compile(r"-?\d+(?:[.,]\d+)?(?:/\d+)?")
INLINE_LETTER = re.compile(
    r"(?:^|(?<=[\n.;]))\s*[-*=>⇒→]*\s*(?:Vậy\s+|Do đó\s+|Nên\s+)?(?:chọn|đáp án(?:\s+đúng)?(?:\s+là)?"
    r"|đa|answer|key|phương án đúng(?:\s+là)?)"
    r"\s*[:.\-–=]?\s*(?:đáp án\s*|phương án\s*|câu\s*|là\s*)*([A-F])(?![^\W_])",
    re.IGNORECASE | re.MULTILINE,
)
INLINE_ANSWER = re.compile(
    r"(?:đáp án|đáp số|trả lời|kết quả|answer|key|đs|đa)(?:\s+(?:đúng|là))*\s*[:=.]\s*([^\n]+)", re.IGNORECASE
)
EMPTY_ANSWER = re.compile(r"[\s.…_|\-]*")

Grid = Sequence[Sequence[str]]


@dataclass(slots=True)
class AnswerList:
    """Answers in the order they are written; a number that falls back opens the next part."""

    parts: list[dict[int, str]] = field(default_factory=lambda: [{}])
    names: list[str | None] = field(default_factory=lambda: [None])
    current: int | None = None  # number whose solution is being read

    def open_part(self, name: str) -> None:
        """Answers that follow belong to the part of that name."""
        if not self.parts[-1] and self.names[-1] is None:
            self.names[-1] = name
        elif self.names[-1] != name:
            self.parts.append({})
            self.names.append(name)

    def add(self, number: int, answer: str, *, restarts: bool = True) -> None:
        """Note an answer; a second one for a number opens a new part."""
        here = self.parts[-1]
        if restarts and number in here and self.names[-1] is None and number == 1:
            self.parts.append({})
            self.names.append(None)
            here = self.parts[-1]
        here.setdefault(number, answer)

    @property
    def count(self) -> int:
        """How many answers were noted."""
        return sum(map(len, self.parts))

    def of(self, section: str | None, number: int, place: int, position: int | None = None) -> str | None:
        """The answer to a question, by part name, else by the place of its part, else by number alone.

        `position` is given where the paper's numbers start again: a list without parts counts on through it.
        """
        if (
            position is not None
            and len(self.parts) == 1
            and self.names == [None]
            and position <= max(self.parts[0], default=0)
        ):
            return self.parts[0].get(position)
        named = [part for part, name in zip(self.parts, self.names, strict=True) if name and name == section]
        if named and number in named[0]:
            return named[0][number]
        holding = [part[number] for part in self.parts if number in part]
        if len(self.parts) > 1 and place < len(self.parts) and not named and None in self.names:
            return self.parts[place].get(number) or (holding[0] if len(holding) == 1 else None)
        return holding[0] if len(holding) == 1 else None


def read_grid(grid: Grid, found: AnswerList, code: str | None = None) -> None:
    """Answers in a table, whatever its direction; `code` chooses the column of a paper code."""
    rows = [[cell.strip() for cell in row] for row in grid]
    if _read_columns(rows, found, code) or _read_statement_rows(rows, found):
        return
    place = 0
    while place < len(rows):
        place += _read_rows_at(rows, place, found)


def _read_columns(rows: list[list[str]], found: AnswerList, code: str | None) -> bool:
    """One line a question: number, then the answer (of the chosen code), or one cell a statement."""
    body = [row for row in rows if len(row) >= 2 and NUMBER_CELL.fullmatch(row[0])]
    if len(body) < 2 or len(body) < 0.6 * len(rows) or any(_answer(row[1]) is None for row in body[:1]):
        return False
    if all(NUMBER_CELL.fullmatch(row[2]) for row in body if len(row) >= 4 and row[2]) and len(body[0]) >= 4:
        return _read_number_answer_pairs(body, found)
    column = _column_of(rows[0], code)
    for row in body:
        found.add(_number(row[0]), _row_answer(row, column))
    return True


def _read_number_answer_pairs(body: list[list[str]], found: AnswerList) -> bool:
    """Two or more such tables beside each other: 1 | A | 11 | C | …, read column by column."""
    for left in range(0, len(body[0]) - 1, 2):
        for row in body:
            if left + 1 < len(row) and NUMBER_CELL.fullmatch(row[left]) and row[left + 1]:
                found.add(_number(row[left]), row[left + 1])
    return True


def _column_of(heading: list[str], code: str | None) -> int:
    matching = [
        place for place, cell in enumerate(heading) if place and code and code in re.findall(r"\d+", cell)
    ]
    return matching[0] if matching else 1


def _row_answer(row: list[str], column: int) -> str:
    cells = row[1:]
    if len(cells) >= 4 and all(TRUTH.fullmatch(cell) for cell in cells[:4]):
        return "".join(cells[:4])
    return row[column] if column < len(row) else ""


def _read_statement_rows(rows: list[list[str]], found: AnswerList) -> bool:
    """A line a statement: `1a | Đ`, or a heading of numbers over lines a), b), c), d)."""
    singles = [(match, row[1]) for row in rows if len(row) >= 2 and (match := STATEMENT_OF.fullmatch(row[0]))]
    if len(singles) >= 4:
        gathered: dict[int, str] = {}
        for match, answer in singles:
            gathered[int(match[1])] = gathered.get(int(match[1]), "") + answer
        for number, answer in gathered.items():
            found.add(number, answer)
        return True
    lettered = [row for row in rows if STATEMENT_CELL.fullmatch(row[0] if row else "")]
    if len(lettered) < 2 or not rows[0][1:] or not all(NUMBER_CELL.fullmatch(cell) for cell in rows[0][1:]):
        return False
    for column, cell in enumerate(rows[0][1:], 1):
        found.add(_number(cell), "".join(row[column] for row in lettered if column < len(row)))
    return True


def _read_rows_at(rows: list[list[str]], place: int, found: AnswerList) -> int:
    """Read one or two lines; returns how many were used."""
    row = rows[place]
    heading = " ".join(row)
    part = PART.match(heading)
    if part:
        found.open_part(part["name"] or part["roman"] or part["letter"] or part["title"])
        return 1
    parts_read = _read_part_rows(rows[place:], found)
    if parts_read:
        return 1 + parts_read
    following = rows[place + 1] if place + 1 < len(rows) else []
    pairs = [
        (_number(cell), following[column])
        for column, cell in enumerate(row)
        if NUMBER_CELL.fullmatch(cell) and column < len(following) and following[column]
    ]
    if len(pairs) >= 2 or (pairs and len(row) <= 2):
        for number, answer in pairs:
            found.add(number, answer)
        return 2
    for cell in row:
        for entry in LIST_ENTRY.finditer(cell):
            found.add(int(entry["number"]), entry["letter"])
    return 1


def _read_part_rows(rows: list[list[str]], found: AnswerList) -> int:
    """A heading of numbers over one line a part, which begins with its name; returns the lines read."""
    numbers = {column: _number(cell) for column, cell in enumerate(rows[0]) if NUMBER_CELL.fullmatch(cell)}
    lines = 0
    for row in rows[1:]:
        named = PART_CELL.fullmatch(row[0]) if row else None
        if named is None or len(numbers) < 2:
            return lines
        found.open_part(named[1])
        for column, number in numbers.items():
            if column < len(row) and row[column]:
                found.add(number, row[column])
        lines += 1
    return lines


def _number(cell: str) -> int:
    match = NUMBER_CELL.fullmatch(cell)
    return int(match[1]) if match else 0


def _answer(cell: str) -> str | None:
    return None if EMPTY_ANSWER.fullmatch(cell) else cell


def read_lines(text: str, found: AnswerList) -> None:
    """Answers in running text: `1.A 2.B`, `Câu 3: ĐSSĐ`, `4) 0,5`, or solutions that end in `Chọn B`."""
    for line in re.split(rf"[\n{CELL}]", text):
        part = PART.match(line)
        if part:
            found.open_part(part["name"] or part["roman"] or part["letter"] or part["title"])
            continue
        entries = list(LIST_ENTRY.finditer(line))
        covered = sum(len(entry[0]) for entry in entries)
        if entries and covered >= 0.5 * len(line.replace("\t", "").replace(" ", "")):
            for entry in entries:
                found.add(int(entry["number"]), entry["letter"])
            continue
        _read_line(line, found)


def _read_line(line: str, found: AnswerList) -> None:
    single = LINE_ENTRY.match(line)
    if single:
        found.current = int(single["number"])
        if _add_line(found, found.current, single["answer"]):
            found.current = None
    elif found.current is not None:
        letters, answer = inline_letter(line), inline_answer(line)
        if letters:
            found.add(found.current, letters[-1])
            found.current = None
        elif answer and _add_line(found, found.current, answer):
            found.current = None


def _add_line(found: AnswerList, number: int, answer: str) -> bool:
    """Note the answer if the text is one."""
    letter = re.match(r"(?:Chọn|Đáp án)?\s*:?\s*([A-F])(?![^\W_])", answer)
    truths = truth_letters(answer)
    if letter:
        found.add(number, letter[1])
    elif truths and len(truths) >= 2:
        found.add(number, truths)
    elif SHORT_ANSWER.match(answer) and len(answer) <= 20:
        found.add(number, answer)
    else:
        return False
    return True


def truth_letters(text: str) -> str | None:
    """`Đ - S - Đ - S`, `a) Đúng b) Sai …` or `ĐSĐS` as ĐSĐS; none when it is something else."""
    together = TRUTHS_TOGETHER.fullmatch(text)
    if together:
        return "".join("S" if sign == "S" else "Đ" for sign in re.sub(r"[^ĐDS]", "", together[1]))
    words = TRUTH.findall(text)
    if len(words) < 2:
        return None
    return "".join("Đ" if word[0].lower() in "đt" else "S" for word in words)


def inline_letter(text: str) -> tuple[str, ...]:
    """Letters a solution names as its key, without repeats."""
    return tuple(dict.fromkeys(letter.upper() for letter in INLINE_LETTER.findall(text)))


def inline_answer(text: str) -> str | None:
    """What follows `Đáp án:` or the like; none when only dots follow."""
    match = INLINE_ANSWER.search(text)
    if match is None or EMPTY_ANSWER.fullmatch(match[1]):
        return None
    return match[1].strip().rstrip(".;").strip()


def read_answers(blocks: Iterable[str | Grid], code: str | None = None) -> AnswerList:
    """All answers in a stretch of paragraphs (text) and tables, in printed order."""
    found = AnswerList()
    for block in blocks:
        if isinstance(block, str):
            read_lines(block, found)
        else:
            read_grid(block, found, code)
    return found
