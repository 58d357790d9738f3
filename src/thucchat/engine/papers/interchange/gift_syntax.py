"""The outer shape of GIFT: questions by blank lines, comments, categories, escapes, titles, braces.

Escaped signs are put out of the way first and come back in `restored`, so that everything between can
split at the bare signs. Source: Moodle's documentation of the GIFT format.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Signs that a backslash takes their meaning from; code points that are no characters stand for them.
ESCAPED = {sign: chr(0xFDD0 + place) for place, sign in enumerate("\\:#={}~")}
LINE = chr(0xFDDF)  # for an escaped n: a line end
STAND_IN = re.compile(r"[\ufdd0-\ufddf]")
BACK = {stand_in: sign for sign, stand_in in ESCAPED.items()} | {LINE: "\n"}
CATEGORY = re.compile(r"^\s*\$CATEGORY:\s*(.*)$")
TITLE = re.compile(r"^\s*::(.*?)::", re.DOTALL)
# An escaped n is a line end, unless it begins a command of LaTeX written without a second backslash.
LINE_END = re.compile(
    r"\\n(?!(?:eq?|eg|u|i|ot|otin|abla|mid|geq|leq|sim|parallel|exists|subseteq|earrow|Rightarrow|olimits)"
    r"(?![A-Za-z]))"
)
FORMAT = re.compile(r"^\s*\[(html|plain|markdown|moodle)\]", re.IGNORECASE)


class GiftFault(Exception):
    """A question that breaks the rules; the message says how, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines between two blank ones."""

    line: int  # of its first line in the file, from 1
    text: str  # escapes put away
    category: str | None  # path, when the block is no question but names what follows


@dataclass(frozen=True, slots=True)
class GiftQuestion:
    """A question taken apart, escapes still put away."""

    form: str  # html, plain, markdown or moodle
    before: str
    answer: str | None  # between the braces; none: a description
    after: str


def blocks(text: str) -> Iterator[Block]:
    """The questions and categories of a file, in order."""
    begun, lines = 0, list[str]()
    for number, raw in enumerate([*STAND_IN.sub("", text).splitlines(), ""], 1):
        if raw.lstrip().startswith("//"):
            continue
        category = CATEGORY.match(raw)
        if lines and (category or not raw.strip()):
            yield Block(begun, _put_away("\n".join(lines)), None)
            lines = []
        if category:
            yield Block(number, "", category[1].strip())
        elif raw.strip():
            begun = begun if lines else number
            lines.append(raw)


def _put_away(text: str) -> str:
    text = text.replace("\\\\", ESCAPED["\\"])
    for sign, stand_in in ESCAPED.items():
        if sign != "\\":
            text = text.replace("\\" + sign, stand_in)
    return LINE_END.sub(LINE, text)


def restored(text: str) -> str:
    """Text with its escaped signs back."""
    return STAND_IN.sub(lambda match: BACK.get(match[0], ""), text).strip()


def taken_apart(text: str) -> GiftQuestion:
    """Title off, format read, answer cut out.

    Raises:
        GiftFault: braces that do not pair.
    """
    rest = TITLE.sub("", text, count=1)
    form = FORMAT.match(rest)
    rest = FORMAT.sub("", rest, count=1)
    before, opened, inside = rest.partition("{")
    if not opened:
        if "}" in rest:
            raise GiftFault("có dấu “}” mà không có dấu “{” đứng trước")
        return GiftQuestion(form[1].lower() if form else "moodle", rest, None, "")
    answer, closed, after = inside.partition("}")
    if not closed:
        raise GiftFault("thiếu dấu “}” đóng phần trả lời")
    if "{" in answer or "{" in after or "}" in after:
        raise GiftFault("có nhiều hơn một cặp ngoặc { }; ngoặc của công thức hãy viết \\{ và \\}")
    return GiftQuestion(form[1].lower() if form else "moodle", before, answer.strip(), after)
