from datetime import date

import pytest

from thucchat.engine.documents.tree import (
    Chart,
    Column,
    Document,
    Figure,
    Letterhead,
    Paragraph,
    Table,
    cell_text,
)

HEAD = Letterhead("", "", "", "", date(2025, 2, 3), "Biên bản", "Họp")
SENTENCE, SMALL = Paragraph("Hết."), Paragraph("Mã nội dung.", small=True)
FIGURE, TABLE = Figure(Chart("<svg/>", "Mã", 1, 1), "Mã"), Table("Bảng", "Bảng", (Column("A"),), ())


@pytest.mark.parametrize(
    ("cell", "digits", "text"),
    [(6.125, 2, "6,13"), (12345, 0, "12.345"), (None, 2, "–"), ("=1+1", None, "=1+1"), (-6, 0, "-6")],
)
def test_cells_are_printed_as_vietnamese_readers_expect(cell, digits, text):
    assert cell_text(cell, Column("Cột", digits)) == text


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ((), 0),
        ((SENTENCE, TABLE), 0),
        ((SENTENCE, SENTENCE), 1),
        ((SENTENCE, SMALL, FIGURE), 3),
        ((TABLE, SMALL, FIGURE), 2),
        ((SENTENCE, SMALL, SMALL, SMALL, SMALL), 3),
    ],
)
def test_the_last_sentence_and_its_proof_stay_with_the_signatures(body, kept):
    assert Document(HEAD, body).closing == kept
