from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from thucchat.engine.documents.forms.ranking_notice import RankedUnit, RankingNotice, ranking_document
from thucchat.engine.documents.pdf import to_pdf
from thucchat.engine.documents.tree import Heading, Letterhead, Signature
from thucchat.engine.errors import InvalidInput

HEAD = Letterhead("UBND tỉnh X", "Sở Y", "Số: 05/TB-SGDĐT", "X", date(2025, 6, 2), "Thông báo", "Xếp hạng")
GIVEN = RankingNotice(
    "các trường THCS",
    "điểm xếp hạng (0-100)",
    "bản 3, chốt ngày 05/9/2024",
    95,
    (
        RankedUnit("Trường B", 61.345, 2, 1, 3),
        RankedUnit("Trường A", 70, 1, 1, 2),
        RankedUnit("C", 9, 3, 3, 3),
    ),
    (("Trường D", "Chưa dự khảo sát giữa năm"),),
)
SIGNED = Signature(("Giám đốc",), "Nguyễn Mẫu")


def test_every_rank_stands_beside_its_confidence_set():
    ranks, unranked = ranking_document(GIVEN, HEAD, SIGNED).tables

    assert ranks.rows == (
        (1, "Trường A", 70, "1 đến 2"),
        (2, "Trường B", 61.345, "1 đến 3"),
        (3, "C", 9, "3"),
    )
    assert unranked.rows == (("Trường D", "Chưa dự khảo sát giữa năm"),)


def test_the_page_says_what_overlap_means_and_numbers_its_parts():
    pdf = pypdfium2.PdfDocument(to_pdf(ranking_document(GIVEN, HEAD, SIGNED)))
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())

    assert "độ tin cậy 95 % cho cả bảng; hai đơn vị có khoảng hạng chồng nhau" in text
    assert "2 Trường B 61,35 1 đến 3" in text
    whole = ranking_document(replace(GIVEN, unranked=()), HEAD, SIGNED)
    assert [block.text for block in whole.body if isinstance(block, Heading)] == [
        "1. Kết quả", "2. Cách xếp hạng và khiếu nại",
    ]  # fmt: skip


@pytest.mark.parametrize("ends", [(1, 2, 3), (3, 1, 2), (0, 0, 1), (1, 1, 4)])
def test_a_rank_outside_its_set_is_refused(ends):
    wrong = RankedUnit("A", 1, *ends)  # rank, best, worst of three units
    with pytest.raises(InvalidInput) as refusal:
        ranking_document(replace(GIVEN, units=(wrong, *GIVEN.units[1:])), HEAD, SIGNED)
    assert refusal.value.code == "ranking.set"
