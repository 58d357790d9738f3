"""Stretches of the flow as the text people and programs read: equations and scripts between dollar signs."""

import re
import unicodedata

from thucchat.engine.papers.model import OBJECT_TEXT, PICTURE_TEXT
from thucchat.engine.papers.reading.flow import CELL, Flow, Piece

LEVEL_SIGNS = {"superscript": "^", "subscript": "_"}
BLANKS = re.compile(r"[^\S\n]+")
LINES = re.compile(r" ?\n[ \n]*")


def rendered(flow: Flow, start: int, end: int) -> str:
    """The stretch as tidy text, one line per printed line.

    A picture is left out, unless it is all there is: then `[hình]` stands for it.
    """
    pieces = flow.between(start, end)
    text = _tidy("".join(_joined([_shown(piece, start, end) for piece in pieces])))
    if not text and any(piece.kind == "picture" for piece in pieces):
        return PICTURE_TEXT
    return text


def plain(flow: Flow, start: int, end: int) -> str:
    """The beginning of a stretch on one line, for messages."""
    text = rendered(flow, start, end).replace("\n", " ")
    return text if len(text) <= 80 else text[:79] + "…"


def _shown(piece: Piece, start: int, end: int) -> tuple[bool, str]:
    """Whether it is a formula, and the text."""
    if piece.kind == "equation":
        return True, piece.shown
    if piece.kind == "ole":
        return False, OBJECT_TEXT
    if piece.kind in {"picture", "other"}:
        return False, ""
    text = piece.text[max(start - piece.start, 0) : end - piece.start]
    if piece.kind == "cell":
        return False, CELL
    sign = LEVEL_SIGNS.get(piece.look.level)
    if sign and text.strip():
        return True, f"{sign}{{{text.strip()}}}"
    return False, text


def _joined(parts: list[tuple[bool, str]]) -> list[str]:
    """Formulas that touch become one, or `$a$$b$` would read as a display formula."""
    texts: list[str] = []
    open_formula = False
    for is_formula, text in parts:
        if not text:
            continue
        if is_formula and open_formula:
            texts[-1] = texts[-1][:-1] + ("" if text[0] in "^_" else " ") + text + "$"
        else:
            texts.append(f"${text}$" if is_formula else text)
        open_formula = is_formula
    return texts


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    cells = [tidy_lines(cell) for cell in text.split(CELL)]
    return " | ".join(cell for cell in cells if cell)


def tidy_lines(text: str) -> str:
    """One blank between words, no empty line, nothing hanging over at either end."""
    return LINES.sub("\n", BLANKS.sub(" ", text)).strip()
