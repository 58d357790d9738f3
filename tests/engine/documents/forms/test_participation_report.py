from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from thucchat.engine.documents.forms.participation_report import (
    ParticipationReport,
    UnitParticipation,
    participation_document,
)
from thucchat.engine.documents.tree import Letterhead, Paragraph, Signature
from thucchat.engine.errors import InvalidInput

HEAD = Letterhead("UBND tỉnh X", "Sở Y", "Số: 05/BC-SGDĐT", "X", date(2024, 9, 20), "Báo cáo", "Tham gia")
SIGNED = Signature(("Giám đốc",), "Nguyễn Mẫu")
GOOD = UnitParticipation("Trường A", 200, 190, (6, 4), date(2024, 9, 14))
LATE = UnitParticipation("Trường B", 100, 80, (5, 0), date(2024, 9, 16))
SILENT = UnitParticipation("Trường C", 50)
NOBODY = UnitParticipation("Trường D", 10, 0, (10, 0), date(2024, 9, 15))
REPORT = ParticipationReport(
    "khảo sát đầu năm học 2024-2025", date(2024, 9, 20), date(2024, 9, 15), Decimal(95), "trường",
    ("ốm", "khác"), (GOOD, LATE, SILENT),
)  # fmt: skip


def texts(report):
    document = participation_document(report, HEAD, SIGNED)
    return [block.text for block in document.body if isinstance(block, Paragraph)]


def test_a_missing_report_is_told_as_missing_and_never_as_zero():
    table, *_ = participation_document(replace(REPORT, units=(SILENT, NOBODY)), HEAD, SIGNED).tables

    assert table.rows == (
        (1, "Trường C", 50, "chưa báo cáo", None, None, None, None),
        (2, "Trường D", 10, 0, 10, 0, 0, 0.0),
        ("", "Cộng 1 trường", 10, 0, 10, 0, 0, 0.0),
    )


def test_sums_and_shares_are_of_those_who_reported():
    table, *_ = participation_document(REPORT, HEAD, SIGNED).tables

    assert [column.heading for column in table.columns][4:6] == ["Vắng: ốm", "Vắng: khác"]
    assert table.rows[1] == (2, "Trường B", 100, 80, 5, 0, 15, 80.0)
    assert table.rows[-1] == ("", "Cộng 2 trường", 300, 270, 11, 4, 15, 90.0)
    assert texts(REPORT)[:3] == [
        "Đến ngày 20/09/2024, 2/3 trường đã báo cáo khảo sát đầu năm học 2024-2025.",
        (
            "Các trường đã báo cáo có 300 học sinh trong danh sách: 270 em dự (90,0\u00a0%), 15 em "
            "ghi vắng, 15 em chưa rõ."
        ),
        "Còn 1 trường chưa báo cáo, có 50 học sinh trong danh sách.",
    ]


def test_units_late_low_or_unclear_are_named_with_what_is_to_be_done():
    _, attention = participation_document(REPORT, HEAD, SIGNED).tables

    assert attention.rows == (
        (
            1,
            "Trường B",
            (
                "Báo cáo muộn, ngày 16/09/2024; tỉ lệ dự 80,0\u00a0%, dưới mức cần đạt; "
                "15 em chưa rõ dự hay vắng"
            ),
        ),
        (2, "Trường C", "Chưa báo cáo"),
    )


def test_nobody_is_named_when_all_is_well():
    assert texts(replace(REPORT, units=(GOOD,)))[-1] == "Các trường đã báo cáo đúng hạn, đủ số học sinh."


def test_before_anybody_reported_there_is_no_sum():
    silent = replace(REPORT, units=(SILENT,), reasons=())
    table, *_ = participation_document(silent, HEAD, SIGNED).tables

    assert table.rows == ((1, "Trường C", 50, "chưa báo cáo", None, None),)
    assert texts(silent)[0].startswith("Đến ngày 20/09/2024, 0/1 trường")


@pytest.mark.parametrize(
    ("unit", "code", "said"),
    [
        (replace(GOOD, present=191), "count", "191 dự và 10 vắng không khớp 200"),
        (replace(GOOD, present=-1), "count", "-1 dự"),
        (replace(GOOD, absent=(6,)), "absent", "có 1 số vắng cho 2 lí do"),
        (replace(GOOD, present=None), "unreported", "chưa có số dự"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(unit, code, said):
    with pytest.raises(InvalidInput, match=said) as refusal:
        participation_document(replace(REPORT, units=(unit,)), HEAD, SIGNED)
    assert refusal.value.code == f"participation.{code}"


def test_more_reasons_than_the_page_holds_are_refused():
    with pytest.raises(InvalidInput, match="Có 5 lí do vắng") as refusal:
        participation_document(replace(REPORT, reasons=("a", "b", "c", "d", "e")), HEAD, SIGNED)
    assert refusal.value.code == "participation.reasons"
