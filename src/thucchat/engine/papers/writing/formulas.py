"""LaTeX formulas as Typst, as Word's own equations, or as MathML and back: one call of pandoc for many."""

import copy
import json
import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

import pypandoc  # type: ignore[import-untyped]  # ships no types
from lxml import etree

from thucchat.engine.errors import NoResult
from thucchat.engine.papers.reading.names import OMATH, Element, P, local
from thucchat.engine.papers.reading.package import open_package, parse_xml

TIMEOUT = 60  # seconds for all formulas of a job; a paper takes less than one
AST_VERSION = [1, 23]
MATHML = "{http://www.w3.org/1998/Math/MathML}"
MATH, ANNOTATION = f"{MATHML}math", f"{MATHML}annotation"


def typst_formulas(formulas: Iterable[str]) -> dict[str, str | None]:
    """For each LaTeX formula its Typst, dollar signs included; none where pandoc does not understand it."""
    wanted = list(dict.fromkeys(formulas))
    if not wanted:
        return {}
    written = _pandoc(wanted, "typst").decode().strip().split("\n\n")
    if len(written) != len(wanted):
        return {formula: _alone(formula) for formula in wanted}
    return {formula: _checked(text) for formula, text in zip(wanted, written, strict=True)}


def word_formulas(formulas: Iterable[str]) -> dict[str, Element | None]:
    """For each LaTeX formula its `m:oMath`; none where pandoc does not understand it."""
    wanted = list(dict.fromkeys(formulas))
    if not wanted:
        return {}
    package = open_package(_pandoc(wanted, "docx"))
    paragraphs = list(parse_xml(package.parts[package.document], package.document).iter(P))
    return {formula: paragraph.find(OMATH) for formula, paragraph in zip(wanted, paragraphs, strict=False)}


def mathml_formulas(formulas: Iterable[str]) -> dict[str, Element | None]:
    """For each LaTeX formula its MathML, the LaTeX noted inside; none where pandoc does not know it."""
    wanted = list(dict.fromkeys(formulas))
    if not wanted:
        return {}
    written = etree.fromstring(b"<body>" + _pandoc(wanted, "html", "--mathml") + b"</body>")
    found = [paragraph.find(MATH) for paragraph in written]
    return dict(zip(wanted, found, strict=True))


def page_formulas(formulas: Iterable[str]) -> dict[str, str | None]:
    """For each LaTeX formula its MathML as text for a page, without the LaTeX noted inside."""
    return {formula: _bare(found) for formula, found in mathml_formulas(formulas).items()}


def _bare(math: Element | None) -> str | None:
    if math is None:
        return None
    for note in list(math.iter(ANNOTATION)):
        note.getparent().remove(note)
    return etree.tostring(math, encoding="unicode", with_tail=False)


def latex_formulas(formulas: Sequence[Element]) -> list[str | None]:
    """For each MathML element its LaTeX without dollar signs; none where pandoc does not understand it."""
    if not formulas:
        return []
    written = "".join(f"<div>{_without_namespaces(formula)}</div>" for formula in formulas)
    blocks = json.loads(_run(written.encode(), "-f", "html", "-t", "json"))["blocks"]
    return [_latex_in(block) for block in blocks] if len(blocks) == len(formulas) else [None] * len(formulas)


def _without_namespaces(formula: Element) -> str:
    # pandoc knows a formula by its bare name, whatever namespaces its file declares.
    bare = copy.deepcopy(formula)
    for element in bare.iter(etree.Element):
        if element.tag.startswith("{"):
            element.tag = local(element)
    etree.cleanup_namespaces(bare)
    return etree.tostring(bare, encoding="unicode", with_tail=False)


def _latex_in(block: dict[str, Any]) -> str | None:
    """The formula of one division of pandoc's tree, when that holds one paragraph with one formula."""
    paragraphs = block["c"][1] if block["t"] == "Div" else []
    if [paragraph["t"] for paragraph in paragraphs] not in (["Para"], ["Plain"]):
        return None
    inside = paragraphs[0]["c"]
    return inside[0]["c"][1].strip() if [part["t"] for part in inside] == ["Math"] else None


def _alone(formula: str) -> str | None:
    return _checked(_pandoc([formula], "typst").decode().strip())


def _checked(text: str) -> str | None:
    single = " ".join(text.split("\n"))
    return single if single.startswith("$") and single.endswith("$") and len(single) > 2 else None


def _pandoc(formulas: Sequence[str], form: str, *options: str) -> bytes:
    blocks = [
        {"t": "Para", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, formula]}]} for formula in formulas
    ]
    tree = {"pandoc-api-version": AST_VERSION, "meta": {}, "blocks": blocks}
    return _run(json.dumps(tree).encode(), "-f", "json", "-t", form, "--wrap=none", *options)


def _run(text: bytes, *options: str) -> bytes:
    command = [pypandoc.get_pandoc_path(), "--sandbox", *options, "-o", "-"]
    try:
        done = subprocess.run(command, input=text, capture_output=True, check=True, timeout=TIMEOUT)
    except (OSError, subprocess.SubprocessError) as error:
        raise NoResult("formulas.pandoc", "Không chuyển được công thức: pandoc không chạy.") from error
    return done.stdout
