from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.evaluation import (
    Status,
    judge_change,
    judge_count,
    judge_each,
    judge_gap,
    judge_places,
    judge_share,
)
from thucchat.engine.planning.indicators import all_indicators, document_names, indicators_of

ALL = all_indicators()


def test_every_target_of_the_documents_stands_in_the_catalogue():
    assert Counter(code.split(".")[0] for code in ALL) == {"db24": 13, "sl20": 7, "mn24": 5}
    assert document_names() == ["dien-bien-2024", "muong-nhe-2024", "son-la-2020"]
    assert {one.code: one.goal for one in ALL.values() if one.goal is not None} | {
        "db24.accredited": Decimal(84),
        "db24.national-standard": Decimal(82),
        "db24.national-rank": Decimal(3),
        "db24.district-gap": Decimal("1.0"),
        "sl20.graduation": Decimal(96),
        "mn24.prizes": Decimal(10),
    } == {one.code: one.goal for one in ALL.values() if one.goal is not None}


def test_an_unknown_document_is_named():
    with pytest.raises(InvalidInput, match="dien-bien-2024"):
        indicators_of("dien-bien-1999")


def test_a_share_is_compared_without_rounding():
    indicator = ALL["db24.accredited"]

    assert judge_share(indicator, 84, 100).status == Status.MET
    below = judge_share(indicator, 8399, 10000)
    assert (below.status, below.value) == (Status.NOT_MET, Fraction(8399, 100))
    assert below.reason == "8399/10000 = 83,99 %, chỉ tiêu 84 %."


@pytest.mark.parametrize(("reached", "of"), [(None, 10), (0, 0)])
def test_a_share_of_nothing_known_is_unknown(reached, of):
    assert judge_share(ALL["db24.accredited"], reached, of).status == Status.UNKNOWN


def test_each_subject_must_rise_and_those_without_last_year_count_neither_way():
    now = {"TOAN": Decimal("6.45"), "VAN": Decimal("7.00"), "TIN": Decimal("5.0")}
    before = {"TOAN": Decimal("6.40"), "VAN": Decimal("7.00")}

    verdict = judge_change(ALL["db24.graduation-mean"], now, before)

    assert (verdict.status, verdict.failing) == (Status.NOT_MET, ("VAN",))
    assert verdict.reason == "1/2 đạt; thay đổi kém nhất 0. 1 mục chưa so sánh được."
    assert judge_change(ALL["db24.graduation-mean"], now, before | {"VAN": Decimal(6)}).status == Status.MET
    assert judge_change(ALL["db24.graduation-mean"], now, {}).status == Status.UNKNOWN


def test_a_gap_between_record_and_exam_must_fall():
    now, before = (
        {"TOAN": Decimal("1.2"), "VAN": Decimal("0.4")},
        {"TOAN": Decimal("1.1"), "VAN": Decimal("0.5")},
    )

    verdict = judge_change(ALL["sl20.record-gap"], now, before)

    assert (verdict.failing, verdict.value) == (("TOAN",), Fraction(1, 10))


def test_a_gap_of_exactly_one_point_meets_the_target_and_small_units_are_left_out():
    units = {"TOAN": [(Decimal("6.5"), 40), (Decimal("5.5"), 30), (Decimal("2.0"), 29)]}
    indicator = ALL["db24.district-gap"]

    assert judge_gap(indicator, units).status == Status.MET
    assert judge_gap(indicator, {"TOAN": [*units["TOAN"], (Decimal("5.49"), 30)]}).failing == ("TOAN",)
    assert judge_gap(indicator, {"TOAN": [(Decimal(5), 40)]}).status == Status.UNKNOWN


def test_places_are_won_only_among_as_many_provinces():
    indicator = ALL["db24.national-rank"]

    assert judge_places(indicator, (48, 63), (51, 63)).status == Status.MET
    assert judge_places(indicator, (49, 63), (51, 63)).status == Status.NOT_MET
    assert judge_places(indicator, (20, 34), (51, 63)).status == Status.UNKNOWN
    assert judge_places(indicator, None, (51, 63)).status == Status.UNKNOWN


@pytest.mark.parametrize(
    ("awards", "failing"),
    [
        ({"nhi": 1, "ba": 3, "khuyen-khich": 6}, ()),
        ({"nhat": 1, "nhi": 0, "ba": 3, "khuyen-khich": 6}, ()),  # a first prize serves for a second
        ({"ba": 4, "khuyen-khich": 6}, ("nhi",)),
        ({"nhi": 1, "ba": 2, "khuyen-khich": 7}, ("ba",)),
        ({"nhi": 5, "ba": 0, "khuyen-khich": 4}, ("tổng số", "khuyen-khich")),
    ],
)
def test_prizes_are_counted_with_those_better(awards, failing):
    verdict = judge_count(ALL["mn24.prizes"], awards)

    assert set(verdict.failing) == set(failing)
    assert verdict.status == (Status.NOT_MET if failing else Status.MET)


def test_every_subject_needs_its_own():
    counts = dict.fromkeys(ALL["mn24.prize-subjects"].members, 1)

    assert judge_each(ALL["mn24.prize-subjects"], counts).status == Status.MET
    assert judge_each(ALL["mn24.prize-subjects"], counts | {"DIA": 0}).failing == ("DIA",)
    assert judge_each(ALL["mn24.prize-subjects"], None).status == Status.UNKNOWN
