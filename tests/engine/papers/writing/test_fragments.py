"""Items taken out of papers and put together again keep their equations, objects and pictures."""

from collections import Counter

import pytest
from lxml import etree

from tests.engine.papers.reading.test_bank_table import bank
from tests.engine.papers.test_shuffle import (
    LETTERS,
    MEDIA,
    options_of_several_paragraphs,
    parts_of,
    tree_of,
    with_formulas,
    with_option_tables,
)
from tests.engine.papers.word import level, numbering, p
from thucchat.engine.papers.reading.names import OMATH
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.writing.fragments import composed, fragments_of
from thucchat.engine.papers.writing.new_file import new_file


def told(paper):
    return [(question.stem, dict(question.options)) for question in paper.questions]


def automatic_numbers():
    lists = numbering({0: [level(0, "Câu %1."), level(1, "%2.", "upperLetter")]}, {1: (0, None)})
    body = "".join(
        p(f"Hỏi {n}?", numbered=(1, 0)) + "".join(p(f"{letter}{n}", numbered=(1, 1)) for letter in LETTERS)
        for n in range(1, 4)
    )
    return new_file(body, numbering=lists)


PAPERS = {
    "formulas": new_file(with_formulas(), MEDIA),
    "tables": new_file(with_option_tables()),
    "paragraphs": new_file(options_of_several_paragraphs()),
    "lists": automatic_numbers(),
}


@pytest.mark.parametrize("name", PAPERS)
def test_items_put_together_again_read_the_same(name):
    made = read_paper(composed(fragments_of(PAPERS[name])))

    assert told(made) == told(read_paper(PAPERS[name]))
    assert {question.key for question in made.questions} == {None}


def test_items_of_several_files_stand_in_one_paper_with_all_their_parts():
    first, second = fragments_of(PAPERS["formulas"]), fragments_of(PAPERS["lists"])
    chosen = [first[2], second[1], first[1], first[2]]

    content = composed(chosen, "ĐỀ GHÉP")

    paper = read_paper(content)
    assert [question.number for question in paper.questions] == [1, 2, 3, 4]
    assert told(paper) == [(each.question.stem, dict(each.question.options)) for each in chosen]
    before = Counter(each for each in parts_of(PAPERS["formulas"]).values())
    binary = [value for name, value in parts_of(content).items() if "media" in name or "embed" in name]
    assert len(binary) == 5
    assert all(value in before for value in binary)


def test_equations_keep_their_canonical_xml():
    def equations(content):
        bare = [
            etree.fromstring(etree.tostring(each, method="c14n", exclusive=True))
            for each in tree_of(content).iter(OMATH)
        ]
        return Counter(etree.tostring(each, method="c14n", exclusive=True) for each in bare)

    assert equations(composed(fragments_of(PAPERS["formulas"]))) == equations(PAPERS["formulas"])


def test_a_shared_stem_is_printed_once_for_items_that_stand_together():
    text = "".join(tree_of(composed(fragments_of(bank()))).itertext())

    assert text.count("Read the following passage") == 1
