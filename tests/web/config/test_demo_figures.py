"""What the demonstration reports: simulated by its own words, by two persons, in the form of every target."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from tests.web.plans.planted import ALL, asked
from tests.web.world import make_staff, make_unit
from thucchat.engine.planning.evaluation import Status
from thucchat.web.config.demo_figures import report_figures
from thucchat.web.exams.models import Exam
from thucchat.web.plans.models import ReportedFigure
from thucchat.web.plans.queries.providers import FILLED_IN, is_reported

ON, NOON = date(2027, 6, 30), datetime(2027, 6, 30, 5, tzinfo=UTC)


@pytest.fixture
def _schools(world):
    upper = [
        make_unit("school", f"Trường THPT {name}", world.province, school_type="thpt", levels=["THPT"])
        for name in "AB"
    ]
    for school in (*world.schools, *upper):
        make_staff(school, "Hiệu trưởng", position="principal")


def tell(world) -> None:
    report_figures(world.year, np.random.default_rng(1), on=ON, at=NOON)


@pytest.mark.usefixtures("_schools")
def test_every_reported_target_is_told_and_says_that_it_is_simulated(world):
    Exam.objects.create(
        code="tn", name="x", kind="graduation", year=2027, held_on=ON, subjects=["toan"], candidates=50,
        fingerprint="0" * 64,
    )  # fmt: skip

    tell(world)

    figures = ReportedFigure.objects.all()
    told = {code for code, one in ALL.items() if is_reported(one)} - FILLED_IN
    assert set(figures.values_list("indicator", flat=True)) == told
    assert all(one.evidence.startswith("Số liệu mô phỏng của ") for one in figures)
    assert figures.get(indicator="sl20.graduation").counts["of"] == 50
    confirmed = figures.filter(state="confirmed")
    assert all(None not in {one.entered_by_id, one.answered_by_id} for one in confirmed)
    assert asked("db24.accredited", world.province).status != Status.UNKNOWN


@pytest.mark.usefixtures("_schools")
def test_some_figures_wait_for_those_who_look_around(world):
    tell(world)

    waiting = ReportedFigure.objects.filter(state="entered").values_list("indicator", "unit__name")
    assert ("db24.awareness", world.province.name) in waiting
    assert ("mn24.school-subjects", "Trường THCS 2") in waiting
    assert {unit for code, unit in waiting if code == "mn24.prizes"} == {world.districts[1].name}


@pytest.mark.usefixtures("_schools")
def test_without_a_graduation_exam_nobody_has_graduated(world):
    tell(world)

    assert not ReportedFigure.objects.filter(indicator="sl20.graduation").exists()
