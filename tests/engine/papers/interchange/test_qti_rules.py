"""The rules take what we write and read, tell what breaks them, and let pass what they do not know."""

import pytest
from lxml import etree

from tests.engine.papers.interchange_samples import body, choice, declared, item, item_30
from thucchat.engine.papers.interchange.qti_names import normalised
from thucchat.engine.papers.interchange.qti_rules import faults

PARAGRAPH = "<p>x</p>"
SOUND = declared() + body(PARAGRAPH)
ELEMENT, VALUE = "phần tử “{}” ", "giá trị “{}” của “{}” "
PLACED_WRONG = ELEMENT + "thiếu phần bên trong, hoặc đứng sai chỗ"


def told(inside):
    root = normalised(etree.fromstring(item(inside)), "x")
    return [(fault.line, fault.message) for fault in faults(root)]


def test_a_sound_item_has_no_fault():
    assert told(SOUND) == []


def test_what_the_profile_does_not_know_passes():
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    unknown = '<section><hotspotInteraction foo="1"/></section>'

    assert told('<stylesheet href="a.css"/>' + body(unknown, f"<p>a {formula}<ruby>b</ruby></p>")) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "single",
            "sngle",
            VALUE.format("sngle", "responseDeclaration") + "không nằm trong danh sách cho phép",
        ),
        ('"R"', '"1 b"', VALUE.format("1 b", "responseDeclaration") + "sai dạng"),
        (
            ' cardinality="single"',
            "",
            ELEMENT.format("responseDeclaration") + "thiếu thuộc tính “cardinality”",
        ),
        (PARAGRAPH, "<p><p>x</p></p>", PLACED_WRONG.format("p")),
        (PARAGRAPH, "x", ELEMENT.format("itemBody") + "có chữ ở chỗ chỉ được có phần tử con"),
        (PARAGRAPH, choice("A").replace("R", "Q"), "mã “Q” ở “choiceInteraction” không có nơi nào khai báo"),
        (PARAGRAPH, choice("A", "x"), VALUE.format("x", "choiceInteraction") + "sai kiểu"),
        (PARAGRAPH, choice("AA"), "mã “A” ở “simpleChoice” bị trùng"),
        (PARAGRAPH, "<hr/><rubricBlock/>", ELEMENT.format("rubricBlock") + "thiếu thuộc tính “view”"),
    ],
)
def test_breaches_are_told_with_line_and_value(old, new, message):
    assert told(SOUND.replace(old, new)) == [(3, message)]


def test_names_of_version_3_spelled_wrongly_are_unknown():
    root = normalised(etree.fromstring(item_30("<qti-itemBody/>")), "x")

    assert [fault.message for fault in faults(root)] == [PLACED_WRONG.format("assessmentItem")]


def test_only_so_many_breaches_are_told():
    assert len(told(body("<p><p/></p>\n" * 50))) == 20


def test_a_file_of_countless_elements_is_not_checked():
    assert told(body("<p/>" * 20_000)) == [(1, "tệp có 20002 phần tử, quá nhiều để kiểm quy tắc")]
