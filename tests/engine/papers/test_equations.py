"""Every construct of Office MathML has its LaTeX."""

import pytest
from lxml import etree

from tests.engine.papers.word import fraction, mr
from thucchat.engine.papers.equations import latex
from thucchat.engine.papers.reading.names import MATH, WORD


def converted(inside):
    return latex(etree.fromstring(f'<m:oMath xmlns:m="{MATH}" xmlns:w="{WORD}">{inside}</m:oMath>'))


def e(text, name="e"):
    return f"<m:{name}>{mr(text)}</m:{name}>"


def properties(name, **values):
    return (
        f"<m:{name}Pr>"
        + "".join(f'<m:{each} m:val="{value}"/>' for each, value in values.items())
        + f"</m:{name}Pr>"
    )


def nary(sign, below, above, inside, **values):
    shown = properties("nary", chr=sign, **values)
    return f"<m:nary>{shown}{e(below, 'sub')}{e(above, 'sup')}{e(inside)}</m:nary>"


def array(*rows):
    return f"<m:eqArr>{''.join(map(e, rows))}</m:eqArr>"


def matrix(*rows):
    return "<m:m>" + "".join("<m:mr>" + "".join(map(e, row)) + "</m:mr>" for row in rows) + "</m:m>"


CASES = {
    "a fraction": (fraction("a+1", "b"), r"\frac{a+1}{b}"),
    "a fraction on one line": (
        f"<m:f>{properties('f', type='lin')}{e('a', 'num')}{e('bc', 'den')}</m:f>",
        "a/{bc}",
    ),
    "a square root": (f"<m:rad>{properties('rad', degHide='1')}<m:deg/>{e('x')}</m:rad>", r"\sqrt{x}"),
    "a cube root": (f"<m:rad>{e('3', 'deg')}{e('x')}</m:rad>", r"\sqrt[3]{x}"),
    "a power": (f"<m:sSup>{e('x')}{e('2', 'sup')}</m:sSup>", "x^{2}"),
    "a prime": (f"<m:sSup>{e('f')}{e('′', 'sup')}</m:sSup>", "f'"),
    "an index": (f"<m:sSub>{e('u')}{e('n+1', 'sub')}</m:sSub>", "u_{n+1}"),
    "both": (f"<m:sSubSup>{e('C')}{e('n', 'sub')}{e('k', 'sup')}</m:sSubSup>", "C_{n}^{k}"),
    "scripts before": (f"<m:sPre>{e('Z', 'sub')}{e('A', 'sup')}{e('X')}</m:sPre>", "{}_{Z}^{A}X"),
    "a power of a group": (f"<m:sSup><m:e>{mr('a+b')}</m:e>{e('2', 'sup')}</m:sSup>", "{a+b}^{2}"),
    "an integral": (nary("∫", "0", "1", "xdx"), r"\int_{0}^{1}{xdx}"),
    "an integral without limits": (nary("∫", "", "", "x", subHide="1", supHide="1"), r"\int{x}"),
    "a sum": (nary("∑", "i=1", "n", "i"), r"\sum_{i=1}^{n}{i}"),
    "brackets": (f"<m:d>{e('x')}</m:d>", r"\left( x \right)"),
    "an interval": (
        f"<m:d>{properties('d', begChr='[', endChr=')', sepChr=';')}{e('a')}{e('b')}</m:d>",
        r"\left[ a;b \right)",
    ),
    "an absolute value": (
        f"<m:d>{properties('d', begChr='|', endChr='|')}{e('z')}</m:d>",
        r"\left| z \right|",
    ),
    "a binomial": (
        f"<m:d><m:e><m:f>{properties('f', type='noBar')}{e('n', 'num')}{e('k', 'den')}</m:f></m:e></m:d>",
        r"\binom{n}{k}",
    ),
    "a matrix": (matrix(["a", "b"], ["c", "d"]), r"\begin{matrix} a & b \\ c & d \end{matrix}"),
    "a matrix in brackets": (
        f"<m:d><m:e>{matrix(['1', '0'])}</m:e></m:d>",
        r"\begin{pmatrix} 1 & 0 \end{pmatrix}",
    ),
    "a system": (
        f"<m:d>{properties('d', begChr='{', endChr='')}<m:e>{array('x=1', 'y&=2')}</m:e></m:d>",
        r"\begin{cases} x=1 \\ y=2 \end{cases}",
    ),
    "equations": (f"<m:eqArr>{e('x=1')}{e('y=2')}</m:eqArr>", r"\begin{array}{l} x=1 \\ y=2 \end{array}"),
    "a sine": (f"<m:func>{e('sin', 'fName')}{e('x')}</m:func>", r"\sin x"),
    "a logarithm": (
        f"<m:func><m:fName><m:sSub>{e('log')}{e('2', 'sub')}</m:sSub></m:fName>{e('x')}</m:func>",
        r"\log_{2} x",
    ),
    "a limit": (
        f"<m:func><m:fName><m:limLow>{e('lim')}{e('x→0', 'lim')}</m:limLow></m:fName>{e('x')}</m:func>",
        r"\lim_{x\rightarrow 0} x",
    ),
    "a vector of one letter": (f"<m:acc>{properties('acc', chr='⃗')}{e('a')}</m:acc>", r"\vec{a}"),
    "a vector of two points": (
        f"<m:acc>{properties('acc', chr='⃗')}{e('AB')}</m:acc>",
        r"\overrightarrow{AB}",
    ),
    "a hat": (f"<m:acc>{e('A')}</m:acc>", r"\widehat{A}"),
    "a bar above": (f"<m:bar>{properties('bar', pos='top')}{e('z')}</m:bar>", r"\overline{z}"),
    "a bar below": (f"<m:bar>{e('z')}</m:bar>", r"\underline{z}"),
    "an arrow over a group": (
        f"<m:groupChr>{properties('groupChr', chr='→', pos='top')}{e('AB')}</m:groupChr>",
        r"\overrightarrow{AB}",
    ),
    "a brace under a group": (
        f"<m:limLow><m:e><m:groupChr>{e('a+b')}</m:groupChr></m:e>{e('n', 'lim')}</m:limLow>",
        r"\underbrace{a+b}_{n}",
    ),
    "a frame": (f"<m:borderBox>{e('x')}</m:borderBox>", r"\boxed{x}"),
    "a box": (f"<m:box>{e('x')}</m:box>", "x"),
    "a hidden part": (f"<m:phant>{properties('phant', show='0')}{e('x')}</m:phant>", r"\phantom{x}"),
    "Greek letters": (mr("α+Δ≤∞"), r"\alpha +\Delta \leq \infty"),
    "number sets": (mr("x∈ℝ"), r"x\in \mathbb{R}"),
    "words": (mr("khi", '<m:rPr><m:nor/></m:rPr>'), r"\text{khi}"),
    "Vietnamese words": (mr("nếu chẵn"), r"\text{nếu chẵn}"),
    "upright units": (mr("cm", '<m:rPr><m:sty m:val="p"/></m:rPr>'), r"\mathrm{cm}"),
    "bold": (mr("v", '<m:rPr><m:sty m:val="b"/></m:rPr>'), r"\mathbf{v}"),
    "script letters": (mr("L", '<m:rPr><m:scr m:val="script"/></m:rPr>'), r"\mathcal{L}"),
    "letters of the mathematical block": (mr("𝑥+𝐀"), r"x+\mathbf{A}"),
    "signs that LaTeX reserves": (mr("5%"), r"5\%"),
    "an element nobody knows": ("<m:strange>" + e("x") + "</m:strange>", "x"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_omml_becomes_latex(name):
    omml, expected = CASES[name]

    assert converted(omml) == expected
