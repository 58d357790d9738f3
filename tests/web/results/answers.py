"""Answers for tests: candidates whose answers follow a known model, as the file an office would send."""

from dataclasses import dataclass

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.web.exams.files import quiet
from thucchat.web.exams.models import Exam
from thucchat.web.org.models import User
from thucchat.web.results.actions.measuring import measure
from thucchat.web.results.actions.receiving import Sent, read_response_file, receive_answers
from thucchat.web.results.actions.runs import Settings, ask_for_run
from thucchat.web.results.models import MeasureRun, ResponseFile
from thucchat.web.shared.scope import WHOLE_PROVINCE

ITEMS = 12
SLOPES = np.linspace(0.8, 1.6, ITEMS)
LOCATIONS = np.linspace(-1.5, 1.5, ITEMS)


@dataclass
class Sitting:
    """Who answered what; the key is A everywhere, a wrong answer is B."""

    sbd: list[str]
    theta: np.ndarray
    right: np.ndarray  # (persons, items) bool
    names: list[str]

    @property
    def file(self) -> bytes:
        heading = ",".join(["SBD", *self.names])
        rows = [
            ",".join([number, *("A" if one else "B" for one in row)])
            for number, row in zip(self.sbd, self.right, strict=True)
        ]
        return "\n".join([heading, *rows]).encode()


def sitting(
    sbd: list[str], *, mean: float = 0.0, seed: int = 1, items: slice = slice(None), prefix: str = "CH"
) -> Sitting:
    rng = np.random.default_rng(seed)
    theta = rng.normal(mean, 1, len(sbd))
    chance = 1 / (1 + np.exp(-SLOPES[items] * (theta[:, None] - LOCATIONS[items])))
    names = [f"{prefix}{place + 1}" for place in range(ITEMS)][items]
    return Sitting(sbd, theta, rng.random(chance.shape) < chance, names)


def send(exam: Exam, data: bytes, user: User, *, key: str = "", key_file: bytes = b"") -> ResponseFile:
    """The file as received and read."""
    keyed = SimpleUploadedFile("dap-an.csv", key_file) if key_file else None
    sent = Sent(exam.subjects[0], SimpleUploadedFile("bai-lam.csv", data), keyed, key)
    return read_response_file(receive_answers(exam, sent, by=user, unit_path=WHOLE_PROVINCE).pk, quiet)


def run_of(file: ResponseFile, user: User, **settings) -> MeasureRun:
    """A computed run."""
    chosen = Settings(settings.pop("model", MeasureRun.Model.TWO_PL), **settings)
    return measure(ask_for_run(file, chosen, by=user, at=timezone.now()).pk)
