"""Files of results for tests, and bringing them in without pages or workers."""

import hashlib
from collections.abc import Sequence

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from thucchat.web.exams.actions.applying import apply_import
from thucchat.web.exams.actions.uploading import read_file, receive_file
from thucchat.web.exams.models import Exam, ResultImport
from thucchat.web.org.acting import Acting
from thucchat.web.org.models import User
from thucchat.web.shared.clock import today
from thucchat.web.shared.scope import Scope


def quiet(*_: object) -> None:
    """Progress that nobody watches."""


def acting_as(user: User) -> Acting:
    grant = user.grants.get()
    return Acting(user, grant, (), Scope(grant.unit.unit_path), today())


def csv(heading: str, *lines: str) -> bytes:
    return "\n".join((heading, *lines)).encode()


def preview(exam: Exam | None, data: bytes, user: User, name: str = "ket-qua.csv") -> ResultImport:
    batch = receive_file(exam, SimpleUploadedFile(name, data), by=acting_as(user))
    assert batch.sha256 == hashlib.sha256(data).hexdigest()
    return read_file(batch.pk, quiet)


def bring_in(
    exam: Exam | None, data: bytes, user: User, *, why: str = "", name: str = "a.csv"
) -> ResultImport:
    batch = preview(exam, data, user, name)
    assert not batch.refusal, batch.refusal
    ResultImport.objects.filter(pk=batch.pk).update(why=why)
    return apply_import(batch.pk, by=user, at=timezone.now())


def many_results(codes: Sequence[str], size: int, seed: int = 1) -> bytes:
    """Candidates of the schools with the given codes; every kind of cell occurs."""
    rng = np.random.default_rng(seed)
    lines = []
    for number in range(size):
        school = codes[number % len(codes)]
        centre = 4 + 2 * (number % len(codes))
        math, literature = np.clip(rng.normal(centre, 1.5, 2), 0, 10)
        third = rng.choice(["", "v", "m", f"{rng.integers(0, 41) / 4:.2f}"])
        cells = f"{math:.2f}".replace(".", ","), f"{round(literature * 4) / 4}", third
        lines.append(f'{number + 1:08d};{school};"{cells[0]}";{cells[1]};{cells[2]}')
    return csv("SBD;Mã trường;Toán;Ngữ văn;Vật lí", *lines)
