"""The pupils of one rating: with which results each was counted, or what he lacked."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from thucchat.web.people.models import Pupil, SchoolClass, Subject
from thucchat.web.quality.queries.excepted import HIDDEN
from thucchat.web.ratings.models import Rating
from thucchat.web.ratings.models.ratings import GROUPS, LACKING
from thucchat.web.ratings.queries.inputs import grown_pupils
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for


@dataclass(frozen=True, slots=True)
class CountedPupil:
    """One pupil in one subject; results in points."""

    subject: str
    class_name: str
    code: str
    name: str
    start: float | None
    error: float | None  # of the start, standard error
    end: float | None
    lacking: str  # empty: counted


def counted_pupils(rating: Rating) -> list[CountedPupil]:
    """By subject, class and code. Who has moved out of the acting person's sight is counted without a name.

    Raises RuleBroken: `rating.fields` for a run of an earlier version, `rating.inputs` when the numbers are
    no longer those that were rated.
    """
    found = []
    subjects = dict(Subject.objects.values_list("field", "name"))
    for field, frame in _frames(rating):
        rows = frame.filter(pl.col(GROUPS[Rating.Kind(rating.kind)]) == (rating.staff_id or rating.unit_id))
        found += list(_named(rows, subjects.get(field, field)))
    return found


def _frames(rating: Rating) -> list[tuple[str, pl.DataFrame]]:
    """What the whole run was computed from: results of a pupil who moved stand where he is now."""
    run, digest, frames = rating.run, hashlib.sha256(), []
    if not run.fields:
        message = (
            "Lần xếp loại này có từ trước khi hệ thống giữ tên các môn được tính, nên không nêu lại được."
        )
        raise RuleBroken("rating.fields", message)
    with acting_for(Scope(WHOLE_PROVINCE)):
        for field, code in run.fields:
            frame = grown_pupils(run.campaign, field, code)
            digest.update(frame.write_csv().encode())
            frames.append((field, frame))
    if digest.hexdigest() != run.inputs:
        message = (
            f"Số liệu hiện nay có mã {digest.hexdigest()[:16]}, lần xếp loại này dùng số liệu có mã "
            f"{run.inputs[:16]}: đã có sửa đổi sau khi tính. Hãy khiếu nại để được tính lại."
        )
        raise RuleBroken("rating.inputs", message)
    return frames


def _named(rows: pl.DataFrame, subject: str) -> Iterator[CountedPupil]:
    classes = dict(SchoolClass.objects.filter(pk__in=set(rows["class_id"])).values_list("pk", "name"))
    pupils = Pupil.objects.filter(pk__in=rows["pupil_id"].to_list())
    named = {key: (code, name) for key, code, name in pupils.values_list("pk", "code", "full_name")}
    facts = rows.select("class_id", "pupil_id", "start", "error", "end").iter_rows()
    found = [
        CountedPupil(
            subject, classes.get(class_id, ""), *named.get(pupil, ("", HIDDEN)), start, error, end,
            _lacking(start, end),
        )
        for class_id, pupil, start, error, end in facts
    ]  # fmt: skip
    return iter(sorted(found, key=lambda one: (one.class_name, one.code)))


def _lacking(start: float | None, end: float | None) -> str:
    if start is None:
        return LACKING["both" if end is None else "start"]
    return LACKING["end"] if end is None else ""
