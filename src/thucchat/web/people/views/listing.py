"""The page of a list, with the way to its export."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from thucchat.web.org.acting import ActingRequest
from thucchat.web.people.forms import SchoolFilter
from thucchat.web.shared.lists import Page

FORMS = {"xlsx": "Xuất Excel", "csv": "Xuất CSV"}


def list_page(
    request: ActingRequest, title: str, page: Page[Any], filters: SchoolFilter, *, export: str
) -> HttpResponse:
    """Show `page`; what is exported is what the filters choose."""
    links = [(label, f"{reverse(export, args=[form])}?{page.query}") for form, label in FORMS.items()]
    return render(
        request, "shared/list.html", {"title": title, "page": page, "filters": filters, "actions": links}
    )
