from lxml import etree

from thucchat.engine.papers.writing.formulas import page_formulas


def test_formulas_become_mathml_without_their_latex():
    drawn = page_formulas([r"\frac{x}{2}", r"a<b", r"\frac{x}{2}"])

    assert list(drawn) == [r"\frac{x}{2}", "a<b"]
    for mathml in drawn.values():
        root = etree.fromstring(mathml)
        assert etree.QName(root).localname == "math"
        assert not [node for node in root.iter() if etree.QName(node).localname == "annotation"]
    assert "mfrac" in drawn[r"\frac{x}{2}"]


def test_what_pandoc_does_not_understand_is_left_to_the_page():
    assert page_formulas([r"\unknown{", "x"])[r"\unknown{"] is None
    assert page_formulas([]) == {}
