from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.shared.spreadsheets.files import repacked, workbook
from tests.web.world import make_user
from thucchat.web.config.tasks import work as run_work_task
from thucchat.web.people.models import ImportBatch, Pupil
from thucchat.web.shared.models import Work
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

HEADINGS = ["STT", "Mã định danh Bộ GD&ĐT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp"]


@pytest.fixture
def year_now(world):
    """Let the world's school year be the present one."""
    today = timezone.localdate()
    world.year.starts, world.year.ends = date(today.year - 1, 9, 1), date(today.year + 1, 8, 31)
    world.year.save()
    return world


@pytest.fixture
def client_of(year_now, settings):
    settings.SECOND_FACTOR = False

    def make(role: str, unit) -> Client:
        enter_scope(Scope(WHOLE_PROVINCE))
        client = Client()
        client.force_login(make_user(role, unit))
        return client

    return make


def rows_of(*pupils) -> list[list]:
    return [HEADINGS, *([n, *pupil] for n, pupil in enumerate(pupils, start=1))]


NEW = ("1100000001", "Lò Thị Mới", "05/09/2014", "Nữ", "6A1")


def upload(client: Client, world, data: bytes, name: str = "ds.xlsx", **values):
    fields = {
        "kind": "pupils",
        "school_year": world.year.pk,
        "effective_on": timezone.localdate().isoformat(),
        "file": SimpleUploadedFile(name, data),
    }
    return client.post(reverse("people:import-new"), fields | values)


def run_waiting() -> Work:
    """Do what the worker would do next."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    enter_scope(Scope(WHOLE_PROVINCE))
    queued = ProcrastinateJob.objects.filter(task_name="run_work").order_by("-id").first()
    run_work_task.func(**queued.args)
    enter_scope(Scope(WHOLE_PROVINCE))
    return Work.objects.get(pk=queued.args["work_id"])


def test_a_clerk_brings_in_a_list_looks_at_it_applies_it_and_takes_it_back(world, client_of):
    client = client_of("clerk", world.schools[0])
    response = upload(client, world, workbook(rows_of(NEW)))
    assert response.status_code == 302, response.context["forms"][0].errors
    page = run_waiting().result_url

    shown = client.get(page)
    assert [(tab.name, tab.count) for tab in shown.context["tabs"] if tab.count] == [
        ("new", 1),
        ("missing", 3),
    ]
    assert "Lò Thị Mới" in shown.content.decode()

    client.post(reverse("people:import-apply", args=[ImportBatch.objects.get().pk]))
    assert run_waiting().state == Work.State.DONE
    assert Pupil.objects.get(code="1100000001").current_class == world.classes[0]

    client.post(reverse("people:import-undo", args=[ImportBatch.objects.get().pk]))
    assert run_waiting().state == Work.State.DONE
    assert not Pupil.objects.filter(code="1100000001").exists()


def test_errors_are_shown_by_sheet_line_and_column_and_nothing_can_be_applied(world, client_of):
    client = client_of("clerk", world.schools[0])
    upload(client, world, workbook(rows_of(("1100000001", "Lò Thị Mới", "31/02/2014", "Nữ", "6A1"))))
    page = client.get(run_waiting().result_url)

    assert page.context["page"].rows[0] == (
        "DS", 2, "D (ngày sinh)", "31/02/2014", "“31/02/2014” không phải ngày; hãy ghi dạng 05/09/2014.",
    )  # fmt: skip
    assert not page.context["may_apply"]
    batch = ImportBatch.objects.get()
    client.post(reverse("people:import-apply", args=[batch.pk]))
    assert run_waiting().message == "Còn 1 lỗi; hãy sửa tệp rồi tải lên lại. Chưa ghi gì."
    problems = client.get(reverse("people:import-problems", args=[batch.pk]))
    assert problems.content.startswith(b"PK")


def test_a_hostile_file_is_refused_on_the_form(world, client_of):
    client = client_of("clerk", world.schools[0])

    response = upload(client, world, b"%PDF-1.7 not a table")

    assert response.context["forms"][0].errors["file"] == [
        "Đây là PDF, không phải bảng tính. Cần tệp .xlsx, .xls hoặc .csv."
    ]
    assert not ImportBatch.objects.exists()


def test_a_day_outside_the_school_year_is_refused_on_the_form(world, client_of):
    client = client_of("clerk", world.schools[0])

    response = upload(client, world, workbook(rows_of(NEW)), effective_on="2001-01-01")

    assert "Ngày áp dụng phải từ" in response.context["forms"][0].errors["effective_on"][0]


def test_a_file_that_only_the_parser_finds_broken_is_refused_with_its_reason(world, client_of):
    client = client_of("clerk", world.schools[0])
    broken = repacked(workbook(rows_of(NEW)), replace={"xl/worksheets/sheet1.xml": lambda _: b"<<<"})
    upload(client, world, broken)

    page = client.get(run_waiting().result_url)

    batch = ImportBatch.objects.get()
    assert (batch.state, bytes(batch.content.source)) == ("refused", b"")
    assert batch.refusal.startswith("Tệp Excel bị hỏng")
    assert batch.refusal.split(".")[0] in page.content.decode()


def test_columns_in_doubt_are_mapped_by_a_person_once_for_every_file_of_the_source(world, client_of):
    client = client_of("clerk", world.schools[0])
    odd = ["TT", "Ma hoc sinh", "Ho va ten", "Sinh ngay", "Phai", "Lop"]
    data = workbook([odd, [1, *NEW]])
    upload(client, world, data)
    batch = ImportBatch.objects.get(pk=int(run_waiting().result_url.strip("/").split("/")[-1]))
    assert batch.state == ImportBatch.State.READ
    form = client.get(reverse("people:import", args=[batch.pk]), follow=True)
    assert [field.label for field in form.context["forms"][0]] == [text.lower() for text in odd]

    fields = ["", "code", "full_name", "born_on", "sex", "class_name"]
    client.post(
        reverse("people:import-map", args=[batch.pk]),
        {f"column-{n}": field for n, field in enumerate(fields)},
    )
    run_waiting()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], batch.counts["errors"]) == ("previewed", 1, 0)

    upload(client, world, data)
    run_waiting()
    assert ImportBatch.objects.latest("pk").counts["new"] == 1


def test_the_import_of_another_school_is_not_found(world, client_of):
    upload(client_of("clerk", world.schools[0]), world, workbook(rows_of(NEW)))
    batch = ImportBatch.objects.get()
    other = client_of("clerk", world.schools[2])

    assert other.get(reverse("people:import", args=[batch.pk])).status_code == 404
    assert other.post(reverse("people:import-apply", args=[batch.pk])).status_code == 404


def test_a_teacher_may_not_import(world, client_of):
    teacher = client_of("teacher", world.schools[0])

    assert teacher.get(reverse("people:import-new")).status_code == 403


@pytest.mark.parametrize("kind", ["pupils", "staff", "classes", "assignments"])
def test_the_blank_template_is_understood_by_the_importer(world, client_of, kind):
    from thucchat.web.people.importers.kinds import KINDS
    from thucchat.web.people.importers.tables import columns_seen, is_sure, read_list
    from thucchat.web.shared.spreadsheets.reading import read_spreadsheet

    data = client_of("clerk", world.schools[0]).get(reverse("people:import-template", args=[kind])).content
    sheets = read_spreadsheet(data)

    columns = columns_seen(KINDS[kind], sheets, {})
    assert is_sure(KINDS[kind], columns)
    assert all(column.field for column in columns)
    parsed = read_list(KINDS[kind], sheets, {}, date(2026, 11, 22))
    assert parsed.rows.height == 1
    assert not parsed.problems["is_error"].any()


def test_an_import_may_be_dropped(world, client_of):
    client = client_of("clerk", world.schools[0])
    upload(client, world, workbook(rows_of(NEW)))
    batch = ImportBatch.objects.get()

    client.post(reverse("people:import-drop", args=[batch.pk]))

    enter_scope(Scope(WHOLE_PROVINCE))
    batch.refresh_from_db()
    assert (batch.state, bytes(batch.content.source)) == ("refused", b"")
