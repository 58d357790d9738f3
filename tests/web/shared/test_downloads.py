import io
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.web.world import make_user
from thucchat.engine.documents.tree import Document, Letterhead, Paragraph
from thucchat.engine.errors import InvalidInput
from thucchat.web.org.models import Cluster
from thucchat.web.shared.downloads import document_file

LISTS = ("org:works", "org:clusters", "org:users", "exams:exams", "exams:imports")


@pytest.fixture
def client(world, settings) -> Client:
    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(make_user("office", world.province))
    return client


@pytest.mark.parametrize("name", LISTS)
def test_every_short_list_is_handed_out_as_it_is_shown(client, name):
    page = client.get(reverse(name))
    headings = [column.heading for column in page.context["page"].columns]

    book = client.get(reverse(name), {"tep": "xlsx"})
    lines = client.get(reverse(name), {"tep": "csv"}).content.decode("utf-8-sig").splitlines()

    assert "?tep=xlsx" in page.content.decode()
    assert (
        CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()[0]
        == headings
    )
    assert lines[0] == ",".join(headings)
    assert len(lines) == 1 + page.context["page"].count


def test_a_name_that_looks_like_a_formula_stays_text(client):
    Cluster.objects.create(code="c1", name="=1+1")

    lines = client.get(reverse("org:clusters"), {"tep": "csv"}).content.decode("utf-8-sig").splitlines()

    assert lines[1] == "'=1+1,c1,0"


def test_an_unknown_format_is_the_page(client):
    assert "text/html" in client.get(reverse("org:clusters"), {"tep": "exe"})["Content-Type"]


def refused():
    raise InvalidInput("x.few", "Cần ít nhất 2 học sinh, chỉ có 1.")


def test_a_document_that_its_numbers_do_not_carry_leads_back_with_the_reason():
    request = RequestFactory().get("/x/", {"dang": "pdf"})
    request.session = {}
    request._messages = FallbackStorage(request)

    answer = document_file(request, refused, "x", back="/truong/")

    assert (answer.status_code, answer.url) == (302, "/truong/")
    assert [str(message) for message in get_messages(request)] == ["Cần ít nhất 2 học sinh, chỉ có 1."]


def test_a_document_of_no_known_kind_is_not_found():
    with pytest.raises(Http404):
        document_file(RequestFactory().get("/x/", {"dang": "exe"}), refused, "x", back="/")


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_document_is_handed_out_as_the_address_asks_and_never_kept(kind, start):
    head = Letterhead("", "Trường A", "", "", date(2026, 9, 1), "Báo cáo", "Việc")
    request = RequestFactory().get("/x/", {"dang": kind})

    answer = document_file(request, lambda: Document(head, (Paragraph("Xong."),)), "bao-cao", back="/")

    assert answer.content.startswith(start)
    assert answer["Content-Disposition"] == f'attachment; filename="bao-cao.{kind}"'
    assert answer["Cache-Control"] == "no-store"
