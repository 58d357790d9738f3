"""What a document consists of, whatever file it becomes. Texts are Vietnamese; numbers stay numbers."""

from dataclasses import dataclass
from datetime import date

from thucchat.engine.vietnamese import vi_number

LONGEST_CLOSING = 3  # blocks: a sentence, a fingerprint, a root
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing for screen and paper alike, with the sentence that replaces it for those who cannot see."""

    svg: str
    alt: str
    width: int  # px
    height: int  # px


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int  # 1 is the highest


@dataclass(frozen=True, slots=True)
class Centred:
    """A bold line in the middle, such as the office that decides and the word “QUYẾT ĐỊNH:”."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    small: bool = False  # notes and methods


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers with `digits` decimals, or of texts when `digits` is None."""

    heading: str
    digits: int | None = None
    share: float = 1.0  # of the width, relative to the other columns


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by row; None prints as a dash and stays empty in a workbook."""

    title: str
    sheet: str  # name of its sheet in a workbook
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    chart: Chart
    caption: str


@dataclass(frozen=True, slots=True)
class LegalBases:
    """The opening “Căn cứ” of a document, without the semicolons that part them."""

    texts: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Each ends with a semicolon, the last with a full stop."""
        return (*(f"{text};" for text in self.texts[:-1]), f"{self.texts[-1]}.") if self.texts else ()


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = LegalBases | Heading | Centred | Paragraph | Table | Figure | PageBreak


@dataclass(frozen=True, slots=True)
class Letterhead:
    """First lines of an administrative document; an empty text leaves its line out."""

    parent: str  # cơ quan chủ quản
    agency: str  # cơ quan ban hành
    number: str  # such as “Số: 05/BC-SGDĐT”
    place: str  # địa danh
    day: date
    kind: str  # tên loại, such as BÁO CÁO
    subject: str  # trích yếu


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: lines of the office held, then the name below the space for the signature."""

    office: tuple[str, ...]  # such as ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    name: str = ""


@dataclass(frozen=True, slots=True)
class Appendix:
    """What follows the signatures (phụ lục), on a page of its own."""

    label: str  # such as “Phụ lục I”
    title: str
    attached: str  # such as “Kèm theo Quyết định số 05/QĐ-SGDĐT …”, without brackets
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    head: Letterhead
    body: tuple[Block, ...]
    recipients: tuple[str, ...] = ()  # nơi nhận, without dashes
    signatures: tuple[Signature, ...] = ()  # from left to right
    appendices: tuple[Appendix, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Everything between head and end, the appendices included."""
        return (*self.body, *(block for one in self.appendices for block in one.body))

    @property
    def closing(self) -> int:
        """How many of the last blocks stay with the signatures: the last sentence and what proves it."""
        kept = 0
        for block in reversed(self.body[-LONGEST_CLOSING:]):
            if not isinstance(block, Paragraph | Figure):
                break
            kept += 1
            if isinstance(block, Paragraph) and not block.small:
                break
        return kept

    @property
    def tables(self) -> tuple[Table, ...]:
        """Tables in the order of the text."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


def cell_text(cell: Cell, column: Column) -> str:
    """A cell as it is printed everywhere: decimal comma, dots between thousands, half rounded up."""
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else vi_number(cell, column.digits or 0)
