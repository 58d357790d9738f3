"""Which program a file comes from, told by what is in it, and the paper it holds."""

import re
from collections.abc import Callable
from typing import Literal, get_args

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.gift_in import paper_from_gift
from thucchat.engine.papers.interchange.moodle_in import paper_from_moodle
from thucchat.engine.papers.interchange.qti_in import paper_from_qti
from thucchat.engine.papers.model import Paper
from thucchat.engine.papers.unpacking import MAX_FILE
from thucchat.engine.vietnamese import vi_number

Form = Literal["qti", "moodle", "gift"]
FORMS: tuple[Form, ...] = get_args(Form)
ROOT = re.compile(r"<\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
PROLOGUE = 4096  # characters looked through for the first element
READERS: dict[Form, Callable[[bytes, str], Paper]] = {
    "qti": paper_from_qti,
    "moodle": paper_from_moodle,
    "gift": paper_from_gift,
}


def imported(content: bytes, name: str, form: Form | None = None) -> Paper:
    """The paper in a file of another program; without `form` the content tells which.

    Raises:
        InvalidInput: `interchange.empty`, `interchange.too_big`, `interchange.word`, `interchange.unknown`,
            and what the reader of the form refuses.
        NoResult: `formulas.pandoc` when formulas cannot be converted at all.
    """
    if not content.strip():
        raise InvalidInput("interchange.empty", f"“{name}” rỗng; hãy chọn lại tệp.")
    if len(content) > MAX_FILE:
        size = vi_number(len(content) / 2**20, 1)
        raise InvalidInput(
            "interchange.too_big", f"“{name}” {size} MB vượt giới hạn {MAX_FILE // 2**20} MB; hãy chia nhỏ."
        )
    return READERS[form or form_of(content, name)](content, name)


def form_of(content: bytes, name: str) -> Form:
    """Raises InvalidInput: `interchange.word` for Word files, `interchange.unknown`."""
    if content.startswith(b"PK"):
        if b"word/document.xml" in content:
            raise InvalidInput("interchange.word", f"“{name}” là tệp Word; hãy dùng `thucchat paper read`.")
        return "qti"
    text = _beginning(content)
    if text.lstrip().startswith("<?xml") or re.match(r"\s*<(?!p\b|b\b|i\b)[\w!]", text):
        return "moodle" if _root(text) == "quiz" else "qti"
    if "{" in text or "::" in text or "$CATEGORY:" in text:
        return "gift"
    raise InvalidInput(
        "interchange.unknown",
        f"“{name}” không giống QTI, Moodle XML hay GIFT; hãy nêu --format nếu chắc chắn là một trong ba.",
    )


def _beginning(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content if not wide else content.decode("utf-16", "replace").encode()
    return text.decode("utf-8-sig", "replace")


def _root(text: str) -> str:
    beginning = re.sub(r"<!--.*?-->|<[?!][^>]*>", "", text[:PROLOGUE], flags=re.DOTALL)
    match = ROOT.search(beginning)
    return match[1] if match else ""
