"""Among letters with dots, the chain of options is the one in the firmest places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.papers.reading.options import find_options

WORDS = st.text(alphabet="abcdefgh xyz123", min_size=1, max_size=12).map(str.strip).filter(bool)


def letters(text, **more):
    return [mark.letter for mark in find_options(text, 0, len(text), **more).marks]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x\nA. 1\nB. 2\nC. 3\nD. 4", "ABCD"),
        ("x\nA. 1\tB. 2\tC. 3\tD. 4", "ABCD"),
        ("x A. 1 B. 2 C. 3 D. 4", "ABCD"),
        ("x\nA.1;B.2;C.3;D.4", "ABCD"),
        ("x\nA. 1\tC. 3\nB. 2\tD. 4", "ACBD"),
        ("Điểm A. và B. nằm trên d.\nA. 1\nB. 2\nC. 3\nD. 4", "ABCD"),
        ("x\nA. anh\nC. B. bà A.\nC. ba\nD. tư", "ABCD"),
        ("x\nA. 1\nB. 2\nC. 3", "ABC"),
        ("x\nA. 1. B. 2. C. 3. D 4", "ABCD"),
        ("x\nA/ 1\nB/ 2\nC/ 3\nD/ 4", "ABCD"),
        ("x\n(A) 1 (B) 2 (C) 3 (D) 4", "ABCD"),
        ("x\nA - 1\nB - 2\nC - 3\nD - 4", "ABCD"),
        ("Không có phương án nào ở đây.", ""),
        ("Trường A. Trường khác.", ""),
    ],
)
def test_the_right_marks_are_taken(text, found):
    assert "".join(letters(text)) == found


def test_statements_have_small_letters():
    assert letters("Xét:\na) m\nb) n\nc) p\nd) q", statements=True) == ["a", "b", "c", "d"]


@given(st.lists(WORDS, min_size=4, max_size=4), WORDS, st.sampled_from(["\n", "\t", "   ", "\u2003"]))
def test_four_options_are_found_whatever_stands_between_them(texts, stem, between):
    marked = between.join(f"{letter}. {text}" for letter, text in zip("ABCD", texts, strict=True))
    text = f"{stem}\n{marked}"

    chain = find_options(text, 0, len(text)).marks

    ends = [mark.start for mark in chain[1:]] + [len(text)]
    assert [text[mark.end : end].strip() for mark, end in zip(chain, ends, strict=True)] == texts
