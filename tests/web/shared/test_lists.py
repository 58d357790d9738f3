from math import ceil

import pytest
from django.test import RequestFactory

from tests.web.world import make_user
from thucchat.web.shared import lists
from thucchat.web.shared.lists import PAGE_SIZE, page_of
from thucchat.web.shared.models import Work
from thucchat.web.shared.scope import WHOLE_PROVINCE


@pytest.mark.parametrize("count", [0, 1, PAGE_SIZE, 3 * PAGE_SIZE + 7, 4 * PAGE_SIZE])
@pytest.mark.parametrize("exact", [True, False])
def test_the_pages_together_are_the_list(world, count, exact):
    owner = make_user("leader", world.province)
    Work.objects.bulk_create(
        Work(kind="x", title=f"{(n * 37) % 101}", owner=owner, unit_path=WHOLE_PROVINCE) for n in range(count)
    )
    rows = Work.objects.order_by("title", "-pk")
    ask = RequestFactory().get

    pages = [
        page_of(rows, ask("/", {"trang": n}), [], exact=exact)
        for n in range(1, max(1, ceil(count / PAGE_SIZE)) + 1)
    ]

    assert [row.pk for page in pages for row in page.rows] == list(rows.values_list("pk", flat=True))
    assert {(page.count, page.last) for page in pages} == {(count, len(pages))}


def test_a_search_with_many_hits_says_more_than(world, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_LIMIT", PAGE_SIZE)
    owner = make_user("leader", world.province)
    Work.objects.bulk_create(
        Work(kind="x", title="x", owner=owner, unit_path=WHOLE_PROVINCE) for _ in range(PAGE_SIZE + 1)
    )

    page = page_of(Work.objects.order_by("pk"), RequestFactory().get("/"), [], exact=False)

    assert (page.count, page.is_count_exact, len(page.rows)) == (PAGE_SIZE, False, PAGE_SIZE)
