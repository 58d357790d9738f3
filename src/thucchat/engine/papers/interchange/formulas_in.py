"""Formulas of other programs as LaTeX: MathML gives way to `latex` elements, typed TeX stands between `$`."""

import re
from collections.abc import Iterable

from lxml import etree

from thucchat.engine.papers.reading.names import Element, local
from thucchat.engine.papers.writing.formulas import latex_formulas

LATEX = "latex"  # element that stands for a formula; its text is the LaTeX
FAILED = "failed"  # attribute of one whose formula was not understood: the text is what it showed
TEX_NOTE = re.compile(r"^(application/x-tex|application/x-latex|latex|tex)$", re.IGNORECASE)
# What opens a formula cannot stand inside it, so a file full of openings is searched once.
TYPED = re.compile(
    r"\\\(((?:[^\\]|\\\\|\\(?![(\\]))+?)\\\)|\\\[((?:[^\\]|\\\\|\\(?![\[\\]))+?)\\\]|\$\$(.+?)\$\$", re.DOTALL
)
CANVAS = "data-equation-content"  # where Canvas keeps the LaTeX of a formula shown as picture


def settle_formulas(roots: Iterable[Element]) -> int:
    """Replace every MathML formula below `roots`; how many there were.

    The LaTeX that a formula carries as annotation is taken; the others are converted, all at once.
    Raises:
        NoResult: `formulas.pandoc` when formulas cannot be converted at all.
    """
    found = [element for root in roots for element in root.iter("{*}math")]
    found = [
        element for element in found if not any(local(above) == "math" for above in element.iterancestors())
    ]
    noted = [_annotation(element) for element in found]
    strange = [element for element, latex in zip(found, noted, strict=True) if latex is None]
    converted = iter(latex_formulas(strange))
    for element, note in zip(found, noted, strict=True):
        _replace(element, next(converted) if note is None else note)
    return len(found)


def _annotation(element: Element) -> str | None:
    for note in element.iter("{*}annotation"):
        text = (note.text or "").strip()
        if TEX_NOTE.match(note.get("encoding", "")) and text:
            return text
    return None


def _replace(element: Element, latex: str | None) -> None:
    made = etree.Element(LATEX)
    if latex is None:
        made.set(FAILED, "true")
    made.text = " ".join(element.itertext()) if latex is None else formula_text(latex)
    made.tail = element.tail
    element.getparent().replace(element, made)


def formula_text(latex: str) -> str:
    """LaTeX fit to stand between dollar signs: on one line, without signs of its own around or inside."""
    bare = re.sub(r"^\$+|(?<!\\)\$+$", "", " ".join(latex.split())).strip()
    return bare.replace("\\$", "\\textdollar ").replace("$", "")


def typed_formulas(text: str) -> str:
    r"""Text in which `\(x\)`, `\[x\]` and `$$x$$` have become `$x$`."""
    return TYPED.sub(lambda match: f"${formula_text(next(filter(None, match.groups())))}$", text)
