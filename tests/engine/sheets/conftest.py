"""Sheets made once for all tests of this family."""

import pytest

from thucchat.engine.sheets.distort.suite import make_cases
from thucchat.engine.sheets.layout_files import load_layout

SEEDS = range(1, 7)


@pytest.fixture(scope="session")
def form():
    return load_layout("2025")


@pytest.fixture(scope="session")
def scans(form):
    return list(make_cases(form, "scan", 1, SEEDS))


@pytest.fixture
def folder(tmp_path, scans):
    """Six scans in a folder."""
    place = tmp_path / "quet"
    place.mkdir()
    for case in scans:
        (place / case.name).write_bytes(case.image)
    return place
