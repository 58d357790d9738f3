"""Mark-up as text: lines, cells, lists, scripts, pictures and what cannot be shown."""

import pytest

from thucchat.engine.papers.interchange.formulas_in import settle_formulas, typed_formulas
from thucchat.engine.papers.interchange.markup import auto_root, html_root, plain_root, plain_text, shown


def text(html):
    root = html_root(html)
    settle_formulas([root])
    return shown(root).text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p> <p>b<br>c</p>", "a\nb\nc"),
        ("a &nbsp;&lt; b\n c", "a < b c"),
        ("<table><tr><th>1</th><td><p>2</p></td></tr><tr><td>3<td>4</table>", "1 | 2\n3 | 4"),
        ("<ul><li>x<li>y</ul><ol><li>u<li>v</ol>", "- x\n- y\n1. u\n2. v"),
        ("<pre>a\n b</pre>", "a\nb"),
        ("H<sub>2</sub>O, x<sub>1</sub><sup>2</sup>", "H$_{2}$O, x$_{1}^{2}$"),
        ("x<sup> </sup>y<sup><p>a<p>b</sup>", "x y\na\nb"),
        (
            "<math><mi>x</mi><annotation encoding='application/x-tex'>x</annotation></math><sup>2</sup>",
            "$x^{2}$",
        ),
        ("<script>x</script><style>y</style>z", "z"),
        ("<img data-equation-content='\\frac{1}{2}' src='e.png'>", "$\\frac{1}{2}$"),
        ("", ""),
        ("e\u0302\u0301 \x00\x07", "ế"),
    ],
)
def test_html_becomes_the_text_of_a_paper(html, expected):
    assert text(html) == expected


def test_a_picture_stands_for_a_text_that_has_nothing_else():
    found = shown(html_root("<p><img src='a.png'><object data='b.gif' type='image/gif'></object></p>"))

    assert (found.text, found.images) == ("[hình]", ("a.png", "b.gif"))


def test_a_picture_written_into_the_page_is_named_by_its_kind():
    assert shown(html_root("a<img src='data:image/png;base64,aGk='>")).images == ("data:image/png",)


def test_what_text_cannot_carry_is_named_once():
    assert shown(html_root("a<video>x</video><audio></audio><video></video>b")).strange == ("video", "audio")


def test_a_broken_formula_keeps_its_text():
    root = html_root("a <math><mi=b<>c</math>")
    settle_formulas([root])

    assert shown(root).text == "a c"


def test_deep_nesting_is_no_danger():
    assert shown(html_root("<div>" * 200 + "x")).text == "x"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("\\(x\\) và \\[y\n+1\\] và $$ z $$", "$x$ và $y +1$ và $z$"),
        ("$$\\text{5\\$}$$", "$\\text{5\\textdollar }$"),
        ("\\(a \\(x\\) \\[a\\\\(b)\\]", "\\(a $x$ $a\\\\(b)$"),
        ("giá 5$ hay $x$", "giá 5$ hay $x$"),
    ],
)
def test_typed_tex_stands_between_single_dollar_signs(typed, expected):
    assert typed_formulas(typed) == expected


def test_text_is_taken_for_html_only_when_it_has_some():
    assert shown(auto_root("a < b & c > d\ne")).text == "a < b & c > d\ne"
    assert shown(auto_root("a<br>b &amp; c\nd")).text == "a\nb & c d"
    assert shown(plain_root("<b>a</b>\nb")).text == "<b>a</b>\nb"
    assert plain_text(" a \n\n b ") == "a\nb"
