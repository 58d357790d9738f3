from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.custody.canonical import canonical
from thucchat.engine.errors import InvalidInput
from thucchat.engine.planning.evaluation import Status, Verdict
from thucchat.engine.planning.indicators import all_indicators
from thucchat.engine.planning.reported import checked, judge_reported, overall

ALL = all_indicators()
CHANGE = {"now": {"": "98.4"}, "before": {"": "98.40"}}
PRIZES = {"nhat": 0, "nhi": 1, "ba": 3, "khuyen-khich": 6}


@pytest.mark.parametrize(
    ("code", "counts", "status"),
    [
        ("db24.accredited", {"reached": 84, "of": 100}, Status.MET),
        ("db24.accredited", {"reached": 0, "of": 1}, Status.NOT_MET),
        ("sl20.school-graduation", CHANGE, Status.NOT_MET),  # equal is not higher
        ("sl20.record-gap", {"now": {"toan": "-0.1"}, "before": {"toan": "0.2"}}, Status.MET),
        ("sl20.record-gap", {"now": {"toan": "0.1"}, "before": {"van": "0.2"}}, Status.UNKNOWN),
        ("mn24.prizes", PRIZES, Status.MET),
        ("mn24.prizes", PRIZES | {"nhi": 0, "ba": 4}, Status.NOT_MET),
        ("mn24.prize-subjects", dict.fromkeys(ALL["mn24.prize-subjects"].members, 1), Status.MET),
        ("mn24.school-subjects", dict.fromkeys(ALL["mn24.school-subjects"].members, 0), Status.NOT_MET),
        ("db24.awareness", {"met": True}, Status.MET),
        ("db24.awareness", {"met": False}, Status.NOT_MET),
    ],
)
def test_a_reported_figure_is_judged_by_its_kind(code, counts, status):
    kept = checked(ALL[code], counts)

    assert judge_reported(ALL[code], kept, "Báo cáo 1/BC").status == status
    assert canonical(kept)  # it can be recorded


@pytest.mark.parametrize(
    ("code", "counts", "refusal"),
    [
        ("db24.district-gap", {"reached": 1, "of": 1}, "kind"),
        ("db24.national-rank", {"reached": 1, "of": 1}, "kind"),
        ("db24.accredited", {}, "empty"),
        ("db24.accredited", {"reached": 1}, "missing"),
        ("db24.accredited", {"reached": 2, "of": 1}, "share"),
        ("db24.accredited", {"reached": 0, "of": 0}, "share"),
        ("db24.accredited", {"reached": -1, "of": 3}, "count"),
        ("db24.accredited", {"reached": True, "of": 3}, "count"),
        ("db24.accredited", {"reached": 1, "of": 3, "x": 1}, "names"),
        ("mn24.prizes", {"ba": 10}, "missing"),  # what is left out is not none
        ("mn24.school-subjects", {"TOAN": 1}, "missing"),
        ("sl20.school-graduation", {"now": {"": "98"}}, "missing"),
        ("sl20.school-graduation", {"now": {"toan": "98"}, "before": {"toan": "97"}}, "missing"),
        ("sl20.school-graduation", {"now": {"": "101"}, "before": {"": "97"}}, "value"),
        ("sl20.record-gap", {"now": {"toan": "0.12345"}, "before": {"toan": "0"}}, "value"),
        ("sl20.record-gap", {"now": {"toan": "nan"}, "before": {"toan": "0"}}, "value"),
        ("sl20.record-gap", {"now": {"toan": "một"}, "before": {"toan": "0"}}, "value"),
        ("db24.awareness", {"met": "có"}, "conclusion"),
    ],
)
def test_what_has_not_the_form_of_the_kind_is_refused(code, counts, refusal):
    with pytest.raises(InvalidInput) as refused:
        checked(ALL[code], counts)
    assert refused.value.code == f"figure.{refusal}"


@given(st.decimals(-10, 10, places=4))
def test_a_value_keeps_every_decimal(value):
    kept = checked(ALL["sl20.record-gap"], {"now": {"toan": str(value)}, "before": {"toan": "0"}})

    assert Decimal(kept["now"]["toan"]) == value


def test_units_together_are_met_only_when_all_are_known_to_be():
    met, failed, unknown = (Verdict(status, None, "") for status in Status)

    assert overall({1: met, 2: met}) == Status.MET
    assert overall({1: met, 2: unknown}) == Status.UNKNOWN
    assert overall({1: met, 2: unknown, 3: failed}) == Status.NOT_MET
    assert overall({}) == Status.UNKNOWN
