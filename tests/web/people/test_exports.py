import csv
import io
from datetime import date

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.people.desk import Desk, counts
from tests.web.people.test_import_pages import client_of, run_waiting, year_now  # noqa: F401  fixtures
from tests.web.world import make_pupil, make_user
from thucchat.web.people.actions.imports import batches
from thucchat.web.people.actions.imports.batches import Upload
from thucchat.web.people.models import Pupil
from thucchat.web.people.queries.lists import EXPORTS
from thucchat.web.people.views import exports
from thucchat.web.shared.models import Work
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

TODAY = date(2026, 11, 22)


def fetch(client: Client, kind: str, form: str, **filters) -> bytes:
    response = client.get(reverse(f"people:export-{kind}", args=[form]), filters)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    return response.content


def rows_in(data: bytes) -> list[list]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_pupils_come_typed_with_the_filters_of_the_page(world, client_of):  # noqa: F811
    make_pupil(world.classes[0], "Đặng Thị Ánh Nguyệt")
    client = client_of("principal", world.schools[0])

    (heading, row) = rows_in(fetch(client, "pupils", "xlsx", q="dang nguyet"))

    assert heading == list(EXPORTS["pupils"].columns)
    assert row[1:5] == ["Đặng Thị Ánh Nguyệt", date(2014, 5, 6), "Nam", "Thái"]
    assert row[10] == 6.0


@pytest.mark.parametrize("kind", list(EXPORTS))
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_list_keeps_to_the_school(world, client_of, kind, form):  # noqa: F811
    client = client_of("principal", world.schools[0])

    data = fetch(client, kind, form)

    text = str(rows_in(data)) if form == "xlsx" else data.decode("utf-8-sig")
    assert "Trường THCS 0" in text
    assert "Trường THCS 1" not in text


def test_a_teacher_exports_his_own_classes_only_and_no_staff(world, client_of):  # noqa: F811
    client = client_of("teacher", world.schools[0])
    enter_scope(Scope(WHOLE_PROVINCE))

    assert client.get(reverse("people:export-staff", args=["csv"])).status_code == 403
    assert len(rows_in(fetch(client, "pupils", "xlsx"))) == 1  # the heading: this user teaches no class


def test_an_unknown_format_is_not_found(world, client_of):  # noqa: F811
    client = client_of("principal", world.schools[0])

    assert client.get(reverse("people:export-pupils", args=["exe"])).status_code == 404


def test_a_name_that_looks_like_a_formula_leaves_as_text(world, client_of):  # noqa: F811
    Pupil.objects.filter(pk=world.pupils[0].pk).update(full_name='=HYPERLINK("http://x")')
    client = client_of("principal", world.schools[0])

    cells = rows_in(fetch(client, "pupils", "xlsx"))
    lines = list(csv.reader(io.StringIO(fetch(client, "pupils", "csv").decode("utf-8-sig"))))

    assert '=HYPERLINK("http://x")' in [row[1] for row in cells]
    assert '\'=HYPERLINK("http://x")' in [line[1] for line in lines]


@pytest.mark.parametrize("kind", ["pupils", "staff", "classes", "assignments"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_and_brought_back_changes_nothing(world, client_of, kind, form):  # noqa: F811
    data = fetch(client_of("principal", world.schools[0]), kind, form)
    enter_scope(Scope(WHOLE_PROVINCE))
    desk = Desk(world, world.schools[0])

    upload = Upload(kind, f"ds.{form}", data, None, world.year, TODAY)
    batch = batches.upload_file(upload, unit=desk.unit, by=desk.user)
    batch = batches.read_file(batch.pk, today=timezone.localdate(), progress=lambda *_: None)

    assert batch.state == "previewed"
    new, changed, same, errors = counts(batch)
    assert (new, changed, errors) == (0, 0, 0)
    assert same > 0


def test_a_long_list_is_written_in_the_background_for_its_asker_alone(world, client_of, monkeypatch):  # noqa: F811
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    client = client_of("principal", world.schools[0])
    response = client.get(reverse("people:export-pupils", args=["xlsx"]), {"khoi": "6"})
    assert response.status_code == 302

    work = run_waiting()

    assert work.state == Work.State.DONE
    assert len(rows_in(client.get(work.result_url).content)) == 7
    other = Client()
    enter_scope(Scope(WHOLE_PROVINCE))
    other.force_login(make_user("principal", world.schools[0]))
    assert other.get(work.result_url).status_code == 404


def test_a_later_file_replaces_one_of_the_same_list_and_says_so(world, client_of, monkeypatch):  # noqa: F811
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    client = client_of("principal", world.schools[0])
    address = reverse("people:export-pupils", args=["xlsx"]) + "?khoi=6"
    client.get(address)
    first = run_waiting()
    client.get(reverse("people:export-classes", args=["xlsx"]))
    classes = run_waiting()
    client.get(reverse("people:export-pupils", args=["csv"]))
    last = run_waiting()

    gone = client.get(first.result_url)

    assert gone.status_code == 410
    assert "Mỗi danh sách chỉ giữ tệp mới nhất" in gone.content.decode()
    assert f'href="{address}"' in gone.content.decode()
    assert client.get(classes.result_url).status_code == 200
    assert client.get(last.result_url).status_code == 200
    assert client.get(reverse("people:exported", args=[10**6])).status_code == 404
