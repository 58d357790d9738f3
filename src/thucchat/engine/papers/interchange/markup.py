"""Marked-up content (XHTML of QTI, HTML of Moodle and GIFT) as the text of a paper.

Blocks make lines, cells are set apart by a bar, raised and lowered signs become formulas. Pictures are
listed, and what text cannot carry is named. Formulas must have been settled before (`formulas_in`).
"""

import re
import unicodedata
from dataclasses import dataclass, field

from lxml import etree

from thucchat.engine.papers.interchange.formulas_in import CANVAS, FAILED, LATEX, formula_text
from thucchat.engine.papers.model import PICTURE_TEXT
from thucchat.engine.papers.reading.flow import CELL
from thucchat.engine.papers.reading.names import Element, local
from thucchat.engine.papers.reading.render import tidy_lines

BLOCK_NAMES = (
    "address article aside blockquote caption center contentBody dd div dl dt fieldset figcaption figure "
    "footer form gapText h1 h2 h3 h4 h5 h6 header hr hottext inlineChoice itemBody li main nav ol p pre "
    "prompt section simpleAssociableChoice simpleChoice simpleMatchSet table tr ul"
)
OPAQUE_NAMES = (
    "audio video object embed iframe canvas svg applet math printedVariable customInteraction "
    "portableCustomInteraction include"
)
BLOCKS = frozenset(BLOCK_NAMES.split())
OPAQUE = frozenset(OPAQUE_NAMES.split())
CELLS = frozenset(("td", "th"))
HIDDEN = frozenset(("script", "style", "head", "title", "stylesheet", "catalogInfo"))
SCRIPTS = {"sup": "^", "sub": "_"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|sub|sup|span|div|img|table|tr|td|th|ul|ol|li|h[1-6]|pre|code|math|a|font|center|hr)"
    r"\b[^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});",
    re.IGNORECASE,
)
MATHML_NAME = "MathML"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a stretch of markup shows."""

    text: str
    images: tuple[str, ...]  # addresses as written
    strange: tuple[str, ...]  # names of what text cannot carry


@dataclass(slots=True)
class _Pieces:
    texts: list[tuple[bool, str]] = field(default_factory=list)  # whether it is a formula, and the text
    images: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    open_scripts: list[int] = field(default_factory=list)  # where raised and lowered text began
    preserved: int = 0  # depth of `pre`
    counted: dict[Element, int] = field(default_factory=dict)  # entries met, by their numbered list

    def add(self, text: str | None) -> None:
        """Text of the file, whose line ends are blanks unless they are kept on purpose."""
        if text:
            self.texts.append((False, text if self.preserved else re.sub(r"\s+", " ", text)))

    def break_off(self, sign: str = "\n") -> None:
        """A line end, or the end of a cell."""
        self.texts.append((False, sign))

    def formula(self, latex: str) -> None:
        """A formula; one that hangs on the formula before it is joined to that."""
        if latex and latex[0] in "^_" and self.texts and self.texts[-1][0]:
            self.texts[-1] = (True, self.texts[-1][1] + latex)
        elif latex:
            self.texts.append((True, latex))


def shown(element: Element) -> Shown:
    """Text, pictures and doubtful parts inside `element`, which itself makes no line."""
    pieces = _Pieces()
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if event == "start":
            if _enter(pieces, node):
                walk.skip_subtree()
        else:
            _leave(pieces, node)
            if node is not element:
                pieces.add(node.tail)
    text = _tidy("".join(f"${text}$" if formula else text for formula, text in pieces.texts))
    if not text and pieces.images:
        text = PICTURE_TEXT
    return Shown(text, tuple(dict.fromkeys(pieces.images)), tuple(dict.fromkeys(pieces.strange)))


def cut(element: Element, instead: str = "") -> None:
    """Take an element out of its tree; the text behind it stays."""
    above, before = element.getparent(), element.getprevious()
    left = instead + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + left
    else:
        above.text = (above.text or "") + left
    above.remove(element)


def plain_text(text: str) -> str:
    """Text without markup, tidied the same way."""
    return _tidy(CONTROL.sub("", text))


def html_root(text: str) -> Element:
    """The tree of a stretch of HTML; mistakes in it are mended as browsers do."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, encoding="utf-8")
    safe = CONTROL.sub("", text)
    return etree.fromstring(f"<div>{safe}</div>".encode(), parser)


def plain_root(text: str) -> Element:
    """A tree that shows text without markup, with its lines."""
    root = etree.Element("pre")
    root.text = CONTROL.sub("", text)
    return root


def auto_root(text: str) -> Element:
    """The tree of text that may be HTML or not: it is when it has a tag or a sign of it."""
    return html_root(text) if TAG.search(text) else plain_root(text)


def _enter(pieces: _Pieces, node: Element) -> bool:
    """Add what stands at the beginning of `node`; whether its inside is to be left out."""
    name = local(node)
    if name in HIDDEN or _is_alone(pieces, node, name):
        return True
    if name in CELLS and node.getprevious() is not None:
        pieces.break_off(CELL)
    elif name in BLOCKS or name == "br":
        pieces.break_off()
    if name == "li":
        pieces.add(_bullet(pieces, node))
    if name in SCRIPTS:
        pieces.open_scripts.append(len(pieces.texts))
    pieces.preserved += name == "pre"
    pieces.add(node.text)
    return False


def _is_alone(pieces: _Pieces, node: Element, name: str) -> bool:
    """Add a formula, a picture or something opaque; whether `node` was one."""
    if name == LATEX:
        if node.get(FAILED):
            pieces.strange.append(MATHML_NAME)
            pieces.add(node.text)
        else:
            pieces.formula(node.text or "")
    elif name == "img" and node.get(CANVAS):
        pieces.formula(formula_text(node.get(CANVAS)))
    elif name == "img":
        pieces.images.append(_address(node.get("src")))
    elif name == "object" and node.get("type", "").startswith("image/"):
        pieces.images.append(_address(node.get("data")))
    elif name in OPAQUE:
        pieces.strange.append(name)
    else:
        return False
    return True


def _address(text: str | None) -> str:
    address = (text or "").strip()
    # A picture written into the page itself is named by its kind, not by its bytes.
    return address.partition(";")[0] if address.startswith("data:") else address


def _bullet(pieces: _Pieces, node: Element) -> str:
    above = node.getparent()
    if above is None or local(above) != "ol":
        return "- "
    pieces.counted[above] = pieces.counted.get(above, 0) + 1
    return f"{pieces.counted[above]}. "


def _leave(pieces: _Pieces, node: Element) -> None:
    name = local(node)
    if name in SCRIPTS and pieces.open_scripts:
        start = pieces.open_scripts.pop()
        inside = pieces.texts[start:]
        text = "".join(text for _, text in inside).strip()
        if text and "\n" not in text:
            del pieces.texts[start:]
            pieces.formula(f"{SCRIPTS[name]}{{{formula_text(text)}}}")
    pieces.preserved -= name == "pre"
    if name in BLOCKS:
        pieces.break_off()


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    cells = [tidy_lines(cell) for cell in text.split(CELL)]
    return " | ".join(cell for cell in cells if cell)
