"""Cuts change runs, never what is printed."""

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.papers.word import fraction, omath, p, r
from thucchat.engine.papers.reading.sources import open_source
from thucchat.engine.papers.writing.cutting import cut_at, remove_stretch
from thucchat.engine.papers.writing.new_file import new_file

BODY = p(r("Câu 1.", "b"), r(" Tính\ttổng\nsau ", "i"), omath(fraction("1", "2")), "?") + p(
    r("VNI: ñaây", font="VNI-Times"), " hết"
)


def printed(source):
    return "".join(
        node.text or "\t" for node in source.body.iter() if node.tag.endswith(("}t", "}tab", "}br"))
    )


@given(st.lists(st.integers(0, 45), max_size=12))
def test_cutting_anywhere_leaves_the_text_as_it_was(places):
    source = open_source(new_file(BODY))
    before = printed(source)

    cut_at(source.flow, [place for place in places if place <= len(source.flow.text)])

    assert printed(source) == before
    for piece in source.flow.pieces:
        assert piece.run is None or piece.run.getparent() is piece.paragraph


@given(st.integers(0, 20), st.integers(0, 20))
def test_only_the_stretch_is_removed(one, other):
    start, end = sorted((one, other))
    source = open_source(new_file(p(r("abcdefg", "b"), r("hijklmn"), r("opqrstu"))))

    remove_stretch(source.flow, start, end)

    assert printed(source) == "abcdefghijklmnopqrstu"[:start] + "abcdefghijklmnopqrstu"[end:]
