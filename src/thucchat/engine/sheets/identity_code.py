"""What the corner codes of a sheet say, and their drawing as DataMatrix (error correction ECC 200)."""

from dataclasses import dataclass

import zxingcpp

from thucchat.engine.errors import InvalidInput

PREFIX, SEPARATOR, PARTS = "TC1", "|", 5


@dataclass(frozen=True, slots=True)
class SheetCode:
    """Content of a corner code. Empty text where the sheet was printed without that value."""

    layout: str
    candidate: str
    code: str  # paper code (mã đề)
    serial: str

    def text(self) -> str:
        """As encoded.

        Raises:
            InvalidInput: `sheet.code` when a value is not plain ASCII or holds the separator.
        """
        parts = (self.layout, self.candidate, self.code, self.serial)
        for one in parts:
            if not one.isascii() or not one.isprintable() or SEPARATOR in one or len(one) > 40:
                raise InvalidInput(
                    "sheet.code",
                    f"“{one}” không ghi được vào mã vạch: chỉ dùng chữ không dấu và số, tối đa 40.",
                )
        return SEPARATOR.join((PREFIX, *parts))


def parse_code(text: str) -> SheetCode | None:
    """A decoded text as a sheet code; None for any other barcode."""
    parts = text.split(SEPARATOR)
    if len(parts) != PARTS or parts[0] != PREFIX:
        return None
    return SheetCode(*parts[1:])


def code_svg(code: SheetCode) -> str:
    """The DataMatrix as SVG without quiet zone."""
    barcode = zxingcpp.create_barcode(code.text(), zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    return str(barcode.to_svg(add_quiet_zones=False))
