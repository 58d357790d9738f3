"""Hostile and broken files are refused by name, and nothing is opened on the way."""

import zipfile
from io import BytesIO

import pytest

from tests.engine.papers.interchange_samples import item, package
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange import safe_xml
from thucchat.engine.papers.interchange.qti_in import paper_from_qti
from thucchat.engine.papers.interchange.safe_xml import parsed
from thucchat.engine.papers.writing.archive import packed

ITEM = item("<itemBody><p>x</p></itemBody>")
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'


def bomb():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", b"<a>" + b" " * 30_000_000 + b"</a>")
    return out.getvalue()


def locked():
    content = bytearray(package({"a.xml": ITEM}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(sign)
        content[place + offset] |= 1
    return bytes(content)


OUTSIDE = b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><assessmentItem>&x;</assessmentItem>"
BILLION = (
    b'<!DOCTYPE a [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b']><assessmentItem title="&l9;"/>'
)
WIDE = LAUGHS.decode().encode("utf-16") + "<a/>".encode("utf-16-le")
WRONG_BYTES = b'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem>\n\xea\xe1</assessmentItem>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bomb(), "paper.bomb"),
        (packed({f"{place}.xml": b"" for place in range(6000)}), "paper.bomb"),
        (package({"a.xml": ITEM})[:200], "paper.corrupt"),
        (locked(), "paper.encrypted"),
        (packed({"../../etc/passwd.xml": ITEM}), "interchange.path"),
        (packed({"/etc/passwd.xml": ITEM}), "interchange.path"),
        (packed({"C:\\x.xml": ITEM}), "interchange.path"),
        (package({"a.xml": LAUGHS + b"<assessmentItem>&c;</assessmentItem>"}), "interchange.entities"),
        (LAUGHS + b"<assessmentItem title='&c;'/>", "interchange.entities"),
        (BILLION, "interchange.entities"),
        (OUTSIDE, "interchange.entities"),
        (WIDE, "interchange.entities"),
        (WRONG_BYTES, "interchange.encoding"),
        (b'<?xml version="1.0" encoding="no-such"?><assessmentItem/>', "interchange.encoding"),
        (b"<assessmentItem><p>", "interchange.xml"),
        (b"<p>&nbsp;</p>", "interchange.xml"),
        (b"<a>" * 300 + b"</a>" * 300, "interchange.xml"),
        (b"<a xmlns='" + b"x" * 600 + b"'/>", "interchange.xml"),
        (b"<html/>", "qti.unknown"),
        (b"<questestinterop/>", "qti.version"),
        (b"<assessmentTest/>", "qti.items"),
        (packed({"readme.txt": b""}), "qti.items"),
        (package({"a.xml": b"<questestinterop/>"}), "qti.version"),
    ],
)
def test_what_cannot_be_opened_safely_is_refused(content, code):
    with pytest.raises(InvalidInput) as refusal:
        paper_from_qti(content, "x.xml")
    assert refusal.value.code == code


def test_a_wrong_encoding_is_told_with_its_line():
    with pytest.raises(InvalidInput, match=r"“x.xml” sai bảng mã ở dòng 3; hãy lưu lại bằng UTF-8\."):
        parsed(b'<?xml version="1.0"?>\n<a>\n\xea</a>', "x.xml")


def test_a_file_in_another_declared_encoding_is_read():
    text = '<?xml version="1.0" encoding="windows-1258"?><a>Đ</a>'

    assert parsed(text.encode("cp1258"), "x.xml").text == "Đ"


def test_a_document_type_without_entities_does_no_harm():
    assert parsed(b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a>x</a>', "x.xml").text == "x"


def test_a_broken_item_does_not_keep_the_others_from_being_read():
    paper = paper_from_qti(package({"a.xml": b"<assessmentItem><p>", "b.xml": ITEM}))

    assert [question.stem for question in paper.questions] == ["x"]
    assert [(flag.code, flag.text) for flag in paper.flags] == [("file.unread", "a.xml")]


def test_a_file_too_big_is_refused_with_its_size(monkeypatch):
    monkeypatch.setattr(safe_xml, "MAX_FILE", 2**20)
    with pytest.raises(InvalidInput, match="1,5 MB vượt giới hạn 1 MB"):
        parsed(b" " * (3 * 2**19), "x.xml")
