"""Files that are not what they say are refused by name; what can be read around is read and flagged."""

import zipfile
from io import BytesIO

import pytest

from tests.engine.papers.word import lines
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.reading.names import RELATION
from thucchat.engine.papers.reading.package import COMPOUND_FILE, open_package
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.writing.archive import packed
from thucchat.engine.papers.writing.new_file import new_file

PAPER = new_file(lines("Câu 1. x\nA. 1\tB. 2\tC. 3\tD. 4\nCâu 2. y\nA. 1\tB. 2\tC. 3\tD. 4"))


def parts_of(content):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(name, content):
    return packed({**parts_of(PAPER), name: content})


def bomb():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 30_000_000 + b"</a>")
    return out.getvalue()


def many_entries():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for place in range(6000):
            archive.writestr(f"word/{place}.xml", b"")
    return out.getvalue()


def entities():
    text = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    return with_part("word/document.xml", text)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"Cau 1. x", "not_word"),
        (b"{\\rtf1 Cau 1}", "not_word"),
        (PAPER[: len(PAPER) // 2], "corrupt"),
        (PAPER[:200] + bytes(400) + PAPER[600:], "corrupt"),
        (COMPOUND_FILE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (COMPOUND_FILE + b"WordDocument", "old_word"),
        (packed({"mimetype": b"application/vnd.oasis.opendocument.text"}), "not_word"),
        (packed({"xl/workbook.xml": b"<a/>"}), "not_word"),
        (with_part("word/document.xml", b"<w:document"), "corrupt"),
        (bomb(), "bomb"),
        (many_entries(), "bomb"),
        (entities(), "entities"),
    ],
)
def test_what_is_no_word_paper_is_refused(content, code):
    with pytest.raises(InvalidInput) as refusal:
        read_paper(content)
    assert refusal.value.code == f"paper.{code}"


def test_a_size_that_lies_in_the_directory_is_not_believed():
    damaged = bytearray(PAPER)
    place = damaged.find(b"PK\x01\x02")
    damaged[place + 24 : place + 28] = (10).to_bytes(4, "little")

    with pytest.raises(InvalidInput) as refusal:
        open_package(bytes(damaged))
    assert refusal.value.code in {"paper.bomb", "paper.corrupt"}


def test_macros_are_flagged_and_the_paper_is_read():
    paper = read_paper(with_part("word/vbaProject.bin", b"macro"))

    assert len(paper.questions) == 2
    assert [flag.code for flag in paper.flags] == ["file.macro"]


def test_links_to_the_outside_are_named_and_not_followed():
    relations = parts_of(PAPER)["word/_rels/document.xml.rels"].decode()
    line = (
        f'<Relationship Id="rId9" Type="{RELATION}/attachedTemplate" '
        'Target="http://example.org/t.dotm" TargetMode="External"/></Relationships>'
    )

    paper = read_paper(
        with_part("word/_rels/document.xml.rels", relations.replace("</Relationships>", line).encode())
    )

    assert len(paper.questions) == 2
    assert [(flag.code, flag.text) for flag in paper.flags] == [
        ("file.external", "http://example.org/t.dotm")
    ]
