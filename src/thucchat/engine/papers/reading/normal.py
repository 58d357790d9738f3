"""The document tree in one plain form: tracked changes accepted, wrappers and remarks gone, boxes once.

What is printed stays as it is; only what Word keeps for editing goes.
"""

from thucchat.engine.papers.reading.names import ALTERNATE, CHOICE, FALLBACK, TEXT_BOX, Element, w

GONE = [
    w(name)
    for name in (
        "del", "moveFrom", "proofErr", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd",
        "commentReference", "annotationRef", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
        "moveToRangeEnd", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tcPrChange", "trPrChange",
        "tblGridChange", "numberingChange", "tblPrExChange",
    )
]  # fmt: skip
OPENED = [w(name) for name in ("ins", "moveTo", "smartTag", "customXml", "hyperlink")]
DELETED_MARK = f"{w('rPr')}/{w('del')}"


def normalise(body: Element) -> None:
    """Change `body` in place into the plain form."""
    _one_of_each_alternate(body)
    for element in list(body.iter(w("sdt"))):
        _open_control(element)
    for element in list(body.iter(*OPENED)):
        if element.tag != w("ins") or element.getparent().tag not in {w("rPr"), w("trPr")}:
            replace_by_children(element)
    for element in list(body.iter(*GONE)):
        drop(element)


def _one_of_each_alternate(body: Element) -> None:
    """A text box is written twice, for new and for old Word: keep the first, or its text counts twice."""
    for alternate in list(body.iter(ALTERNATE)):
        if next(alternate.iter(TEXT_BOX), None) is None or alternate.find(CHOICE) is None:
            continue
        for old in alternate.findall(FALLBACK):
            alternate.remove(old)


def _open_control(element: Element) -> None:
    content = element.find(w("sdtContent"))
    if element.getparent() is None:
        return
    for name in ("sdtPr", "sdtEndPr"):
        for found in element.findall(w(name)):
            element.remove(found)
    if content is not None:
        replace_by_children(content)
    replace_by_children(element)


def replace_by_children(element: Element) -> None:
    """Take the element away and leave what it holds in its place."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    properties = {w("customXmlPr"), w("smartTagPr")}
    children = [child for child in element if child.tag not in properties]
    parent[place : place + 1] = children


def drop(element: Element) -> None:
    """Take the element away with all it holds."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
