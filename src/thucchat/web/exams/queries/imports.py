"""Imports as their pages show them."""

import polars as pl
from django.db.models import QuerySet

from thucchat.web.exams.models import ResultImport
from thucchat.web.org.acting import Acting
from thucchat.web.shared.scope import below
from thucchat.web.shared.spreadsheets.packing import bytes_to_frame

SHOWN = 300  # lines on a page


def imports_visible_to(acting: Acting) -> "QuerySet[ResultImport]":
    return ResultImport.objects.filter(below(acting.scope.path))


def shown_lines(data: bytes | memoryview) -> list[dict[str, object]]:
    """The first lines of a kept frame; a cell that is null is None."""
    frame = bytes_to_frame(bytes(data)) if data else pl.DataFrame()
    return frame.head(SHOWN).to_dicts()
