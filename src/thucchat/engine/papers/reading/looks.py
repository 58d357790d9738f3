"""How a run of text looks: the marks by which authors point at a key, resolved through the styles."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from thucchat.engine.papers.reading.names import PPR, RPR, VAL, Element, is_on, w

NO_COLOUR = {"auto", "000000", "", "none", "nil", "clear", "FFFFFF", "ffffff"}
FONT_SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")
DARK_TEXT = {"text1", "dark1", "tx1", "dk1"}
Reader: TypeAlias = Callable[[Element], tuple[str, object]]  # gives a field of Look and its value


class Look(NamedTuple):
    """What the reader can see of one run."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str = ""  # RRGGBB; empty is automatic or black
    marker: str = ""  # highlight or shading; empty is none
    level: str = ""  # superscript, subscript, or empty
    hidden: bool = False
    font: str = ""


PLAIN_LOOK = Look()


class Styles:
    """The styles part, answering for a paragraph or a run what its style says."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._seen: dict[str, Look] = {}
        self._default_paragraph = ""
        for style in root.iter(w("style")) if root is not None else ():
            name = style.get(w("styleId"), "")
            self._styles[name] = style
            if style.get(w("type")) == "paragraph" and style.get(w("default")) in {"1", "true"}:
                self._default_paragraph = name

    def of_paragraph(self, paragraph: Element) -> Look:
        """What the paragraph's style gives to its runs."""
        style = paragraph.find(f"{PPR}/{w('pStyle')}")
        return self._of_style(style.get(VAL, "") if style is not None else self._default_paragraph, 0)

    def of_properties(self, properties: Element | None, base: Look) -> Look:
        """`base` changed by the character style and the direct formatting in a `w:rPr`."""
        if properties is None:
            return base
        style = properties.find(w("rStyle"))
        if style is not None:
            base = _over(base, self._of_style(style.get(VAL, ""), 0))
        return _apply(base, properties)

    def numbering_of(self, paragraph: Element) -> Element | None:
        """The `w:numPr` that a paragraph's style gives it, nearest style first."""
        style = paragraph.find(f"{PPR}/{w('pStyle')}")
        name = style.get(VAL, "") if style is not None else self._default_paragraph
        for _ in range(20):  # a style may name itself as its base
            element = self._styles.get(name)
            if element is None:
                return None
            found = element.find(f"{PPR}/{w('numPr')}")
            if found is not None:
                return found
            base = element.find(w("basedOn"))
            name = base.get(VAL, "") if base is not None else ""
        return None

    def _of_style(self, name: str, depth: int) -> Look:
        if name in self._seen:
            return self._seen[name]
        element = self._styles.get(name)
        if element is None or depth > 20:
            return PLAIN_LOOK
        base = element.find(w("basedOn"))
        look = self._of_style(base.get(VAL, ""), depth + 1) if base is not None else PLAIN_LOOK
        properties = element.find(RPR)
        self._seen[name] = _apply(look, properties) if properties is not None else look
        return self._seen[name]


def _over(base: Look, style: Look) -> Look:
    """A character style adds to what the paragraph style gave."""
    return base._replace(**{name: value for name, value in style._asdict().items() if value})


def _apply(base: Look, properties: Element) -> Look:
    changes: dict[str, object] = {}
    for child in properties:
        reader = READERS.get(child.tag)
        if reader:
            field, value = reader(child)
            if value is not None:
                changes[field] = value
    return base._replace(**changes) if changes else base  # type: ignore[arg-type]  # fields come from READERS


def _toggle(field: str) -> Reader:
    return lambda child: (field, is_on(child))


def _underline(child: Element) -> tuple[str, object]:
    return "underline", child.get(VAL, "single") not in {"none", "0"}


def _colour(child: Element) -> tuple[str, object]:
    value = child.get(VAL, "")
    dark = value in NO_COLOUR or child.get(w("themeColor"), "") in DARK_TEXT
    return "colour", "" if dark else value.upper()


def _marker(child: Element) -> tuple[str, object]:
    value = child.get(VAL, "")
    return "marker", "" if value in {"none", "white"} else value


def _shading(child: Element) -> tuple[str, object]:
    fill = child.get(w("fill"), "")
    return "marker", None if fill in NO_COLOUR else fill


def _level(child: Element) -> tuple[str, object]:
    value = child.get(VAL, "")
    return "level", "" if value == "baseline" else value


def _font(child: Element) -> tuple[str, object]:
    named = (child.get(w(slot)) for slot in FONT_SLOTS)
    return "font", next((name for name in named if name), None)


READERS: Mapping[str, Reader] = {
    w("b"): _toggle("bold"),
    w("i"): _toggle("italic"),
    w("strike"): _toggle("strike"),
    w("dstrike"): _toggle("strike"),
    w("vanish"): _toggle("hidden"),
    w("u"): _underline,
    w("color"): _colour,
    w("highlight"): _marker,
    w("shd"): _shading,
    w("vertAlign"): _level,
    w("rFonts"): _font,
}
