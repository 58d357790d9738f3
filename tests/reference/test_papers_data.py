"""Real national papers in Word against the JSON published with them.

Source: VNHSGE data set (Xdao85/VNHSGE); the files are not in this repository.
"""

import importlib.util
import os
from pathlib import Path

import pytest

from tests.engine.papers.word import p, r, table
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.shuffle import shuffle
from thucchat.engine.papers.writing.new_file import new_file
from thucchat.engine.papers.writing.variant_map import canonical_paper

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("THUCCHAT_DATA", ROOT.parent / "shared" / "data")) / "papers"
PAPERS = sorted(DATA.glob("*.docx"))

pytestmark = pytest.mark.skipif(not PAPERS, reason="the folder of real papers is not on this machine")


def report():
    spec = importlib.util.spec_from_file_location("papers_report", ROOT / "docs" / "papers_report.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_a_real_paper_reads_as_published_but_for_explained_slips(path):
    module = report()
    paper = read_paper(path.read_bytes())
    score = module.Score(path.stem, len(paper.questions))

    found = module.compare(paper, module.expected_questions(path.with_suffix(".json")), score)

    assert {(name, field) for name, field, _, _ in found} <= set(module.EXPLAINED)
    assert score.keys == score.questions in {40, 50}


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_variants_of_a_real_paper_lose_nothing(path):
    made = shuffle(path.read_bytes(), ["101", "102"], "1")

    for file, variant in zip(made.files, made.maps, strict=True):
        back = canonical_paper(read_paper(file), variant)
        assert [question.options for question in back.questions] == [
            question.options for question in made.paper.questions
        ]
        for question, original in zip(back.questions, made.paper.questions, strict=True):
            assert original.stem.endswith(question.stem)


def lines_of(text):
    return "".join(p(r(line)) for line in text.split("\n"))


def marked(question):
    return [f"{letter}. {text}" for letter, text in question.options.items()]


LAYOUTS = {
    "a line an option": lambda n, q: lines_of(f"Câu {n}. {q.stem}") + "".join(map(p, marked(q))),
    "tabs": lambda n, q: lines_of(f"Câu {n}: {q.stem}") + p("\t".join(marked(q))),
    "two a line": lambda n, q: (
        lines_of(f"Câu {n}: {q.stem}") + p("\t".join(marked(q)[:2])) + p("\t\t".join(marked(q)[2:]))
    ),
    "single blanks": lambda n, q: lines_of(f"Question {n}. {q.stem}") + p(" ".join(marked(q))),
    "behind the stem": lambda n, q: lines_of(f"Câu {n}) {q.stem} " + " ".join(marked(q))),
    "cells": lambda n, q: lines_of(f"Câu {n}. {q.stem}") + table(marked(q)),
    "a row a question": lambda n, q: table([f"Câu {n}", lines_of(q.stem or " ") + p("\t".join(marked(q)))]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_real_questions_in_another_layout_read_the_same(layout):
    for path in PAPERS:
        questions = [
            q for q in read_paper(path.read_bytes()).questions if "\n" not in "".join(q.options.values())
        ]
        body = "".join(LAYOUTS[layout](place, question) for place, question in enumerate(questions, 1))
        keys = " ".join(f"{place}.{question.key}" for place, question in enumerate(questions, 1))

        read = read_paper(new_file(body + p("HẾT") + p("ĐÁP ÁN") + p(keys))).questions

        found = [(question.options, question.key) for question in read]
        assert found == [(question.options, question.key) for question in questions]
