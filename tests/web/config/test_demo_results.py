"""The demonstration measures one paper whose points are the scores of its survey, and publishes it."""

from datetime import UTC, datetime

import numpy as np

from tests.web.quality.year import survey
from thucchat.web.config.demo_results import FAULTY, QUESTIONS, Paper, _answers, show_results
from thucchat.web.exams.models import Exam
from thucchat.web.results.models import ResponseFile

NOW = datetime(2026, 10, 2, 5, tzinfo=UTC)


def test_points_of_the_answers_are_the_scores_of_the_survey(world):
    scores = [None, *range(400, 400 + 25 * 17, 25)]
    campaign = survey(world, "start", scores)
    Exam.objects.filter(campaign=campaign, grade=6).update(candidates=len(scores), fingerprint="0" * 64)

    run = show_results(campaign, 6, np.random.default_rng(1), at=NOW)

    points = dict(run.measures.values_list("sbd", "points"))
    assert points == {
        pupil.code: None if score is None else score / 25
        for pupil, score in zip(world.pupils, scores, strict=True)
    }
    assert run.state == "computed"
    assert ResponseFile.objects.get().items[0]["item"] == "C1"
    assert Exam.objects.get(campaign=campaign, grade=6).published_at == NOW


def test_the_better_answer_the_harder_questions_and_whoever_has_no_score_answers_nothing():
    rng = np.random.default_rng(1)
    slopes = np.ones(QUESTIONS)
    slopes[FAULTY] = 0
    paper = Paper(np.zeros(QUESTIONS, dtype=np.int64), slopes, np.linspace(-2, 2, QUESTIONS))

    letters = _answers(np.array([500] * 2000 + [-1]), paper, rng)

    share = (letters[:2000] == "A").mean(axis=0)
    assert np.corrcoef(share, np.arange(QUESTIONS))[0, 1] < -0.95
    assert set(letters[2000]) == {""}
