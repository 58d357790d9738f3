import json

import cv2
import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.distort.suite import KINDS, make_cases, read_labels, write_cases
from thucchat.engine.sheets.distort.truth import Habit, invent


def test_a_case_is_given_by_its_seed_alone(form):
    alone = next(make_cases(form, "scan", 1, [3]))
    among = list(make_cases(form, "scan", 1, [2, 3]))[1]
    assert (alone.image, alone.truth) == (among.image, among.truth)


def test_labels_say_what_the_pupil_meant(form, tmp_path):
    assert write_cases(tmp_path, make_cases(form, "bw", 2, [1, 2])) == 2
    first = read_labels(tmp_path)[0]
    assert (first["kind"], first["severity"], first["seed"], first["layout"]) == ("bw", 2, 1, "2025")
    assert set(first["answers"]) == set(form.questions)
    assert (tmp_path / str(first["file"])).exists()
    json.dumps(first)


def test_every_stain_of_a_careful_pupil_stands_for_an_answer(form):
    habit = Habit(changed=0, double=0, blank=0)
    truth = invent(form, habit, np.random.default_rng(1), candidate="12345678", code="0101", printed=False)
    marked = 8 + 4 + 40 + 32 + sum(len(truth.answers[f"III.{n}"]) for n in range(1, 7))
    assert len(truth.stains) == marked


def test_numbers_are_ones_that_the_grid_can_carry(form):
    rng = np.random.default_rng(2)
    for _ in range(60):
        truth = invent(form, Habit(), rng, candidate="1" * 8, code="1" * 4, printed=True)
        for number in range(1, 7):
            text = truth.answers[f"III.{number}"]
            assert not text or float(text.replace(",", ".")) is not None
            assert len(text) <= 4


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"photo12"}))
def test_every_kind_gives_a_grey_image(form, kind):
    case = next(make_cases(form, kind, 3, [9]))
    image = cv2.imdecode(np.frombuffer(case.image, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image.ndim == 2
    assert min(image.shape) > 1000


def test_an_unknown_kind_is_answered_with_the_known_ones(form):
    with pytest.raises(InvalidInput, match="scan, bw, streaks"):
        next(make_cases(form, "storm", 1, [1]))
