import io

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.web.world import make_user
from thucchat.web.org.models import Cluster

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
