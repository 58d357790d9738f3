"""Free layouts: a form for a paper's own structure, drawn up from the number of questions of each part.

A free layout is named by its counts, `td-18-4-6` for 18 four-option, 4 true/false and 6 short-answer
questions, so printing and reading need nothing but the name. Lengths are millimetres.
"""

import re
from collections.abc import Mapping
from math import ceil
from typing import Any

from thucchat.engine.errors import InvalidInput

NAME = re.compile(r"td-(\d{1,3})-(\d{1,3})-(\d{1,3})")
BASE = "2025"  # whose head, anchors and codes a free layout shares
TOP, BOTTOM, LEFT = 92.0, 272.0, 18.0
FRAMES, FRAME_STEP, ROW = 4, 45.667, 5.1
STATEMENT_BAND, STATEMENTS_ACROSS, STATEMENT_STEP = 4, 8, 22.257
NUMBER_ROW, NUMBER_ROWS, NUMBERS_ACROSS, NUMBER_STEP = 4.9, 12, 6, 30.0
BELOW = 3.6  # from the last bubble to the frame's lower edge
GAP = 1.0
HEADING = {
    "choice": 4.0,
    "true_false": 3.2,
    "number": 3.2,
}  # from the part's top to the middle of its heading
TITLES = {
    "choice": "Mỗi câu chọn một phương án",
    "true_false": "Mỗi ý chọn Đúng (Đ) hoặc Sai (S)",
    "number": "Ghi số vào ô, rồi tô từng cột: dấu âm, dấu phẩy, chữ số",
}


def free_name(choice: int, true_false: int, number: int) -> str:
    """Name of the layout for so many questions of each kind."""
    return f"td-{choice}-{true_false}-{number}"


def arrange(name: str, base: Mapping[str, Any]) -> dict[str, Any]:
    """Layout data for a free name, on the page of the layout `base`.

    Raises:
        InvalidInput: `layout.empty` without questions, `layout.full` when they do not fit on a page.
    """
    match = NAME.fullmatch(name)
    counts = [int(one) for one in match.groups()] if match else [0, 0, 0]
    if not any(counts):
        raise InvalidInput("layout.empty", f"Mẫu “{name}” không có câu nào; ví dụ td-18-4-6.")
    blocks = [one for one in base["blocks"] if one["kind"] == "digits"]
    texts = [one for one in base["texts"] if not one["text"].startswith("PHẦN")]
    place, numeral = TOP, 0
    for (kind, add), count in zip(ADD.items(), counts, strict=True):
        if not count:
            continue
        part = ("I", "II", "III")[numeral]
        numeral += 1
        texts.append(
            {
                "text": f"PHẦN {part}. {TITLES[kind]}",
                "at": [LEFT, place + HEADING[kind]],
                "size": 9.5,
                "bold": True,
            }
        )
        place = add(blocks, part, count, place)
    if place > BOTTOM:
        raise InvalidInput("layout.full", f"Mẫu “{name}” cần {place:.0f} mm, quá một trang A4; hãy bớt câu.")
    return {**base, "name": name, "blocks": blocks, "texts": texts}


def _choices(blocks: list[dict[str, Any]], part: str, count: int, top: float) -> float:
    rows = max(ceil(count / FRAMES), min(count, 5))
    first = top + 11.3
    for frame in range(ceil(count / rows)):
        entry = {
            "kind": "choice",
            "part": part,
            "first": frame * rows + 1,
            "count": min(rows, count - frame * rows),
        }
        at = [28.0 + frame * FRAME_STEP, first]
        blocks.append({**entry, "at": at, "each": [0.0, ROW], "option": [7.6, 0.0]})
    return first + (rows - 1) * ROW + BELOW + GAP


def _statements(blocks: list[dict[str, Any]], part: str, count: int, top: float) -> float:
    for start in range(0, count, STATEMENTS_ACROSS):
        first = top + (17.8 if start == 0 else 13.0)
        repeat = {"count": min(STATEMENTS_ACROSS, count - start), "step": [STATEMENT_STEP, 0.0]}
        entry = {"kind": "true_false", "part": part, "first": start + 1, "title": "Câu {n}", "repeat": repeat}
        blocks.append({**entry, "at": [25.6, first], "each": [0.0, ROW], "option": [7.0, 0.0]})
        top = first + (STATEMENT_BAND - 1) * ROW + BELOW
    return top + GAP


def _numbers(blocks: list[dict[str, Any]], part: str, count: int, top: float) -> float:
    for start in range(0, count, NUMBERS_ACROSS):
        first = top + (21.8 if start == 0 else 17.5)
        repeat = {"count": min(NUMBERS_ACROSS, count - start), "step": [NUMBER_STEP, 0.0]}
        entry = {"kind": "number", "part": part, "first": start + 1, "title": "Câu {n}", "repeat": repeat}
        blocks.append({**entry, "at": [21.6, first], "each": [5.6, 0.0], "option": [0.0, NUMBER_ROW]})
        top = first + (NUMBER_ROWS - 1) * NUMBER_ROW + BELOW
    return top + GAP


ADD = {"choice": _choices, "true_false": _statements, "number": _numbers}
