"""A worker to be killed: imports one small file after another, each step as the real worker does it.

Run as a program on a database of its own. For every line on its input it forks a child that works until it is
killed, prints the child's process id, and prints again when the child is gone. Django is loaded once.

File n lists pupils 1 to 20 + n, all living in “Bản n”, everybody in another class than in file n - 1.
"""

import os
import sys
from datetime import date, timedelta
from importlib import import_module

import django

YEAR_STARTS, YEAR_ENDS = date(2020, 9, 1), date(2029, 8, 31)
FIRST_PUPILS = 20
# Before forking: a child that loads all rooms by itself is killed before it has worked.
LOADED_ONCE = (
    "procrastinate.contrib.django.models",
    "thucchat.web.config.tasks",
    "thucchat.web.config.entering",
    "thucchat.web.config.urls",
    "thucchat.web.people.actions.imports.batches",
)
HEADINGS = "Mã định danh Bộ GD&ĐT,Họ và tên,Ngày sinh,Giới tính,Lớp,Chỗ ở hiện nay"


def file_number(n: int) -> bytes:
    rows = [
        f"P{i:05d},Lò Văn An,05/09/2014,Nam,6A{(i + n) % 2 + 1},Bản {n}"
        for i in range(1, FIRST_PUPILS + n + 1)
    ]
    return "\n".join([HEADINGS, *rows]).encode()


def set_up() -> None:
    """An empty school with two classes and its clerk."""
    from django.db import transaction

    from thucchat.web.org.models import Grant, SchoolYear, Unit, User
    from thucchat.web.people.models import SchoolClass
    from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

    with transaction.atomic():
        enter_scope(Scope(WHOLE_PROVINCE))
        year = SchoolYear.objects.create(code="2020-2021", starts=YEAR_STARTS, ends=YEAR_ENDS)
        opened = date(2000, 1, 1)
        province = Unit.objects.create(
            pk=1, code="P", kind="province", name="Sở", unit_path="1/", opened_on=opened
        )
        school = Unit.objects.create(
            pk=2, code="T", kind="school", school_type="thcs", name="Trường", parent=province,
            unit_path="1/2/", opened_on=opened,
        )  # fmt: skip
        for pk, name in ((1, "6A1"), (2, "6A2")):
            SchoolClass.objects.create(
                pk=pk, code=name, school=school, school_year=year, grade=6, name=name, unit_path=f"1/2/c{pk}/"
            )
        user = User.objects.create_user("clerk", full_name="Văn thư", password=None)
        Grant.objects.create(user=user, role="clerk", unit=school, valid_from=opened, unit_path="1/2/")


def step() -> None:
    """Finish the job that was left, or start the next step of the next file."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from thucchat.web.config.tasks import work

    queued = ProcrastinateJob.objects.filter(task_name="run_work").order_by("-id").first()
    if queued is not None:
        work.func(**queued.args)  # done already: finds it so, and changes nothing
    queue_next()


def queue_next() -> None:
    from django.db import transaction

    from thucchat.web.config.entering import enter
    from thucchat.web.org.models import SchoolYear, User
    from thucchat.web.people.actions.imports.batches import Upload, upload_file
    from thucchat.web.people.models import ImportBatch
    from thucchat.web.shared.jobs import start_work

    with transaction.atomic():
        user = User.objects.get()
        acting = enter(user, None)
        last = ImportBatch.objects.first()
        if last is None or last.state == "applied":
            n = ImportBatch.objects.count() + 1
            on = YEAR_STARTS + timedelta(days=n)
            handed_in = Upload("pupils", f"{n}.csv", file_number(n), None, SchoolYear.objects.get(), on)
            last = upload_file(handed_in, unit=acting.unit, by=user)
        job = {"uploaded": "read", "previewed": "apply"}[last.state]
        start_work(f"people.{job}_import", title=job, acting=acting, batch_id=last.pk, user_id=user.pk)


def main() -> None:
    django.setup()
    if sys.argv[1:] == ["set-up"]:
        from thucchat.web.shared.setup import bring_up_to_date

        bring_up_to_date()
        set_up()
        return
    for module in LOADED_ONCE:
        import_module(module)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            while True:
                step()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("gone\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
