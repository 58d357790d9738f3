from decimal import Decimal

import pytest

from thucchat.engine.documents.forms.common import (
    number,
    opening,
    parts,
    percent,
    percent_text,
    proof,
    sentences,
    value_text,
)
from thucchat.engine.documents.tree import Figure, Heading, LegalBases, Paragraph


def test_parts_that_hold_nothing_are_left_out_and_the_numbers_close_up():
    one, two = Paragraph("Một."), Paragraph("Hai.")

    assert parts(("A", (one,)), ("B", ()), ("C", [two])) == [
        Heading("I. A", 1), one, Heading("II. C", 1), two,
    ]  # fmt: skip


def test_bases_and_proofs_stand_only_where_there_are_any():
    assert opening(()) == proof("") == []
    assert opening(("Căn cứ A",)) == [LegalBases(("Căn cứ A",))]
    content, mark = proof("THUCCHAT-SO 1", "ab" * 32)
    assert content == Paragraph(f"Mã nội dung: {'ab' * 32}", small=True)
    assert isinstance(mark, Figure)


def test_sentences_are_numbered():
    assert sentences(("Một.", "Hai.")) == [Paragraph("1. Một."), Paragraph("2. Hai.")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (Decimal("6.50"), "6,50"),
        (Decimal(1200), "1.200"),
        (3.2, "3,2"),
        (25, "25"),
        (Decimal(1) / 3, "0,3333"),
    ],
)
def test_a_value_keeps_the_decimals_it_came_with(value, text):
    assert value_text(value) == text


def test_nothing_has_no_share():
    assert (percent(1, 8), percent(0, 0)) == (12.5, None)
    assert (percent_text(1, 8), percent_text(0, 0)) == ("12,5\u00a0%", "–")
    assert (number(None), number(Decimal("0.5"))) == (None, 0.5)
