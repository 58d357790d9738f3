"""Keys: typed in one line in the order of the questions, or a table of questions, keys and perhaps points."""

import re
from collections.abc import Sequence

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.subjects import heading_key
from thucchat.engine.vietnamese import tidy
from thucchat.web.exams.importers.tables import ResultTable, result_tables
from thucchat.web.results.models.keyed import KeyedItem
from thucchat.web.shared.spreadsheets.model import Sheet

ITEM = ("cau", "cauhoi", "macau", "item", "question", "stt")
KEY = ("dapan", "key", "answer", "correct")
POINTS = ("diem", "points", "diemtoida", "score")
KNOWN = {*ITEM, *KEY, *POINTS}
LONGEST_NAME, LONGEST_KEY, MOST_ITEMS = 40, 100, 250
WAYS = (r"\s*;\s*", r",?\s+", r"\s*,\s*", r"[,;\s]+")  # between typed keys, the surest first


def typed_key(text: str, items: Sequence[str]) -> list[KeyedItem]:
    """Keys in the order of the columns: “ABCD…”, or with blanks or semicolons between.

    Raises:
        InvalidInput: `key.length`, `key.invalid`.
    """
    ways = [re.split(way, text.strip()) for way in WAYS]
    keys = next((way for way in [*ways, list(text.strip())] if len(way) == len(items)), None)
    if keys is None:
        count = len(ways[-1]) if len(ways[-1]) > 1 else len(text.strip())
        raise InvalidInput("key.length", f"Đáp án có {count} câu nhưng bảng có {len(items)} cột câu hỏi.")
    return _checked([KeyedItem(item, key, None) for item, key in zip(items, keys, strict=True)])


def key_of_sheets(sheets: Sequence[Sheet]) -> list[KeyedItem]:
    """The questions of a key file, in its order.

    Raises:
        InvalidInput: `table.missing`, `key.columns`, `key.repeated`, `key.points`, `key.invalid`, `key.many`.
    """
    table = result_tables(sheets, lambda heading: heading_key(heading) in KNOWN)[0]
    item, key, points = table.find(ITEM), table.find(KEY), table.find(POINTS)
    if item is None or key is None:
        raise InvalidInput("key.columns", "Tệp đáp án cần cột “Câu” và cột “Đáp án”, có thể thêm cột “Điểm”.")
    return _checked(_rows(table, item, key, points))


def _rows(table: ResultTable, item: str, key: str, points: str | None) -> list[KeyedItem]:
    chosen = [item, key] if points is None else [item, key, points]
    rows = table.cells.select(chosen).drop_nulls(subset=[item, key]).rows()
    return [KeyedItem(tidy(row[0]), tidy(row[1]), _points(*row[2:]) if points else None) for row in rows]


def _points(text: str | None) -> str | None:
    if text is None:
        return None
    plain = text.replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", plain) or float(plain) <= 0:
        raise InvalidInput("key.points", f"“{text}” không phải là điểm tối đa của một câu.")
    return plain


def _checked(items: list[KeyedItem]) -> list[KeyedItem]:
    names = [one.item for one in items]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidInput("key.repeated", f"Đáp án nêu hai lần: {', '.join(repeated[:5])}.")
    if not 2 <= len(items) <= MOST_ITEMS:
        raise InvalidInput("key.many", f"Đáp án có {len(items)} câu; cần từ 2 đến {MOST_ITEMS} câu.")
    for one in items:
        if len(one.item) > LONGEST_NAME or len(one.key) > LONGEST_KEY:
            raise InvalidInput("key.long", f"Tên câu hoặc đáp án dài quá: “{one.item[:LONGEST_NAME]}”.")
        _ = one.rule
    return items
