import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.screening import Level, RankedUnit, Standing, required_lists, screen

UNITS = [
    RankedUnit("PGD Mường Nhé", Level.DISTRICT, ""),
    RankedUnit("PGD Tuần Giáo", Level.DISTRICT, ""),
    RankedUnit("THPT Mường Nhé", Level.UPPER, ""),
    RankedUnit("THPT Tuần Giáo", Level.UPPER, ""),
    RankedUnit("THCS Nậm Kè", Level.LOWER, "Mường Nhé"),
    RankedUnit("THCS Mường Toong", Level.LOWER, "Mường Nhé"),
    RankedUnit("TH Nậm Kè", Level.PRIMARY, "Mường Nhé"),
    RankedUnit("THCS Quài Tở", Level.LOWER, "Tuần Giáo"),
]


def screened(ranking, estimates, errors=0.1, reasons=None):
    count = len(estimates)
    return screen(
        ranking,
        np.asarray(estimates, dtype=float),
        np.full(count, errors),
        reasons or [""] * count,
        rng=np.random.default_rng(1),
    )


def test_the_province_ranks_secondary_schools_and_districts_and_districts_rank_their_own():
    lists = {(found.authority, found.level): found.members.tolist() for found in required_lists(UNITS)}

    assert lists == {
        ("", Level.DISTRICT): [0, 1],
        ("", Level.LOWER): [4, 5, 7],
        ("", Level.UPPER): [2, 3],
        ("Mường Nhé", Level.LOWER): [4, 5],
        ("Mường Nhé", Level.PRIMARY): [6],
        ("Tuần Giáo", Level.LOWER): [7],
    }


def lower_secondary():
    return next(
        found for found in required_lists(UNITS) if (found.authority, found.level) == ("", Level.LOWER)
    )


def test_units_stand_above_or_below_only_beyond_their_error():
    estimates = [0, 0, 0, 0, 2, -2, 0, 0.05]

    clear = screened(lower_secondary(), estimates)
    vague = screened(lower_secondary(), estimates, errors=2.0)

    assert clear.standing == [Standing.ABOVE, Standing.BELOW, Standing.ALIKE]
    assert clear.rank.tolist() == [1, 3, 2]
    assert (clear.group.tolist(), clear.coverage) == ([1, 3, 2], 1)
    assert vague.standing == [Standing.ALIKE] * 3
    assert vague.low.tolist() == [1, 1, 1]


def test_a_unit_without_a_result_stays_on_the_list_with_its_reason():
    estimates = [0, 0, 0, 0, 1, np.nan, 0, -1]
    reasons = [""] * 5 + ["chưa đủ học sinh", "", ""]

    found = screened(lower_secondary(), estimates, reasons=reasons)

    assert found.reasons == ["", "chưa đủ học sinh", ""]
    assert found.standing[1] is Standing.UNKNOWN
    assert found.rank.tolist() == [1, 0, 2]
    assert found.coverage == pytest.approx(2 / 3)


def test_a_missing_result_without_a_reason_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        screened(lower_secondary(), [0, 0, 0, 0, 1, np.nan, 0, -1])
    assert refusal.value.code == "screening.reason"


def test_a_list_of_one_has_no_rank_but_is_covered():
    alone = next(found for found in required_lists(UNITS) if found.level is Level.PRIMARY)

    found = screened(alone, np.zeros(8))

    assert (found.rank.tolist(), found.standing) == ([0], [Standing.UNKNOWN])


def test_all_statements_of_a_list_hold_together_at_the_level():
    rng = np.random.default_rng(8)
    units = [RankedUnit(f"THCS {place}", Level.LOWER, "") for place in range(30)]
    (ranking,) = required_lists(units)
    wrong = 0
    for _ in range(150):
        found = screen(
            ranking, 0.3 * rng.standard_normal(30), np.full(30, 0.3), [""] * 30, rng=np.random.default_rng(1)
        )
        wrong += any(standing is not Standing.ALIKE for standing in found.standing)
    assert wrong / 150 == pytest.approx(0.1, abs=0.06)
