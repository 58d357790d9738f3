"""Import of a pupil workbook of 12 columns: parse, validate, compare, apply; then the same file again.

Runs in a process and on a durable database server of its own. Times are wall seconds; memory is the peak of
the process and, beside it, of the child that parses.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

ROWS = 200_000
SCHOOLS, CLASSES_A_SCHOOL, A_CLASS = 500, 12, 34
FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2027, 8, 31)
TODAY = date(2026, 11, 22)
HEADINGS = (
    "STT",
    "Mã định danh Bộ GD&ĐT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Dân tộc",
    "Số định danh cá nhân",
    "Mã trường",
    "Lớp",
    "Khối",
    "Nơi sinh",
    "Chỗ ở hiện nay",
)
FAMILIES = ("Lò", "Quàng", "Vàng", "Giàng", "Cà", "Lường", "Tòng", "Mùa", "Sùng", "Nguyễn", "Trần", "Phạm")
MIDDLES = ("Văn", "Thị", "A", "Ngọc", "Minh", "Thanh", "Đức", "Thu")
GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dế",
    "Giang",
    "Hương",
    "Khánh",
    "Linh",
    "Mai",
    "Nam",
    "Páo",
    "Quyết",
    "Sua",
    "Thảo",
)


def run(scale: float) -> None:
    """Measure in a fresh process and print the table."""
    folder = Path(tempfile.mkdtemp(prefix="thucchat-bench-"))
    folder.chmod(0o755)
    environment = os.environ | {
        "THUCCHAT_STATE": str(folder),
        "DJANGO_SETTINGS_MODULE": "thucchat.web.config.settings",
    }
    environment.pop("THUCCHAT_CARELESS", None)
    environment.pop("DATABASE_URL", None)
    try:
        subprocess.run([sys.executable, "-m", __name__, str(scale)], check=True, env=environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(scale: float) -> None:
    """The measured process: a database, an empty province, the file, and the steps."""
    import django

    from thucchat.web.config.place import embedded_cluster, start_database
    from thucchat.web.postgres.cluster import stop

    start_database()
    try:
        django.setup()
        from thucchat.web.shared.setup import bring_up_to_date

        bring_up_to_date()
        rows = max(1, round(ROWS * scale))
        year, province, user = _province(rows)
        path = Path(os.environ["THUCCHAT_STATE"]) / "pupils.xlsx"
        _write_workbook(path, rows)
        _measure(path, rows, year=year, province=province, user=user)
    finally:
        stop(embedded_cluster())


def _measure(path: Path, rows: int, *, year: Any, province: Any, user: Any) -> None:
    print(f"{rows} dòng × {len(HEADINGS)} cột, {path.stat().st_size / 2**20:.1f} MB")
    first = _import(path, year, province, user, label="nhập lần đầu")
    again = _import(path, year, province, user, label="nhập lại")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    print(
        f"tổng: lần đầu {first:.1f} s, lại {again:.1f} s; "
        f"bộ nhớ đỉnh {own:.0f} MB, tiến trình con {child:.0f} MB"
    )


def _import(path: Path, year: Any, province: Any, user: Any, *, label: str) -> float:
    """Every step in its own transaction, as the web site and its worker do them."""
    from thucchat.web.people.actions.imports import batches

    upload = batches.Upload("pupils", path.name, path.read_bytes(), None, year, FIRST_DAY)
    now = datetime.now().astimezone()
    steps: list[tuple[str, Callable[[int], Any]]] = [
        ("đọc, kiểm tra, so sánh", lambda pk: batches.read_file(pk, today=TODAY, progress=_silent)),
        ("ghi", lambda pk: batches.apply_import(pk, by=user, at=now, today=TODAY, progress=_silent)),
    ]
    batch = _in_scope(lambda: batches.upload_file(upload, unit=province, by=user))
    total = 0.0
    for name, step in steps:
        begun = time.perf_counter()
        done = _in_scope(lambda step=step: step(batch.pk))  # type: ignore[misc]  # bound now
        took = time.perf_counter() - begun
        total += took
        print(f"  {label}, {name}: {took:.1f} s {done.counts}")
    return total


def _silent(_done: int, _total: int, _message: str) -> None:
    """Progress that nobody watches."""


def _in_scope(act: Callable[[], Any]) -> Any:
    from django.db import transaction

    from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

    with transaction.atomic():
        enter_scope(Scope(WHOLE_PROVINCE))
        return act()


def _province(rows: int) -> tuple[Any, Any, Any]:
    """A school year, the province and a user; schools and classes enough for `rows` pupils."""
    from thucchat.web.org.models import SchoolYear, Unit, User
    from thucchat.web.people.models import SchoolClass

    def make() -> tuple[Any, Any, Any]:
        year = SchoolYear.objects.create(code="2026-2027", starts=FIRST_DAY, ends=LAST_DAY)
        opened = date(2000, 1, 1)
        province = Unit.objects.create(
            pk=1, code="P", kind="province", name="Sở", unit_path="1/", opened_on=opened
        )
        schools = [
            Unit(
                pk=n,
                code=f"T{n}",
                kind="school",
                school_type="thcs",
                name=f"Trường THCS số {n}",
                parent=province,
                unit_path=f"1/{n}/",
                opened_on=opened,
                sort_key=f"{n:06d}",
            )
            for n in range(2, 2 + SCHOOLS)
        ]
        Unit.objects.bulk_create(schools)
        classes = [
            SchoolClass(
                pk=pk,
                code=f"L{pk}",
                school=school,
                school_year=year,
                grade=6 + place // 3,
                name=f"{6 + place // 3}A{place % 3 + 1}",
                unit_path=f"{school.unit_path}c{pk}/",
                sort_key="",
            )
            for number, school in enumerate(schools)
            for place in range(CLASSES_A_SCHOOL)
            for pk in [number * CLASSES_A_SCHOOL + place + 1]
        ]
        SchoolClass.objects.bulk_create(classes)
        return year, province, User.objects.create_user("bench", full_name="Đo tốc độ", password=None)

    assert rows <= SCHOOLS * CLASSES_A_SCHOOL * A_CLASS
    made: tuple[Any, Any, Any] = _in_scope(make)
    return made


def _write_workbook(path: Path, rows: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet("Học sinh"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADINGS)
        for n in range(rows):
            _write_pupil(sheet, n, day)


def _write_pupil(sheet: Any, n: int, day: object) -> None:
    place = n // A_CLASS
    school, room = place // CLASSES_A_SCHOOL % SCHOOLS + 2, place % CLASSES_A_SCHOOL
    girl, born = n % 2, date(2011, 1, 1) + timedelta(days=n * 7 % 1400)
    name = f"{FAMILIES[n % 12]} {MIDDLES[n // 12 % 8]} {GIVEN[n // 96 % 14]} {GIVEN[n // 1344 % 14]}"
    cells = [
        n + 1,
        f"11{n:08d}",
        name,
        born,
        ("Nam", "Nữ")[girl],
        ("Thái", "Hmông", "Kinh")[n % 3],
        f"011{2 + girl}{born.year % 100:02d}{n:06d}",
        f"T{school}",
        f"{6 + room // 3}A{room % 3 + 1}",
        6 + room // 3,
        f"Xã số {n % 129}, tỉnh Điện Biên",
        f"Bản {n % 3000}",
    ]
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(n + 1, column, cell, day)
        elif isinstance(cell, int):
            sheet.write_number(n + 1, column, cell)
        else:
            sheet.write_string(n + 1, column, cell)


if __name__ == "__main__":
    main(float(sys.argv[1]))
