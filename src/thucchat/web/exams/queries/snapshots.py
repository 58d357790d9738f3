"""Finished reports, and whether they still hold."""

import hashlib
from importlib.metadata import version

from thucchat.web.exams.models import Exam, NationalMean, ResultImport, Snapshot
from thucchat.web.exams.queries.cuts import Cut, snapshot_key


def exam_snapshot(exam: Exam, cut: Cut) -> Snapshot | None:
    """The report of `cut`, unless the data or the program has changed since."""
    found = Snapshot.objects.filter(key=snapshot_key(exam, cut), unit_path=cut.path)
    return found.filter(fingerprint=exam_fingerprint(exam)).first()


def exam_fingerprint(exam: Exam) -> str:
    """Changes with the results of any exam of the same kind up to the same year: years are compared.

    It changes when the exam is published, too: from then on units see the province beside themselves.
    """
    others = Exam.objects.filter(kind=exam.kind, year__lte=exam.year).order_by("pk")
    published = [] if exam.published_at is None else ["published"]
    return digest(*others.values_list("fingerprint", flat=True), *published)


def national_fingerprint() -> str:
    """Changes with the national table; empty when there is none."""
    if not NationalMean.objects.exists():
        return ""
    applied = ResultImport.objects.filter(exam=None).order_by("-pk").values_list("pk", "state")[:1]
    return digest(*map(str, applied))


def national_source() -> str:
    """Names of the files that the national table stands on."""
    applied = ResultImport.objects.filter(exam=None, state=ResultImport.State.APPLIED).order_by("pk")
    return "; ".join(applied.values_list("file_name", flat=True))


def national_key(province: str, target: str) -> str:
    return f"national:{province}:{target}"


def national_snapshot(province: str, target: str, path: str) -> Snapshot | None:
    """The report on `province`, unless the table or the program has changed since."""
    found = Snapshot.objects.filter(key=national_key(province, target), unit_path=path)
    return found.filter(fingerprint=national_fingerprint()).first()


def digest(*texts: str) -> str:
    """SHA-256 of the texts and of the program's version."""
    return hashlib.sha256("\n".join((*texts, version("thucchat"))).encode()).hexdigest()
