"""Names of QTI. Items are built and read under the bare names of 2.2; each version has its spelling of them.

QTI 3.0 writes `qti-choice-interaction max-choices` where 2.2 has `choiceInteraction maxChoices`; the names of
HTML stay. A file is brought to the bare names in place, so every element keeps its line.
Source: 1EdTech QTI 2.2 and 3.0, information models and bindings.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.reading.names import Element, local

Version = Literal["2.2", "3.0"]
TOOL = "Thực Chất"
MATHML = "http://www.w3.org/1998/Math/MathML"
SCHEMA_PLACE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
FAMILY = re.compile(r"imsglobal\.org/(?:xsd|spec)/.*?(?:qti|QTI).*?v(\d)p(\d)")
XHTML = re.compile(r"^http://www\.w3\.org/1999/xhtml$|html5")
HTML_NAMES = (
    "a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup dd dfn div dl "
    "dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img kbd label li main nav object ol p pre "
    "param q rp rt ruby samp section small source span strong sub sup table tbody td tfoot th thead tr track "
    "tt u ul var video"
)
HTML = frozenset(HTML_NAMES.split())
HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")
DASH = re.compile(r"-([a-z])")
ROOTS = ("assessmentItem", "assessmentTest", "assessmentStimulus", "assessmentSection")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between the versions when a package is written."""

    version: Version
    namespace: str
    manifest: str  # namespace of the manifest
    schema: tuple[str, str]  # name and version of the package format
    kind: str  # pattern of resource types
    template: str  # pattern of the addresses of standard scoring rules


DIALECTS: dict[Version, Dialect] = {
    "2.2": Dialect(
        "2.2",
        "http://www.imsglobal.org/xsd/imsqti_v2p2",
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        ("QTIv2.2 Package", "1.0.0"),
        "imsqti_{}_xmlv2p2",
        "http://www.imsglobal.org/question/qti_v2p2/rptemplates/{}",
    ),
    "3.0": Dialect(
        "3.0",
        "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
        "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
        ("QTI Package", "3.0.0"),
        "imsqti_{}_xmlv3p0",
        "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{}.xml",
    ),
}


def spelled(root: Element, dialect: Dialect) -> bytes:
    """The file of a tree built under bare names."""
    text: bytes = etree.tostring(
        _spelled(root, dialect, None), xml_declaration=True, encoding="UTF-8", pretty_print=False
    )
    return text


def _spelled(element: Element, dialect: Dialect, above: Element | None) -> Element:
    name = element.tag
    foreign = name.startswith("{")
    if not foreign:
        name = f"{{{dialect.namespace}}}{_kebab_name(name) if dialect.version == '3.0' else name}"
    spaces: Any = {None: name[1:].partition("}")[0]}
    made = etree.Element(name, nsmap=spaces) if above is None else etree.SubElement(above, name, nsmap=spaces)
    for attribute, value in element.attrib.items():
        kebab = dialect.version == "3.0" and not foreign and not attribute.startswith("{")
        made.set(_kebab(attribute) if kebab else attribute, value)
    made.text, made.tail = element.text, element.tail
    for child in element:
        _spelled(child, dialect, made)
    return made


def _kebab(name: str) -> str:
    return HUMP.sub(lambda match: "-" + match[1].lower(), name)


def _kebab_name(name: str) -> str:
    return name if name in HTML else f"qti-{_kebab(name)}"


def normalised(root: Element, name: str) -> Element:
    """The tree of a QTI file with bare names, changed in place.

    Raises:
        InvalidInput: `qti.version` for the first generation of QTI, `qti.unknown` when it is no QTI.
    """
    if local(root) in {"questestinterop", "quiz"}:
        raise InvalidInput(
            "qti.version",
            f"“{name}” là QTI 1.x hoặc không phải QTI; chỉ đọc QTI 2.1, 2.2, 3.0: hãy xuất lại bản mới hơn.",
        )
    for element in root.iter(etree.Element):
        _bare(element)
    if root.tag not in ROOTS:
        raise InvalidInput(
            "qti.unknown", f"“{name}” có gốc “{local(root)}”, không phải là tệp QTI 2.x hay 3.0."
        )
    return root


def _bare(element: Element) -> None:
    space, _, name = element.tag[1:].rpartition("}") if element.tag.startswith("{") else ("", "", element.tag)
    family = FAMILY.search(space)
    if space and not family and not XHTML.search(space):
        return
    if name.startswith("qti-") and name == name.lower():
        element.tag = _camel(name.removeprefix("qti-"))
        for attribute in [
            each for each in element.attrib if "-" in each and not each.startswith(("{", "data-"))
        ]:
            element.set(_camel(attribute), element.attrib.pop(attribute))
    elif not (family and family[1] == "3" and name not in HTML):
        element.tag = name


def _camel(name: str) -> str:
    return DASH.sub(lambda match: match[1].upper(), name)
