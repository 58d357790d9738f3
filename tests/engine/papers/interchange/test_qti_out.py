"""Packages: their files, their scoring rules, and what is told when something cannot be carried."""

from dataclasses import replace
from itertools import product

import pytest
from lxml import etree

from tests.engine.papers.interchange_samples import IMAGES, PAPER, QTI_22, QTI_30, QUESTIONS, parts_of
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.scoring import Statements
from thucchat.engine.papers.interchange.qti_names import normalised
from thucchat.engine.papers.interchange.qti_out import qti_package
from thucchat.engine.papers.model import Paper, Question

VERSIONS = ["2.2", "3.0"]


def item_of(question, version):
    content = parts_of(qti_package(Paper((question,)), version).content)["items/Q1.xml"]
    return normalised(etree.fromstring(content), "Q1.xml")


class Processor:
    """A small response processor of its own: templates, mapping and conditions."""

    def __init__(self, root, response):
        declared = root.find("responseDeclaration")
        self.outcomes = {"SCORE": 0.0, "RIGHT": 0.0}
        self.right = {value.text for value in declared.iterfind("correctResponse/value")} == set(response)
        points = {
            entry.get("mapKey").lower(): float(entry.get("mappedValue"))
            for entry in declared.iterfind("mapping/mapEntry")
        }
        self.mapped = sum(points.get(answer.lower(), 0.0) for answer in set(response))

    def value(self, expression):
        if expression.tag == "mapResponse":
            return self.mapped
        if expression.tag == "variable":
            return self.outcomes[expression.get("identifier")]
        if expression.tag == "gte":
            return self.value(expression[0]) >= self.value(expression[1])
        return float(expression.text)

    def run(self, rule):
        if rule.tag == "setOutcomeValue":
            self.outcomes[rule.get("identifier")] = self.value(rule[0])
            return
        for branch in rule:
            test, *rules = [None, *branch] if branch.tag == "responseElse" else branch
            if test is None or self.value(test):
                for inner in rules:
                    self.run(inner)
                return


def score(root, response):
    """The outcome SCORE of a response."""
    processor, rules = Processor(root, response), root.find("responseProcessing")
    template = rules.get("template", "")
    if template:
        return processor.mapped if "map_response" in template else float(processor.right)
    for rule in rules:
        processor.run(rule)
    return processor.outcomes["SCORE"]


VERDICTS = {"Đ": "TRUE", "S": "FALSE"}


@pytest.mark.parametrize("version", VERSIONS)
def test_four_statements_score_by_the_ladder_of_the_examination(version):
    for key in ("ĐSSĐ", "SSSS"):
        question = replace(QUESTIONS[1], key=key, images=())
        root = item_of(question, version)
        rule = Statements(key)
        for answer in product("ĐS ", repeat=4):
            said = zip("abcd", answer, strict=True)
            chosen = [f"{own} {VERDICTS[mark]}" for own, mark in said if mark in VERDICTS]
            assert score(root, chosen) == pytest.approx(rule.score("".join(answer)))


@pytest.mark.parametrize("version", VERSIONS)
def test_three_statements_score_in_equal_shares(version):
    root = item_of(Question(1, "x", {"a": "1", "b": "2", "c": "3"}, "ĐSĐ", "true_false", None), version)

    assert score(root, ["a TRUE", "b FALSE", "c TRUE"]) == pytest.approx(1)
    assert score(root, ["a TRUE", "b TRUE"]) == pytest.approx(1 / 3)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_short_answer_takes_comma_and_point(version):
    root = item_of(Question(1, "x", {}, "-2,5", "short_answer", None), version)

    assert [score(root, [answer]) for answer in ("-2,5", "-2.5", "2,5")] == [1, 1, 0]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_choice_takes_its_key_only(version):
    root = item_of(Question(1, "x", {"A": "1", "B": "2"}, "B", "choice", None), version)

    assert [score(root, [answer]) for answer in "AB"] == [0, 1]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_paper_gives_the_same_bytes(version):
    assert qti_package(PAPER, version, IMAGES).content == qti_package(PAPER, version, IMAGES).content


@pytest.mark.parametrize(
    ("version", "space", "files"),
    [
        ("2.2", QTI_22, ["test.xml", "items/Q1.xml", "items/Q2.xml", "items/Q3.xml", "items/Q4.xml"]),
        ("3.0", QTI_30, ["test.xml", "stimuli/S1.xml", *(f"items/Q{n}.xml" for n in range(1, 5))]),
    ],
)
def test_the_manifest_lists_every_file_and_dependencies_point_at_them(version, space, files):
    parts = parts_of(qti_package(PAPER, version, IMAGES).content)
    manifest = etree.fromstring(parts["imsmanifest.xml"])
    resources = list(manifest.iter("{*}resource"))
    named = {resource.get("identifier") for resource in resources}

    assert [resource.get("href") for resource in resources] == [*files, "word/media/image1.png"]
    assert set(parts) == {"imsmanifest.xml", *files, *IMAGES}
    assert {each.get("identifierref") for each in manifest.iter("{*}dependency")} < named
    assert {etree.QName(etree.fromstring(parts[name])).namespace for name in files} == {space}


def test_names_of_version_3_are_spelled_its_way():
    text = parts_of(qti_package(PAPER, "3.0", IMAGES).content)["items/Q2.xml"].decode()

    assert '<qti-match-interaction response-identifier="RESPONSE"' in text
    assert '<qti-assessment-stimulus-ref identifier="S1" href="../stimuli/S1.xml"/>' in text
    assert "responseIdentifier" not in text


def test_formulas_become_mathml_with_their_latex_noted():
    body = item_of(QUESTIONS[0], "2.2").find("itemBody")

    assert [note.text for note in body.iter("{*}annotation")][1:3] == ["\\frac{x}{2}", "y<1"]
    assert next(body.iter("{*}mfrac"), None) is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "E"}, "key.outside"),
        ({"points": "một điểm"}, "points.text"),
        ({"options": {}, "key": None}, "option.none"),
        ({"options": {"1": "x", "2": "y"}, "key": "2"}, "option.letters"),
        ({"type": "essay", "key": None}, "option.unused"),
        ({"stem": "[MathType] bằng"}, "equation.mathtype"),
        ({"stem": "$\\bad{$"}, "equation.latex"),
        ({"images": ("word/media/image9.png",)}, "image.missing"),
        ({"images": ("../../x.png",)}, "image.missing"),
    ],
)
def test_what_gives_way_is_flagged(change, code):
    question = Question(1, "x", {"A": "1", "B": "2"}, "B", "choice", None)

    exported = qti_package(Paper((replace(question, **change),)), "2.2", {"../../x.png": b""})

    assert [flag.code for flag in exported.flags] == [code]


def test_letters_that_are_no_identifiers_are_replaced_with_their_key():
    question = Question(1, "x", {"1": "một", "2": "hai"}, "2", "choice", None)

    root = item_of(question, "2.2")

    assert [each.get("identifier") for each in root.iter("simpleChoice")] == ["A", "B"]
    assert root.findtext("responseDeclaration/correctResponse/value") == "B"


def test_signs_that_xml_forbids_are_left_out():
    root = item_of(Question(1, "a\x00b\x1f\ufffe", {}, None, "essay", None), "2.2")

    assert "".join(root.find("itemBody/p").itertext()) == "ab"


def test_an_empty_paper_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        qti_package(Paper(()), "2.2")
    assert refusal.value.code == "qti.empty"
