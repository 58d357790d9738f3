"""Names of the OOXML elements and attributes that papers use, in lxml's `{namespace}name` form."""

from typing import Any, Final, TypeAlias

# lxml's stubs know no type that both an element and its proxies share.
Element: TypeAlias = Any

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PACKAGE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "urn:schemas-microsoft-com:office:office"
VML = "urn:schemas-microsoft-com:vml"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

SPACES: Final = {"w": WORD, "m": MATH, "r": RELATION, "mc": COMPATIBLE, "a": DRAWING, "o": OFFICE, "v": VML}


def w(name: str) -> str:
    """A name of WordprocessingML."""
    return f"{{{WORD}}}{name}"


def m(name: str) -> str:
    """A name of Office MathML."""
    return f"{{{MATH}}}{name}"


def local(element: Element) -> str:
    """The name without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_on(element: Element | None) -> bool:
    """Whether a toggle such as `w:b` is there and not switched off."""
    return element is not None and element.get(w("val"), "1") not in {"0", "false", "off", "none"}


def whole(text: str | None, default: int) -> int:
    """A number written in an attribute; `default` where it is missing or no whole number."""
    try:
        return int(text) if text else default
    except ValueError:
        return default


P, R, T, TBL, TR, TC = w("p"), w("r"), w("t"), w("tbl"), w("tr"), w("tc")
PPR, RPR, VAL, SECT = w("pPr"), w("rPr"), w("val"), w("sectPr")
OMATH, OMATH_PARA = m("oMath"), m("oMathPara")
TEXT_BOX = w("txbxContent")
ALTERNATE, CHOICE, FALLBACK = (
    f"{{{COMPATIBLE}}}{name}" for name in ("AlternateContent", "Choice", "Fallback")
)
