"""The content tells where a file comes from."""

import pytest

from tests.engine.papers.interchange_samples import body, item, package
from tests.engine.papers.word import lines
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange import recognition
from thucchat.engine.papers.interchange.recognition import form_of, imported
from thucchat.engine.papers.writing.new_file import new_file

ESSAY = '<question type="essay"><questiontext><text>Q</text></questiontext></question>'
MOODLE = f'<?xml version="1.0"?>\n<!-- bank --><quiz>{ESSAY}</quiz>'.encode()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (package({"a.xml": item(body("<p>x</p>"))}), "qti"),
        (item(body("<p>x</p>")), "qti"),
        (MOODLE, "moodle"),
        (b"\xef\xbb\xbf" + MOODLE, "moodle"),
        (MOODLE.decode().encode("utf-16"), "moodle"),
        ("Câu {T}".encode(), "gift"),
        ("Câu {T}".encode("utf-16"), "gift"),
        (b"<b>x</b> {}", "gift"),
    ],
)
def test_the_form_is_told_from_the_content(content, form):
    assert form_of(content, "x") == form
    assert len(imported(content, "x").questions) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b" \n", "interchange.empty"),
        (b"xin ch\xc3\xa0o", "interchange.unknown"),
        (new_file(lines("Câu 1. x")), "interchange.word"),
        (b"<html></html>", "qti.unknown"),
    ],
)
def test_what_is_none_of_them_is_refused(content, code):
    with pytest.raises(InvalidInput) as refusal:
        imported(content, "x")
    assert refusal.value.code == code


def test_a_named_form_is_believed():
    with pytest.raises(InvalidInput) as refusal:
        imported(MOODLE, "x", "qti")
    assert refusal.value.code == "qti.version"


def test_a_file_too_big_is_refused(monkeypatch):
    monkeypatch.setattr(recognition, "MAX_FILE", 2**20)
    with pytest.raises(InvalidInput, match="“x” 1,5 MB vượt giới hạn 1 MB"):
        imported(b"a" * (3 * 2**19), "x")
