"""What the forms share: how they open and end, numbered parts, values whose unit changes from row to row."""

from collections.abc import Sequence
from decimal import Decimal

from thucchat.engine.documents.root_mark import root_mark
from thucchat.engine.documents.tree import Block, Heading, LegalBases, Paragraph
from thucchat.engine.vietnamese import vi_number

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")
FINEST = Decimal("0.0001")  # nobody reads more decimals of a value
PUPILS = "học sinh"  # the unit of a count, in which nothing can exceed the pupils there are
NOT_MEASURED = "Dấu gạch: chưa đo hoặc chưa có số liệu, không phải là 0."


def opening(bases: Sequence[str]) -> list[Block]:
    """The legal bases, where there are any."""
    return [LegalBases(tuple(bases))] if bases else []


def parts(*titled: tuple[str, Sequence[Block]]) -> list[Block]:
    """Each part under its Roman number; a part that holds nothing is left out and the numbers close up."""
    body: list[Block] = []
    for place, (title, blocks) in enumerate(part for part in titled if part[1]):
        body += [Heading(f"{ROMAN[place]}. {title}", 1), *blocks]
    return body


def sentences(texts: Sequence[str]) -> list[Block]:
    """Numbered paragraphs."""
    return [Paragraph(f"{number}. {text}") for number, text in enumerate(texts, 1)]


def proof(root: str, content: str = "") -> list[Block]:
    """The fingerprint of what is signed and the root of the ledger, each where there is one."""
    body: list[Block] = [Paragraph(f"Mã nội dung: {content}", small=True)] if content else []
    return [*body, root_mark(root)] if root else body


def value_text(value: Decimal | float | None) -> str | None:
    """A value with the decimals it came with, at most four, for columns whose unit changes from row to row.

    In a column of numbers the text stands on the right like its neighbours; None stays None.
    """
    if value is None:
        return None
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    return vi_number(
        number if number == number.quantize(FINEST) else number.quantize(FINEST, "ROUND_HALF_UP")
    )


def number(value: Decimal | None) -> float | None:
    """A Decimal as a cell."""
    return None if value is None else float(value)


def percent(part: int, whole: int) -> float | None:
    """`part` of `whole` in percent; none of nothing."""
    return 100 * part / whole if whole else None


def percent_text(part: int, whole: int) -> str:
    """The same with one decimal, as it stands in a sentence."""
    share = percent(part, whole)
    return "–" if share is None else f"{vi_number(share, 1)}\u00a0%"  # never parted at the end of a line
