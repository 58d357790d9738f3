"""A paper written as a new Word file in the usual look of school papers, formulas as Word's own equations.

For papers that exist as text only; a paper that came from Word is shuffled from its own file instead.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape

from lxml import etree

from thucchat.engine.papers.model import Paper, Question
from thucchat.engine.papers.reading.names import Element
from thucchat.engine.papers.writing.formulas import word_formulas
from thucchat.engine.papers.writing.new_file import new_file

FORMULA = re.compile(r"\$([^$]+)\$")
# Widths by eye at 12 pt on 17 cm: four options a line up to so many characters each, two up to so many.
FOUR_A_LINE, TWO_A_LINE = 16, 38
TABS = {
    4: "".join(f'<w:tab w:val="left" w:pos="{place}"/>' for place in (2410, 4820, 7230)),
    2: '<w:tab w:val="left" w:pos="4820"/>',
    1: "",
}
KEYS_A_ROW = 10
TITLES = {
    "choice": "Câu trắc nghiệm nhiều phương án lựa chọn",
    "true_false": "Câu trắc nghiệm đúng sai",
    "short_answer": "Câu trắc nghiệm trả lời ngắn",
    "essay": "Tự luận",
}
PART_WORD = {"I", "II", "III", "IV", "V", "1", "2", "3", "4"}


def word_paper(paper: Paper, *, with_key: bool = False) -> bytes:
    """The Word file. `with_key` adds a table of keys at the end.

    Raises:
        NoResult: `formulas.pandoc` when formulas cannot be converted at all.
    """
    texts = [
        text
        for question in paper.questions
        for text in (question.stem, question.context, *question.options.values())
    ]
    formulas = word_formulas(match[1] for text in texts if text for match in FORMULA.finditer(text))
    body = "".join(_blocks(paper, formulas))
    return new_file(body + (_key_table(paper) if with_key else ""))


def _blocks(paper: Paper, formulas: Mapping[str, Element | None]) -> Iterator[str]:
    for line in filter(None, paper.heading.split("\n")):
        yield _paragraph(_run(line, bold=True), '<w:jc w:val="center"/>')
    part: str | None = None
    context: str | None = None
    for question in paper.questions:
        if question.part and question.part != part:
            part = question.part
            title = f"PHẦN {part}. {TITLES[question.type]}" if part in PART_WORD else part
            yield _paragraph(_run(title, bold=True))
        if question.context and question.context != context:
            yield from (_paragraph(_inline(line, formulas)) for line in question.context.split("\n"))
        context = question.context
        yield from _question(question, formulas)
    yield _paragraph(_run("---------- HẾT ----------"), '<w:jc w:val="center"/>')


def _question(question: Question, formulas: Mapping[str, Element | None]) -> Iterator[str]:
    points = f" ({question.points} điểm)" if question.points else ""
    first, *others = question.stem.split("\n")
    yield _paragraph(
        _run(f"Câu {question.number}{points}.", bold=True) + _run(" ") + _inline(first, formulas)
    )
    yield from (_paragraph(_inline(line, formulas)) for line in others)
    sign = ")" if question.type == "true_false" else "."
    options = [
        _run(f"{letter}{sign}", bold=True) + _run(" ") + _inline(text.replace("\n", " "), formulas)
        for letter, text in question.options.items()
    ]
    width = _options_a_line(question)
    for place in range(0, len(options), width):
        yield _paragraph(
            "<w:r><w:tab/></w:r>".join(options[place : place + width]), f"<w:tabs>{TABS[width]}</w:tabs>"
        )


def _options_a_line(question: Question) -> int:
    longest = max((len(_seen(text)) for text in question.options.values()), default=0)
    if question.type == "true_false" or longest > TWO_A_LINE:
        return 1
    return 4 if longest <= FOUR_A_LINE else 2


def _seen(text: str) -> str:
    """Roughly what is printed: commands of LaTeX take little room."""
    return re.sub(r"\\[A-Za-z]+|[{}$\\]", "", text)


def _inline(text: str, formulas: Mapping[str, Element | None]) -> str:
    made, place = [], 0
    for match in FORMULA.finditer(text):
        equation = formulas.get(match[1])
        made.append(_run(text[place : match.start()]))
        made.append(
            _run(match[0])
            if equation is None
            else etree.tostring(equation, encoding="unicode", with_tail=False)
        )
        place = match.end()
    return "".join([*made, _run(text[place:])])


def _run(text: str, *, bold: bool = False) -> str:
    if not text:
        return ""
    clean = "".join(sign for sign in text if sign >= " " or sign == "\t")
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(clean, quote=False)}</w:t></w:r>'


def _paragraph(inside: str, properties: str = "") -> str:
    shown = f"<w:pPr>{properties}</w:pPr>" if properties and properties != "<w:tabs></w:tabs>" else ""
    return f"<w:p>{shown}{inside}</w:p>"


def _key_table(paper: Paper) -> str:
    parts: dict[str | None, list[Question]] = {}
    for question in paper.questions:
        if question.type != "essay":
            parts.setdefault(question.part, []).append(question)
    blocks = [_paragraph(_run("ĐÁP ÁN", bold=True), '<w:pageBreakBefore/><w:jc w:val="center"/>')]
    for part, questions in parts.items():
        if part:
            blocks.append(_paragraph(_run(f"PHẦN {part}" if part in PART_WORD else part, bold=True)))
        for place in range(0, len(questions), KEYS_A_ROW):
            row = questions[place : place + KEYS_A_ROW]
            blocks.append(
                _table(
                    [
                        ["Câu", *(str(each.number) for each in row)],
                        ["Đáp án", *(each.key or "" for each in row)],
                    ]
                )
            )
            blocks.append(_paragraph(""))
    return "".join(blocks)


def _table(rows: list[list[str]]) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join('<w:gridCol w:w="900"/>' for _ in rows[0])
    body = ""
    for row in rows:
        body += "<w:tr>" + "".join(f"<w:tc>{_paragraph(_run(cell))}</w:tc>" for cell in row) + "</w:tr>"
    return (
        f"<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{body}</w:tbl>"
    )
