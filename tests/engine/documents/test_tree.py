import pytest

from thucchat.engine.documents.tree import Column, cell_text


@pytest.mark.parametrize(
    ("cell", "digits", "text"),
    [(6.125, 2, "6,13"), (12345, 0, "12.345"), (None, 2, "–"), ("=1+1", None, "=1+1"), (-6, 0, "-6")],
)
def test_cells_are_printed_as_vietnamese_readers_expect(cell, digits, text):
    assert cell_text(cell, Column("Cột", digits)) == text
