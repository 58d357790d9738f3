"""A clerk's desk for tests: lists brought in, applied and taken back, without pages or jobs."""

from datetime import date, timedelta

from django.utils import timezone

from tests.web.shared.spreadsheets.files import csv
from tests.web.world import YEAR_STARTS, make_user
from thucchat.web.people.actions.imports import batches
from thucchat.web.people.actions.imports.batches import Upload
from thucchat.web.people.models import ImportBatch, Pupil
from thucchat.web.shared.scope import Scope, enter_scope
from thucchat.web.shared.spreadsheets.packing import bytes_to_frame

TODAY = date(2026, 11, 22)
ON = YEAR_STARTS + timedelta(days=30)
PUPIL = ["Mã định danh", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Lớp"]
STAFF = ["Mã định danh", "Họ và tên", "Ngày sinh", "Giới tính", "Vị trí việc làm", "Tổ chuyên môn"]


def silent(*_) -> None:
    """Progress that nobody watches."""


class Desk:
    """A clerk of one unit who imports lists."""

    def __init__(self, world, unit, role: str = "clerk") -> None:
        self.world, self.unit = world, unit
        self.user = make_user(role, unit)
        enter_scope(Scope(unit.unit_path))

    def bring(self, kind: str, *rows, on: date = ON, school=None) -> ImportBatch:
        upload = Upload(kind, "ds.csv", csv(rows), school, self.world.year, on)
        batch = batches.upload_file(upload, unit=self.unit, by=self.user)
        return batches.read_file(batch.pk, today=TODAY, progress=silent)

    def apply(self, batch: ImportBatch) -> ImportBatch:
        return batches.apply_import(batch.pk, by=self.user, at=timezone.now(), today=TODAY, progress=silent)

    def undo(self, batch: ImportBatch) -> ImportBatch:
        return batches.undo_import(batch.pk, by=self.user, at=timezone.now())


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return tuple(batch.counts[name] for name in ("new", "changed", "same", "errors"))


def frame(batch: ImportBatch, part: str):
    batch.content.refresh_from_db()
    return bytes_to_frame(getattr(batch.content, part))


def codes(batch: ImportBatch) -> list[str]:
    return frame(batch, "problems")["code"].to_list()


def row_of(pupil: Pupil, **changes) -> list[str]:
    facts = {
        "code": pupil.code,
        "name": pupil.full_name,
        "born": "06/05/2014",
        "sex": "Nam",
        "ethnic": "Thái",
        "class": pupil.current_class.name,
    }
    return list((facts | {name.rstrip("_"): value for name, value in changes.items()}).values())


NEW = ["1100000001", "Lò Thị Mẫu", "05/09/2014", "Nữ", "Hmông", "6A1"]
