"""What pages that do something have in common: the form, the act, its refusal, the way back."""

from collections.abc import Callable, Sequence
from typing import Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from thucchat.web.org.acting import ActingRequest
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.forms import Styled


class Shown(Protocol):
    """A row with a page of its own."""

    def get_absolute_url(self) -> str: ...


def carried_out(request: ActingRequest, target: Shown, act: Callable[[], object]) -> HttpResponse:
    """Do the act and show `target`, with a word on whether it was done."""
    try:
        act()
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "Đã ghi thay đổi.")
    return redirect(target.get_absolute_url())


def form_page(
    request: ActingRequest,
    title: str,
    forms: Sequence[Styled],
    *,
    back: Shown,
    verb: str = "Lưu",
    note: str = "",
) -> HttpResponse:
    """Forms one below the other, with one button and the way back."""
    context = {"title": title, "forms": forms, "back": back.get_absolute_url(), "verb": verb, "note": note}
    return render(request, "shared/form.html", context)
