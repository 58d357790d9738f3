"""Office MathML (OMML) as LaTeX, without the dollar signs around it.

Every construct of the OMML schema has a rule; an unknown element gives the LaTeX of what it holds, so no
symbol is lost. The conversion is for reading and print; Word to Word keeps the original XML.
Source: ECMA-376 part 1, section 22.1.
"""

import re
from collections.abc import Callable

from thucchat.engine.papers.latex_symbols import (
    ACCENTS,
    COMMANDS,
    DELIMITERS,
    FUNCTIONS,
    GROUP_SIGNS,
    SCRIPTS,
    character,
)
from thucchat.engine.papers.reading.names import Element, local, m, w

NARY_DEFAULT = "∫"
MATRIX_OF = {("(", ")"): "pmatrix", ("[", "]"): "bmatrix", ("|", "|"): "vmatrix", ("‖", "‖"): "Vmatrix"}
WIDE_INTEGRALS = frozenset("∫∬∭∮∯∰")
LETTER_AFTER_COMMAND = re.compile(r"(\\[A-Za-z]+) +(?=[^A-Za-z]|$)")
BLANKS = re.compile(r" {2,}")
TEXT_WORD = re.compile(r"[^\W\d_]{2,}")


def latex(element: Element) -> str:
    """The formula `element` (an `m:oMath`, `m:oMathPara` or any part of one) as LaTeX."""
    text = BLANKS.sub(" ", _any(element))
    return LETTER_AFTER_COMMAND.sub(_keep_needed_blank, text).strip()


def _keep_needed_blank(match: re.Match[str]) -> str:
    # A blank stays before a sign only where it reads better; braces and scripts follow at once.
    following = match.string[match.end() : match.end() + 1]
    return match[1] if following in set("{}^_&)") | {""} else match[1] + " "


def _any(element: Element) -> str:
    if element.tag == w("r"):
        return _symbols("".join(node.text or "" for node in element.iter(w("t"))))
    rule = RULES.get(local(element))
    return rule(element) if rule else _children(element)


def _children(element: Element) -> str:
    return "".join(_any(child) for child in element if not local(child).endswith("Pr"))


def _part(element: Element, name: str) -> str:
    child = element.find(m(name))
    return "" if child is None else _children(child).strip()


def _property(element: Element, name: str, default: str) -> str:
    """Value of a property of the construct; `default` where it is not written at all."""
    found = element.find(f"{m(local(element) + 'Pr')}/{m(name)}")
    if found is None:
        return default
    value: str = found.get(m("val"), "")
    return value


def _switched(element: Element, name: str) -> bool:
    found = element.find(f"{m(local(element) + 'Pr')}/{m(name)}")
    return found is not None and found.get(m("val"), "1") not in {"0", "off", "false"}


def _run(element: Element) -> str:
    text = "".join(node.text or "" for node in element.iter(m("t"), w("t")))
    properties = element.find(m("rPr"))
    if properties is not None and properties.find(m("nor")) is not None:
        return _normal_text(text)
    script = properties.find(m("scr")) if properties is not None else None
    style = properties.find(m("sty")) if properties is not None else None
    if script is not None and script.get(m("val")) in SCRIPTS:
        return f"\\{SCRIPTS[script.get(m('val'))]}{{{_symbols(text)}}}"
    kind = style.get(m("val")) if style is not None else "i"
    if kind == "b" or (kind == "bi" and text.strip()):
        return f"\\mathbf{{{_symbols(text).strip()}}}"
    return _upright(text) if kind == "p" else _symbols(text)


def _normal_text(text: str) -> str:
    if not TEXT_WORD.search(text):
        return _symbols(text)
    # Two dollar signs or braces inside text would end it early.
    safe = "".join("\\" + sign if sign in "%#&$_{}" else sign for sign in text)
    return f"\\text{{{safe}}}"


def _upright(text: str) -> str:
    bare = text.strip()
    if bare in FUNCTIONS:
        return f"\\{bare} "
    if len(bare) > 1 and bare.isalpha() and bare.isascii():
        return f"\\mathrm{{{bare}}}"
    return _symbols(text)


def _symbols(text: str) -> str:
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if not word.isascii()]
    if any(any("À" <= sign <= "ỹ" for sign in word) for word in words):
        return _normal_text(text)
    return "".join(map(character, text))


def _fraction(element: Element) -> str:
    above, below = _part(element, "num"), _part(element, "den")
    kind = _property(element, "type", "bar")
    if kind in {"lin", "skw"}:
        return f"{_braced(above)}/{_braced(below)}"
    return (
        f"\\begin{{matrix}} {above} \\\\ {below} \\end{{matrix}}"
        if kind == "noBar"
        else f"\\frac{{{above}}}{{{below}}}"
    )


def _braced(text: str) -> str:
    return text if len(text) <= 1 or text.isdigit() else f"{{{text}}}"


def _radical(element: Element) -> str:
    degree = "" if _switched(element, "degHide") else _part(element, "deg")
    return f"\\sqrt[{degree}]{{{_part(element, 'e')}}}" if degree else f"\\sqrt{{{_part(element, 'e')}}}"


def _base(element: Element) -> str:
    """What a script hangs on: one letter, one command or one closed group needs no braces."""
    text = _part(element, "e")
    simple = len(text) == 1 or re.fullmatch(
        r"\\[A-Za-z]+|\\(?:mathbb|mathbf|mathrm|text|vec)\{[^{}]*\}", text
    )
    return text if simple or not text or text.startswith("\\left") or text.isalnum() else f"{{{text}}}"


def _superscript(element: Element) -> str:
    above = _part(element, "sup")
    if above and set(above) == {"'"}:
        return f"{_base(element)}{above}"
    return f"{_base(element)}^{{{above}}}"


def _subscript(element: Element) -> str:
    return f"{_base(element)}_{{{_part(element, 'sub')}}}"


def _both_scripts(element: Element) -> str:
    return f"{_base(element)}_{{{_part(element, 'sub')}}}^{{{_part(element, 'sup')}}}"


def _scripts_before(element: Element) -> str:
    return f"{{}}_{{{_part(element, 'sub')}}}^{{{_part(element, 'sup')}}}{_base(element)}"


def _nary(element: Element) -> str:
    sign = _property(element, "chr", NARY_DEFAULT) or NARY_DEFAULT
    command = f"\\{COMMANDS[sign]}" if sign in COMMANDS else sign
    # Limits of integrals stand beside the sign, those of sums above and below: LaTeX's own habit.
    place = _property(element, "limLoc", "subSup" if sign in WIDE_INTEGRALS else "undOvr")
    beside = "\\limits" if sign in WIDE_INTEGRALS and place == "undOvr" else ""
    below = "" if _switched(element, "subHide") else _part(element, "sub")
    above = "" if _switched(element, "supHide") else _part(element, "sup")
    limits = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return f"{command}{beside}{limits}{{{_part(element, 'e')}}}"


def _delimited(element: Element) -> str:
    begin, end = _property(element, "begChr", "("), _property(element, "endChr", ")")
    parts = element.findall(m("e"))
    inside = [child for part in parts for child in part if not local(child).endswith("Pr")]
    if len(inside) == 1 and local(inside[0]) == "m" and (begin, end) in MATRIX_OF:
        return _matrix(inside[0], MATRIX_OF[begin, end])
    if len(inside) == 1 and local(inside[0]) in {"eqArr", "m"} and (begin, end) == ("{", ""):
        return _cases(inside[0])
    if len(inside) == 1 and _is_stack(inside[0]) and (begin, end) == ("(", ")"):
        fraction = inside[0]
        return f"\\binom{{{_part(fraction, 'num')}}}{{{_part(fraction, 'den')}}}"
    separator = _property(element, "sepChr", "|")
    middle = (
        f" \\middle{DELIMITERS.get(separator, separator)} " if separator in "|∣‖/" else character(separator)
    )
    content = middle.join(_children(part).strip() for part in parts)
    return f"\\left{_delimiter(begin)} {content} \\right{_delimiter(end)}"


def _is_stack(element: Element) -> bool:
    return local(element) == "f" and _property(element, "type", "bar") == "noBar"


def _delimiter(sign: str) -> str:
    return DELIMITERS.get(sign, sign)


def _rows(element: Element) -> list[list[str]]:
    if local(element) == "eqArr":
        return [[_children(row).strip()] for row in element.findall(m("e"))]
    return [[_children(cell).strip() for cell in row.findall(m("e"))] for row in element.findall(m("mr"))]


def _table(rows: list[list[str]]) -> str:
    return " \\\\ ".join(" & ".join(row) for row in rows)


def _matrix(element: Element, environment: str = "matrix") -> str:
    return f"\\begin{{{environment}}} {_table(_rows(element))} \\end{{{environment}}}"


def _cases(element: Element) -> str:
    # In an array of equations a bare & aligns; in cases it would open a second column.
    rows = [
        [cell.replace("\\&", "") if local(element) == "eqArr" else cell for cell in row]
        for row in _rows(element)
    ]
    return f"\\begin{{cases}} {_table(rows)} \\end{{cases}}"


def _equations(element: Element) -> str:
    rows = [[cell.replace("\\&", "") for cell in row] for row in _rows(element)]
    return f"\\begin{{array}}{{l}} {_table(rows)} \\end{{array}}"


def _function(element: Element) -> str:
    name = _part(element, "fName")
    match = re.fullmatch(r"(?:\\mathrm\{(\w+)\}|(\w+))((?:[_^].*)?)", name, re.DOTALL)
    plain = (match[1] or match[2]) if match else None
    if match and plain in FUNCTIONS:
        name = f"\\{plain}{match[3]}"
    elif match and plain:
        name = f"\\operatorname{{{plain}}}{match[3]}"
    else:
        name = re.sub(r"^(?:\\mathrm\{(\w+)\}|(\w+))", _known_function, name)
    argument = _part(element, "e")
    return (
        f"{name} {argument}"
        if re.fullmatch(r"\\?\w+|\\left\(.*", argument, re.DOTALL)
        else f"{name}{{{argument}}}"
    )


def _known_function(match: re.Match[str]) -> str:
    plain = match[1] or match[2]
    return f"\\{plain}" if plain in FUNCTIONS else match[0]


def _accent(element: Element) -> str:
    sign = _property(element, "chr", "\u0302")
    inner = _part(element, "e")
    command = ACCENTS.get(sign)
    if command is None:
        return f"\\overset{{{character(sign) if len(sign) == 1 else sign}}}{{{inner}}}"
    wide = {"vec": "overrightarrow", "bar": "overline"}
    many = len(re.sub(r"\\[A-Za-z]+|[{}\s_^']", "x", inner).replace("x", "").strip()) > 1
    return f"\\{wide.get(command, command) if many else command}{{{inner}}}"


def _bar(element: Element) -> str:
    command = "overline" if _property(element, "pos", "bot") == "top" else "underline"
    return f"\\{command}{{{_part(element, 'e')}}}"


def _lower_limit(element: Element) -> str:
    base, limit = _part(element, "e"), _part(element, "lim")
    bare = re.sub(r"^\\(?:mathrm\{(\w+)\}|(\w+)\s*)$", r"\1\2", base)
    if bare in FUNCTIONS:
        return f"\\{bare}_{{{limit}}}"
    return f"{base}_{{{limit}}}" if base.startswith("\\underbrace") else f"\\underset{{{limit}}}{{{base}}}"


def _upper_limit(element: Element) -> str:
    base, limit = _part(element, "e"), _part(element, "lim")
    return f"{base}^{{{limit}}}" if base.startswith("\\overbrace") else f"\\overset{{{limit}}}{{{base}}}"


def _group_sign(element: Element) -> str:
    sign, place = _property(element, "chr", "⏟"), _property(element, "pos", "bot")
    inner = _part(element, "e")
    if (sign, place) in GROUP_SIGNS:
        return f"\\{GROUP_SIGNS[sign, place]}{{{inner}}}"
    over = "overset" if place == "top" else "underset"
    # An arrow with words over it (⇒ under a condition) is the sign itself; the group is what stands on it.
    return f"\\{over}{{{character(sign).strip()}}}{{{inner}}}"


def _border_box(element: Element) -> str:
    return f"\\boxed{{{_part(element, 'e')}}}"


def _phantom(element: Element) -> str:
    inner = _part(element, "e")
    shown = _property(element, "show", "1") not in {"0", "off", "false"}
    return inner if shown else f"\\phantom{{{inner}}}"


def _several(element: Element) -> str:
    return " \\\\ ".join(_children(child).strip() for child in element.findall(m("oMath")))


RULES: dict[str, Callable[[Element], str]] = {
    "r": _run, "f": _fraction, "rad": _radical, "sSup": _superscript, "sSub": _subscript,
    "sSubSup": _both_scripts, "sPre": _scripts_before, "nary": _nary, "d": _delimited, "m": _matrix,
    "eqArr": _equations, "func": _function, "acc": _accent, "bar": _bar, "limLow": _lower_limit,
    "limUpp": _upper_limit, "groupChr": _group_sign, "borderBox": _border_box, "phant": _phantom,
    "oMathPara": _several,
}  # fmt: skip
