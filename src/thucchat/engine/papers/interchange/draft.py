"""A question while it is read from another program's file: what has been found, and what is doubtful."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from thucchat.engine.papers.interchange.doubts import doubts, flag
from thucchat.engine.papers.interchange.formulas_in import typed_formulas
from thucchat.engine.papers.interchange.markup import shown
from thucchat.engine.papers.model import Flag, Kind, Question
from thucchat.engine.papers.reading.names import Element

BLANK = "_____"  # a gap to be filled in


def as_written(address: str) -> str:
    """The address of a picture, unchanged."""
    return address


@dataclass(slots=True)
class Draft:
    """A question while it is read."""

    number: int
    place: str  # where it stands in the file, for flags that have no text of their own
    own: bool = False  # written by this program: typed TeX is left as it is
    part_of: Callable[[str], str] = as_written  # name of a picture from its address
    stem: str = ""
    kind: Kind = "essay"
    options: dict[str, str] = field(default_factory=dict)
    key: str | None = None
    part: str | None = None
    context: str | None = None
    group: int | None = None
    points: str | None = None
    solution: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    def text(self, element: Element, part_of: Callable[[str], str] | None = None) -> str:
        """The text inside an element; its pictures and doubts are noted.

        `part_of` names pictures of an element that stands in another file.
        """
        found = shown(element)
        for address in found.images:
            self.images.append(address if ":" in address else (part_of or self.part_of)(address))
            if address.startswith(("http:", "https:", "//")):
                self.doubt(
                    "file.external", f"dùng hình ở ngoài tệp “{address[:80]}”, không được tải", address
                )
        for name in found.strange:
            self.doubt("content.unread", f"có phần “{name}” không đọc được thành chữ", name)
        return found.text if self.own else typed_formulas(found.text)

    def solve(self, text: str) -> None:
        """Add to the explanation."""
        if text:
            self.solution.append(text)

    def doubt(self, code: str, words: str, text: str = "") -> None:
        """Flag the question."""
        self.flags.append(flag(code, f"Câu {self.number} {words}.", text or self.place))

    def question(self) -> Question:
        """The question, with the doubts every question is looked through for."""
        made = Question(
            self.number, self.stem, self.options, self.key, self.kind, self.part,
            context=self.context, group=self.group, points=self.points,
            solution="\n".join(self.solution) or None, images=tuple(dict.fromkeys(self.images)),
        )  # fmt: skip
        known = {flag.code for flag in self.flags}
        return replace(made, flags=(*self.flags, *(each for each in doubts(made) if each.code not in known)))
