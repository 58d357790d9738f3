"""What a paper holds comes back whole from the package it was exported to."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.papers.interchange_samples import IMAGES, PAPER, QUESTIONS, questions
from thucchat.engine.papers.interchange.qti_in import paper_from_qti
from thucchat.engine.papers.interchange.qti_out import qti_package
from thucchat.engine.papers.model import Paper

VERSIONS = ["2.2", "3.0"]


def without_flags(paper):
    return [replace(question, flags=()) for question in paper.questions]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_paper_comes_back_equal(version):
    paper = paper_from_qti(qti_package(PAPER, version, IMAGES).content)

    assert paper.questions == QUESTIONS
    assert (paper.heading, paper.flags) == (PAPER.heading, ())


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=25)
@given(asked=st.lists(questions(), min_size=1, max_size=5))
def test_any_sound_paper_comes_back_equal_and_valid(version, asked):
    exported = qti_package(Paper(tuple(asked)), version)
    paper = paper_from_qti(exported.content)

    assert [flag for flag in exported.flags if flag.code == "qti.invalid"] == []
    assert [flag for flag in paper.flags if flag.code == "qti.rule"] == []
    assert without_flags(paper) == asked


@pytest.mark.parametrize("version", VERSIONS)
def test_missing_keys_are_flagged_again(version):
    asked = tuple(replace(question, key=None) for question in QUESTIONS)
    paper = paper_from_qti(qti_package(Paper(asked), version, IMAGES).content)

    assert [[flag.code for flag in question.flags] for question in paper.questions] == [
        ["key.missing"], ["key.missing"], ["key.missing"], [],
    ]  # fmt: skip
