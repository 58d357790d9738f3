"""A key that comes in a file of its own: Word, Excel, CSV or text."""

import csv
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.reading.answers import AnswerList, Grid, read_answers
from thucchat.engine.papers.reading.bank_table import cell_text
from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.names import TBL, TC, TR
from thucchat.engine.papers.reading.sources import open_source


def read_key_file(content: bytes, name: str, code: str | None = None) -> AnswerList:
    """The answers in a key file; `code` is the paper code whose column is wanted, if the file has several.

    Raises:
        InvalidInput: `key.file_type`, `key.unreadable`, `key.nothing`, and what Word files are refused for.
    """
    suffix = name.lower().rpartition(".")[2]
    if suffix in {"docx", "docm"}:
        source = open_source(content)
        found = read_answers(answer_blocks(source.flow, 0), code)
    elif suffix in {"xlsx", "xls", "xlsm", "ods"}:
        found = read_answers(_sheets(content), code)
    elif suffix in {"csv", "tsv", "txt"}:
        found = read_answers(_text(content.decode("utf-8-sig", "replace"), suffix), code)
    else:
        raise InvalidInput("key.file_type", f"Tệp đáp án “{name}” phải là Word, Excel, CSV hoặc văn bản.")
    if found.count == 0:
        raise InvalidInput("key.nothing", f"Không thấy đáp án nào trong tệp “{name}”.")
    return found


def answer_blocks(flow: Flow, start: int, end: int | None = None) -> list[str | Grid]:
    """Blocks of the body between two positions of its flow: paragraphs as text, tables as grids."""
    limit = len(flow.text) if end is None else end
    ends = [place for place, _ in flow.blocks[1:]] + [len(flow.text)]
    found: list[str | Grid] = []
    for (first, block), last in zip(flow.blocks, ends, strict=True):
        if last <= start or first >= limit:
            continue
        if block.tag == TBL:
            found.append([[cell_text(cell) for cell in row.findall(TC)] for row in block.findall(TR)])
        else:
            found.append(flow.text[max(first, start) : min(last, limit)])
    return found


def _sheets(content: bytes) -> list[Grid]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        # Graders' files hold the keys in this sheet and other things in others.
        names = [name for name in book.sheet_names if name == "Dữ liệu"] or book.sheet_names
        sheets = [book.get_sheet_by_name(name).to_python() for name in names]
    except (CalamineError, OSError, ValueError) as error:
        raise InvalidInput(
            "key.unreadable", "Không đọc được tệp Excel đáp án; hãy mở rồi lưu lại."
        ) from error
    return [[[_cell(value) for value in row] for row in sheet] for sheet in sheets]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    return str(value).strip()


def _text(text: str, suffix: str) -> list[str | Grid]:
    if suffix == "txt":
        return [text]
    separator = max(",;\t", key=text.partition("\n")[0].count)
    return [list(csv.reader(StringIO(text), delimiter=separator))]
