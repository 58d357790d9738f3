"""The keys of all variants as an Excel file that graders import.

Layout of TNMaker 2025: sheet “Dữ liệu”, cell A1 “Câu\\Mã đề”, one column a code, one line a question, numbers
running on over the parts; a true/false question is four letters Đ or S, a short answer a number with comma.
Source: regulations §4.3.
"""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from thucchat.engine.papers.model import Question
from thucchat.engine.papers.writing.variant_map import VariantMap

CORNER = "Câu\\Mã đề"


def key_table(questions: Sequence[Question], variants: Sequence[VariantMap]) -> bytes:
    """The workbook. Essay questions have no line; a question without key an empty cell."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        _write_keys(book, questions, variants)
        _write_places(book, variants)
    return out.getvalue()


def _write_keys(
    book: xlsxwriter.Workbook, questions: Sequence[Question], variants: Sequence[VariantMap]
) -> None:
    sheet = book.add_worksheet("Dữ liệu")
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, [CORNER, *(variant.code for variant in variants)], bold)
    marked = [place for place in range(len(questions)) if _is_marked(questions, variants[0], place)]
    for line, place in enumerate(marked, 1):
        keys = [variant.questions[place].key or "" for variant in variants]
        sheet.write_row(line, 0, [line, *keys])
    sheet.freeze_panes(1, 1)


def _is_marked(questions: Sequence[Question], variant: VariantMap, place: int) -> bool:
    # Questions never leave their part, so a position holds the same kind in every variant of a 2025 paper.
    return questions[variant.questions[place].canonical - 1].type != "essay"


def _write_places(book: xlsxwriter.Workbook, variants: Sequence[VariantMap]) -> None:
    """Which canonical question each position holds, for those who check by hand."""
    sheet = book.add_worksheet("Câu gốc")
    sheet.write_row(0, 0, [CORNER, *(variant.code for variant in variants)], book.add_format({"bold": True}))
    for place in range(len(variants[0].questions)):
        sheet.write_row(
            place + 1, 0, [place + 1, *(variant.questions[place].canonical for variant in variants)]
        )
    sheet.freeze_panes(1, 1)
