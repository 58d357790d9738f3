"""Answers to one paper of a simulated survey: sent, read and measured as offices do; then it is published.

The paper has 40 questions of 0.25 points, so that every score of the survey is a number of right answers.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from numpy.typing import NDArray

from thucchat.engine.simulation.surveys import CENTRE, SPREAD
from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.results.actions.measuring import measure
from thucchat.web.results.actions.publishing import publish_on_paper
from thucchat.web.results.actions.receiving import Sent, read_response_file, receive_answers
from thucchat.web.results.actions.runs import Settings, ask_for_run
from thucchat.web.results.models import MeasureRun, ResponseFile
from thucchat.web.shared.scope import WHOLE_PROVINCE

SUBJECT = "toan"
QUESTIONS, EACH = 40, 25  # hundredths of a point a question
LETTERS = np.array(list("ABCD"))
FAULTY = 16  # the question that has nothing to do with ability, for the report to find
BLANK = 0.03  # of the wrong answers


@dataclass(frozen=True, slots=True)
class Paper:
    """Questions of four options."""

    key: NDArray[np.int64]  # (questions,) place of the right letter
    slopes: NDArray[np.float64]  # (questions,)
    locations: NDArray[np.float64]  # (questions,) logits


def show_results(campaign: Campaign, grade: int, rng: np.random.Generator, *, at: datetime) -> MeasureRun:
    """Measure the paper of the district with most candidates and publish the exams of the closed `campaign`.

    The scope of the province has been entered.
    """
    exam = Exam.objects.get(campaign=campaign, grade=grade)
    file = _sent(exam, _paper(rng), rng)
    asked = ask_for_run(file, Settings(MeasureRun.Model.TWO_PL), by=None, at=at)
    for one in Exam.objects.filter(campaign=campaign, candidates__gt=0):
        publish_on_paper(one.pk, at=at)
    return measure(asked.pk)


def _paper(rng: np.random.Generator) -> Paper:
    slopes = rng.uniform(0.8, 1.8, QUESTIONS)
    slopes[FAULTY] = 0.0
    return Paper(rng.integers(0, len(LETTERS), QUESTIONS), slopes, rng.normal(0, 1, QUESTIONS))


def _sent(exam: Exam, paper: Paper, rng: np.random.Generator) -> ResponseFile:
    """The file of the district as an office would send it, read."""
    most = exam.results.values("area").annotate(n=Count("pk")).order_by("-n", "area")[0]["area"]
    rows = exam.results.filter(area=most).order_by("sbd").values_list("sbd", "scores")
    place = exam.subjects.index(SUBJECT)
    scores = {sbd: codes[place] for sbd, codes in rows}
    codes = np.array([-1 if code is None else code for code in scores.values()])
    answers = pl.DataFrame(_answers(codes, paper, rng), schema=[f"C{one + 1}" for one in range(QUESTIONS)])
    frame = pl.DataFrame({"SBD": list(scores)}).hstack(answers)
    upload = SimpleUploadedFile(f"bai-lam-{SUBJECT}.csv", frame.write_csv().encode())
    sent = Sent(SUBJECT, upload, None, "".join(LETTERS[paper.key]))
    return read_response_file(receive_answers(exam, sent, by=None, unit_path=WHOLE_PROVINCE).pk, _unheard)


def _unheard(done: int, total: int, text: str) -> None:
    """Progress that nobody waits for."""


def _answers(codes: NDArray[np.int64], paper: Paper, rng: np.random.Generator) -> NDArray[np.str_]:
    """Letters, blank for whoever has no score; as many are right as the score (hundredths) says.

    Shapes:
        codes: (persons,), negative without a score. Result: (persons, QUESTIONS).
    """
    ability = (codes / 100 - CENTRE) / SPREAD
    shape = (len(codes), QUESTIONS)
    ease = paper.slopes * (ability[:, None] - paper.locations) + rng.logistic(size=shape)
    order = np.argsort(np.argsort(-ease, axis=1), axis=1)
    is_right = order < (codes // EACH)[:, None]
    # Of the wrong letters the next one after the key draws most.
    wrong = (paper.key + np.minimum(rng.geometric(0.5, shape), len(LETTERS) - 1)) % len(LETTERS)
    letters = np.where(is_right, LETTERS[paper.key], LETTERS[wrong])
    is_blank = ~is_right & (rng.random(shape) < BLANK)
    return np.where(is_blank | (codes < 0)[:, None], "", letters)
