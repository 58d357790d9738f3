"""LaTeX formulas as Typst, MathML or Word's own equations: one call of pandoc for all of them."""

import json
import subprocess
from collections.abc import Iterable, Sequence

import pypandoc  # type: ignore[import-untyped]  # ships no types
from lxml import etree

from thucchat.engine.errors import NoResult
from thucchat.engine.papers.reading.names import OMATH, Element, P
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


def page_formulas(formulas: Iterable[str]) -> dict[str, str | None]:
    """For each LaTeX formula its MathML, without the LaTeX it came from; none where pandoc cannot read it."""
    wanted = list(dict.fromkeys(formulas))
    if not wanted:
        return {}
    page = etree.fromstring(b"<p>" + _pandoc(wanted, "html", "--mathml") + b"</p>")
    paragraphs = [paragraph.find(MATH) for paragraph in page.findall("p")]
    return {formula: _bare(found) for formula, found in zip(wanted, paragraphs, strict=False)}


def _bare(math: Element | None) -> str | None:
    if math is None:
        return None
    for note in list(math.iter(ANNOTATION)):
        note.getparent().remove(note)
    return etree.tostring(math, encoding="unicode", with_tail=False)


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
    command = [pypandoc.get_pandoc_path(), "--sandbox", "-f", "json", "-t", form, "--wrap=none", *options]
    command += ["-o", "-"]
    try:
        done = subprocess.run(
            command, input=json.dumps(tree).encode(), capture_output=True, check=True, timeout=TIMEOUT
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoResult("formulas.pandoc", "Không chuyển được công thức: pandoc không chạy.") from error
    return done.stdout
