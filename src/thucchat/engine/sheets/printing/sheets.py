"""Sheets as PDF: the blank form is compiled once and lies under every candidate's page."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.identity_code import SheetCode, code_svg
from thucchat.engine.sheets.layout import CANDIDATE, CODE, Layout
from thucchat.engine.sheets.printing.drawing import LETTER_POINTS, drawing

# Tinos has the widths of Times New Roman; the other two come with Typst and need no folder.
FONTS = ("Tinos", "Libertinus Serif")
MM_PER_LETTER = 2.0  # of a bold value at VALUE_POINTS
VALUE_POINTS = 10.0
USUAL_BUBBLE_MM = 4.0


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """What is printed on one candidate's sheet beyond the form."""

    candidate: str = ""  # digits, pre-filled in the grid and in the corner codes; "" for a blank sheet
    code: str = ""  # paper code
    serial: str = ""
    values: Mapping[str, str] = field(default_factory=dict)  # by the keys of the layout's entries


def blank_form(layout: Layout, fonts: Sequence[Path] = ()) -> bytes:
    """The form alone as a one-page PDF, without corner codes."""
    with tempfile.TemporaryDirectory() as folder:
        return _form(layout, Path(folder), fonts)


def print_sheets(layout: Layout, sheets: Sequence[PrintedSheet], fonts: Sequence[Path] = ()) -> bytes:
    """One page per sheet, in the order given.

    Raises:
        InvalidInput: `sheets.none`, `sheet.candidate`, `sheet.paper_code`, `sheet.code`.
    """
    if not sheets:
        raise InvalidInput("sheets.none", "Không có phiếu nào để in.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "form.pdf").write_bytes(_form(layout, folder, fonts))
        data = _page_data(layout, sheets)
        (folder / "fill.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        return compile_template(folder, "fill.typ", fonts)


def _form(layout: Layout, folder: Path, fonts: Sequence[Path]) -> bytes:
    data = {
        "width": layout.width,
        "height": layout.height,
        "fonts": list(FONTS),
        "letter": LETTER_POINTS * min(layout.bubble) / USUAL_BUBBLE_MM,
        "shapes": drawing(layout),
    }
    (folder / "form.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return compile_template(folder, "form.typ", fonts)


def compile_template(folder: Path, template: str, fonts: Sequence[Path]) -> bytes:
    """Compile one of the templates beside this module, with the files of `folder` at hand."""
    target = folder / template
    target.write_bytes(files(__package__).joinpath(template).read_bytes())
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(one) for one in fonts]
    )
    return bytes(
        typst.compile(
            str(target), root=str(folder), font_paths=found, ignore_system_fonts=True, pdf_tags=False
        )
    )


def _page_data(layout: Layout, sheets: Sequence[PrintedSheet]) -> dict[str, Any]:
    svgs: dict[str, int] = {}
    bottom = max(layout.anchors, key=lambda one: one.at[1]).at[1]
    return {
        "width": layout.width,
        "height": layout.height,
        "fonts": list(FONTS),
        "bubble": list(layout.bubble),
        "box": layout.shape == "box",
        "serial": {"x": layout.width / 2, "y": bottom + 4.5},
        "sheets": [_sheet_data(layout, one, svgs) for one in sheets],
        "svgs": list(svgs),
    }


def _sheet_data(layout: Layout, sheet: PrintedSheet, svgs: dict[str, int]) -> dict[str, Any]:
    digits, filled = [], []
    for question, text in ((CANDIDATE, sheet.candidate), (CODE, sheet.code)):
        _check_digits(layout, question, text)
        columns = [one for one in layout.fields if one.question == question]
        for one, digit in zip(columns, text, strict=False):
            x, y = one.centres[one.values.index(digit)]
            top = min(y for _, y in one.centres) - layout.bubble[1] / 2
            filled.append((x, y))
            digits.append({"x": x, "y": top - 5.2, "t": digit})
    return {
        "codes": _codes(layout, sheet, svgs),
        "values": _values(layout, sheet.values),
        "digits": digits,
        "filled": filled,
        "serial": sheet.serial,
    }


def _check_digits(layout: Layout, question: str, text: str) -> None:
    columns = layout.digits(question)
    if not text or not columns:
        return
    if not (text.isascii() and text.isdigit() and len(text) == columns):
        what = "Số báo danh" if question == CANDIDATE else "Mã đề"
        raise InvalidInput(
            "sheet.candidate" if question == CANDIDATE else "sheet.paper_code",
            f"{what} “{text}” phải gồm đúng {columns} chữ số của mẫu “{layout.name}”.",
        )


def _codes(layout: Layout, sheet: PrintedSheet, svgs: dict[str, int]) -> list[dict[str, Any]]:
    placed = []
    for spot in layout.codes:
        candidate = "" if spot.anonymous else sheet.candidate
        svg = code_svg(SheetCode(layout.name, candidate, sheet.code, sheet.serial))
        x, y = (axis - spot.size / 2 for axis in spot.at)
        placed.append({"x": x, "y": y, "s": spot.size, "svg": svgs.setdefault(svg, len(svgs))})
    return placed


def _values(layout: Layout, values: Mapping[str, str]) -> list[dict[str, Any]]:
    placed = []
    for entry in layout.entries:
        if text := values.get(entry.key, "") if entry.key else "":
            room = entry.width - len(entry.label) * MM_PER_LETTER
            size = VALUE_POINTS * min(1.0, room / (len(text) * MM_PER_LETTER))
            placed.append({"x": entry.at[0], "y": entry.at[1], "label": entry.label, "t": text, "size": size})
    return placed
