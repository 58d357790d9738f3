"""Characters of mathematics as LaTeX writes them, and the names of functions, accents and operators."""

import unicodedata

GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "varsigma",
    "sigma",
    "tau",
    "upsilon",
    "varphi",
    "chi",
    "psi",
    "omega",
]
CAPITALS = {
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma",
    "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "∆": "Delta", "\u2126": "Omega",
}  # fmt: skip
SIGNS = {
    "ϵ": "epsilon", "ϕ": "phi", "ϑ": "vartheta", "ϖ": "varpi", "ϱ": "varrho", "µ": "mu", "∞": "infty",
    "±": "pm", "∓": "mp", "×": "times", "÷": "div", "·": "cdot", "⋅": "cdot", "∙": "bullet", "∘": "circ",
    "°": "{^\\circ}", "∗": "ast", "⋆": "star", "≤": "leq", "≥": "geq", "⩽": "leqslant", "⩾": "geqslant",
    "≠": "neq", "≈": "approx", "≃": "simeq", "≅": "cong", "≡": "equiv", "∼": "sim", "∝": "propto",
    "≪": "ll", "≫": "gg", "∈": "in", "∉": "notin", "∋": "ni", "⊂": "subset", "⊃": "supset",
    "⊆": "subseteq", "⊇": "supseteq", "⊄": "not\\subset", "∪": "cup", "∩": "cap", "∖": "setminus",
    "∅": "varnothing", "∀": "forall", "∃": "exists", "∄": "nexists", "¬": "neg", "∧": "wedge", "∨": "vee",
    "⊕": "oplus", "⊗": "otimes", "⊥": "perp", "∥": "parallel", "∦": "nparallel", "∠": "angle",
    "∡": "measuredangle", "△": "triangle", "□": "square", "∂": "partial", "∇": "nabla", "ℓ": "ell",
    "ℏ": "hbar", "ℜ": "Re", "ℑ": "Im", "ℵ": "aleph", "′": "'", "″": "''", "‴": "'''", "…": "ldots",
    "⋯": "cdots", "⋮": "vdots", "⋱": "ddots", "→": "rightarrow", "←": "leftarrow", "↔": "leftrightarrow",
    "⇒": "Rightarrow", "⇐": "Leftarrow", "⇔": "Leftrightarrow", "↑": "uparrow", "↓": "downarrow",
    "↦": "mapsto", "⟶": "longrightarrow", "⟹": "Longrightarrow", "⟺": "Longleftrightarrow",
    "⌢": "frown", "⌣": "smile",
    "⇌": "rightleftharpoons", "⇄": "rightleftarrows", "∴": "therefore", "∵": "because", "∣": "mid",
    "‖": "|", "∫": "int", "∬": "iint", "∭": "iiint", "∮": "oint", "∑": "sum", "∏": "prod", "∐": "coprod",
    "⋃": "bigcup", "⋂": "bigcap", "⋁": "bigvee", "⋀": "bigwedge", "√": "surd", "⟨": "langle",
    "⟩": "rangle", "〈": "langle", "〉": "rangle", "⌊": "lfloor", "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil",
    "\u2009": ",", "\u2003": "quad", "\u2002": "enspace", "\u2005": ":", "\u2004": ";",
}  # fmt: skip
PLAIN = {"−": "-", "–": "-", "‐": "-", "\u00a0": "~", "\u200b": "", "\u2061": "", "\u2062": "", "\u2063": ""}
PLAIN |= {"′": "'", "″": "''", "‴": "'''", "’": "'"}
ESCAPED = {
    "%": "\\%",
    "#": "\\#",
    "&": "\\&",
    "$": "\\$",
    "_": "\\_",
    "{": "\\{",
    "}": "\\}",
    "\\": "\\backslash ",
}
BLACKBOARD = {"ℝ": "R", "ℕ": "N", "ℤ": "Z", "ℚ": "Q", "ℂ": "C", "ℙ": "P", "ℍ": "H"}

FUNCTIONS = frozenset(
    [
        "arccos",
        "arcsin",
        "arctan",
        "arg",
        "cos",
        "cosh",
        "cot",
        "coth",
        "csc",
        "deg",
        "det",
        "dim",
        "exp",
        "gcd",
        "hom",
        "inf",
        "ker",
        "lg",
        "lim",
        "liminf",
        "limsup",
        "ln",
        "log",
        "max",
        "min",
        "Pr",
        "sec",
        "sin",
        "sinh",
        "sup",
        "tan",
        "tanh",
    ]
)
ACCENTS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "widehat", "\u0303": "widetilde", "\u0304": "bar",
    "\u0305": "overline", "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030a": "mathring",
    "\u030c": "check", "\u20d7": "vec", "\u20d6": "overleftarrow", "\u20db": "dddot",
    "\u20e1": "overleftrightarrow", "^": "widehat", "~": "widetilde", "¯": "overline", "→": "overrightarrow",
    "\u20d1": "overrightharpoonup", "\u20d0": "overleftharpoon", "←": "overleftarrow",
    "\u23dc": "overparen", "\u2322": "overparen", "\u0311": "overparen",
}  # fmt: skip
GROUP_SIGNS = {
    ("⏞", "top"): "overbrace", ("⏟", "bot"): "underbrace", ("→", "top"): "overrightarrow",
    ("←", "top"): "overleftarrow", ("↔", "top"): "overleftrightarrow", ("→", "bot"): "underrightarrow",
    ("←", "bot"): "underleftarrow", ("⏜", "top"): "overparen", ("⏝", "bot"): "underparen",
}  # fmt: skip
DELIMITERS = {
    "(": "(", ")": ")", "[": "[", "]": "]", "{": "\\{", "}": "\\}", "|": "|", "": ".", "‖": "\\|", "∥": "\\|",
    "⟨": "\\langle", "⟩": "\\rangle", "〈": "\\langle", "〉": "\\rangle", "⌊": "\\lfloor", "⌋": "\\rfloor",
    "⌈": "\\lceil", "⌉": "\\rceil", "/": "/", "∣": "|", "⟦": "[", "⟧": "]",
}  # fmt: skip
SCRIPTS = {"double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak", "sans-serif": "mathsf"}
SCRIPTS |= {"monospace": "mathtt"}


def _greek() -> dict[str, str]:
    small = {chr(0x3B1 + place): name for place, name in enumerate(GREEK)}
    return (small | CAPITALS) | {"ο": "o", "ϵ": "epsilon", "ϕ": "phi"}


COMMANDS = _greek() | SIGNS | {"ο": "omicron"}


def character(sign: str) -> str:
    """One character as LaTeX in a formula, a command followed by a blank."""
    if sign in PLAIN:
        return PLAIN[sign]
    if sign in ESCAPED:
        return ESCAPED[sign]
    if sign in BLACKBOARD:
        return f"\\mathbb{{{BLACKBOARD[sign]}}}"
    if sign == "ο":
        return "o"
    if sign in COMMANDS:
        command = COMMANDS[sign]
        return command if command[0] in "{'" else f"\\{command} "
    return _styled_letter(sign) if ord(sign) >= 0x1D400 or 0x2100 <= ord(sign) <= 0x214F else sign


def _styled_letter(sign: str) -> str:
    """Letters of the mathematical alphanumeric block, by the words of their Unicode name."""
    plain = unicodedata.normalize("NFKC", sign)
    name = unicodedata.name(sign, "")
    inner = character(plain) if len(plain) == 1 and plain != sign else plain
    for word, command in (("DOUBLE-STRUCK", "mathbb"), ("SCRIPT", "mathcal"), ("FRAKTUR", "mathfrak")):
        if word in name:
            return f"\\{command}{{{inner}}}"
    return f"\\mathbf{{{inner.strip()}}}" if "BOLD" in name else inner
