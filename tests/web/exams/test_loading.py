from datetime import date

import numpy as np
import polars as pl
import pytest

from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.results import simulate_exam_results
from thucchat.web.exams.actions.loading import load_exam_results
from thucchat.web.exams.models import Exam, ExamResult
from thucchat.web.people.actions.loading import load_province


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_simulated_exam_is_loaded_score_for_score():
    province, truth = simulate_province(0.01, 1)
    load_province(province, on=date(2025, 5, 15))
    scores = simulate_exam_results(province, truth, np.random.default_rng(1), 2024).graduation

    exam = load_exam_results(scores, kind=Exam.Kind.GRADUATION, year=2024, held_on=date(2024, 6, 26))

    rows = ExamResult.objects.using("owner").filter(exam=exam).order_by("sbd")
    place = exam.subjects.index("toan")
    loaded = [score[place] for score in rows.values_list("scores", flat=True)]
    expected = scores.sort("sbd").select((pl.col("toan") * 100).cast(pl.Int64)).to_series().to_list()
    assert (exam.candidates, loaded) == (scores.height, expected)
    assert "gdkt_pl" not in exam.subjects, "nobody sat it before 2025"
    assert not rows.filter(school=None).exists()
    assert rows.filter(area__kind="district").count() == scores.height
    free = scores.filter(pl.col("pupil_code").is_null()).height
    assert rows.filter(pupil=None).count() == free > 0
