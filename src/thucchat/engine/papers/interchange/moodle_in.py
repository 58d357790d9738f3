"""A question bank of Moodle (XML) as a paper.

Categories become parts, descriptions what the questions after them share. Names, tags, penalties and the
standard sentences of praise are settings of the quiz and are left aside.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.draft import BLANK, Draft
from thucchat.engine.papers.interchange.formulas_in import settle_formulas
from thucchat.engine.papers.interchange.markup import auto_root, html_root, plain_root
from thucchat.engine.papers.interchange.quiz_shapes import (
    NUMBER,
    Answer,
    Contexts,
    decimal_text,
    fill_choice,
    fill_matching,
    fill_short,
    fill_truth,
    named_unsupported,
)
from thucchat.engine.papers.interchange.safe_xml import parsed
from thucchat.engine.papers.model import Paper, Question
from thucchat.engine.papers.reading.names import Element

PLAIN_FORMATS = ("plain_text", "markdown")
STORED = "@@PLUGINFILE@@/"
NO_PART = re.compile(r"^(top|default for .*|mặc định cho .*)$", re.IGNORECASE)
GAP = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^\\{}])*)\}")
POINTS = re.compile(r"(\d{1,4})(?:\.(\d*?))?0*")
ALL_SHARES = 100.0


def paper_from_moodle(content: bytes, name: str = "tệp Moodle") -> Paper:
    """The paper; `name` is what messages call the file. Files inside are listed as images by their names.

    Raises:
        InvalidInput: `interchange.…` for hostile or broken XML, `moodle.unknown`, `moodle.empty`.
        NoResult: `formulas.pandoc` when formulas cannot be converted at all.
    """
    root = parsed(content, name)
    if root.tag != "quiz":
        raise InvalidInput(
            "moodle.unknown", f"“{name}” có gốc “{root.tag}”, không phải là Moodle XML (quiz)."
        )
    for text in [*root.iter("text")]:
        _open_text(text)
    equations = settle_formulas([root])
    contexts = Contexts()
    questions = tuple(_questions(root, contexts))
    if not questions:
        raise InvalidInput("moodle.empty", f"“{name}” không có câu hỏi nào; hãy xuất lại ngân hàng câu hỏi.")
    return Paper(questions, tuple(contexts.flags), equations=equations)


def _open_text(text: Element) -> None:
    """Put the markup that stands as text of an element into the tree."""
    above = text.getparent()
    form = above.get("format") if above is not None else None
    plain = form in PLAIN_FORMATS or (above is not None and above.tag in {"category", "name"})
    make = plain_root if plain else html_root if form == "html" else auto_root
    inside = make(text.text or "")
    text.text = None
    text.append(inside)


def _questions(root: Element, contexts: Contexts) -> Iterator[Question]:
    part: str | None = None
    number = 0
    for element in root.iterfind("question"):
        kind = element.get("type", "")
        if kind == "category":
            contexts.end()
            part = category_part("".join(element.itertext("pre")))
            continue
        draft = Draft(number + 1, f"dòng {element.sourceline}", part_of=_file_name, part=part)
        draft.stem = _text(draft, element, "questiontext")
        if kind == "description":
            contexts.describe(draft.stem)
            contexts.flags.extend(draft.flags)
            continue
        number += 1
        _fill(draft, element, kind)
        yield contexts.put_on(draft.question())
    contexts.end()


def category_part(path: str) -> str | None:
    """The part that a category stands for: its last name; none for the top and for default categories."""
    # A slash inside a name is written twice.
    last = path.replace("//", "\0").rpartition("/")[2].replace("\0", "/").strip()
    return None if not last or NO_PART.match(last) else last


def _file_name(address: str) -> str:
    return unquote(address.removeprefix(STORED)).lstrip("/")


def _text(draft: Draft, above: Element, name: str) -> str:
    """The text of the child `name`, and its files among the pictures."""
    child = above.find(name)
    return "" if child is None else _own_text(draft, child)


def _own_text(draft: Draft, element: Element) -> str:
    text = element.find("text")
    shown = "" if text is None else draft.text(text)
    for file in element.iterfind("file"):
        draft.images.append(file.get("path", "/").lstrip("/") + file.get("name", ""))
    return shown


def _fill(draft: Draft, element: Element, kind: str) -> None:
    draft.points = _points(element.findtext("defaultgrade") or "")
    reader = READERS.get(kind)
    if reader is None:
        named_unsupported(draft, kind)
        told = "; ".join(f"{answer.text} ({answer.share:g} %)" for answer in _answers(draft, element))
        draft.solve(f"Đáp án trong tệp: {told}" if told else "")
    else:
        reader(draft, element)
    draft.solve(_text(draft, element, "generalfeedback"))
    for hint in element.iterfind("hint"):
        text = _own_text(draft, hint)
        draft.solve(f"Gợi ý: {text}" if text else "")


def _points(text: str) -> str | None:
    """Points as printed; one point is what every question has, so it says nothing."""
    match = POINTS.fullmatch(text.strip())
    if match is None or (match[1] == "1" and not match[2]):
        return None
    return f"{match[1]},{match[2]}" if match[2] else match[1]


def _answers(draft: Draft, element: Element) -> list[Answer]:
    found = []
    for answer in element.iterfind("answer"):
        try:
            share = float(answer.get("fraction", "0"))
        except ValueError:
            share = 0.0
            draft.doubt("key.weights", f"có trọng số “{answer.get('fraction')}” không phải là số")
        found.append(Answer(_own_text(draft, answer), share, _text(draft, answer, "feedback")))
    return found


def _choice(draft: Draft, element: Element) -> None:
    single = (element.findtext("single") or "true").strip().lower() in {"true", "1"}
    fill_choice(draft, _answers(draft, element), several=not single)


def _truth(draft: Draft, element: Element) -> None:
    answers = _answers(draft, element)
    right = next((answer.text.lower() for answer in answers if answer.share >= ALL_SHARES), "")
    fill_truth(draft, is_true=right == "true")
    if right not in {"true", "false"}:
        draft.key = None
    for answer in answers:
        draft.solve(answer.feedback)


def _short(draft: Draft, element: Element) -> None:
    fill_short(draft, _answers(draft, element))


def _numerical(draft: Draft, element: Element) -> None:
    answers = [
        Answer(
            decimal_text(answer.text) if NUMBER.fullmatch(answer.text) else answer.text,
            answer.share,
            answer.feedback,
        )
        for answer in _answers(draft, element)
    ]
    fill_short(draft, answers)
    for answer in element.iterfind("answer"):
        tolerance = (answer.findtext("tolerance") or "0").strip()
        if tolerance.strip("0.,"):
            draft.doubt(
                "key.tolerance", f"nhận đáp số lệch tới {decimal_text(tolerance)}, không được giữ", tolerance
            )
    units = [(unit.findtext("unit_name") or "").strip() for unit in element.iterfind("units/unit")]
    if units:
        draft.doubt(
            "key.units", f"nhận đáp số kèm đơn vị {', '.join(units)}, không được giữ", ", ".join(units)
        )


def _essay(draft: Draft, element: Element) -> None:
    draft.solve(_text(draft, element, "graderinfo"))
    template = _text(draft, element, "responsetemplate")
    if template:
        draft.doubt("essay.template", "có mẫu bài làm cho sẵn, không được giữ", template)


def _matching(draft: Draft, element: Element) -> None:
    pairs = [(_own_text(draft, one), _text(draft, one, "answer")) for one in element.iterfind("subquestion")]
    fill_matching(draft, pairs)


def _cloze(draft: Draft, element: Element) -> None:  # noqa: ARG001  # one shape for all kinds
    named_unsupported(draft, "điền nhiều chỗ trống (cloze)")
    for place, gap in enumerate(GAP.finditer(draft.stem), 1):
        draft.solve(f"Chỗ trống {place} ({gap[2]}): {gap[3]}")
    draft.stem = GAP.sub(BLANK, draft.stem)


READERS: dict[str, Callable[[Draft, Element], None]] = {
    "multichoice": _choice,
    "truefalse": _truth,
    "shortanswer": _short,
    "numerical": _numerical,
    "essay": _essay,
    "matching": _matching,
    "match": _matching,
    "cloze": _cloze,
    "multianswer": _cloze,
}
