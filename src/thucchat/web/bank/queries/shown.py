"""Questions as a page shows them: lines of text and formulas, safe to print."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from thucchat.engine.errors import NoResult
from thucchat.engine.papers.model import Question
from thucchat.engine.papers.writing.formulas import page_formulas

FORMULA = re.compile(r"\$([^$]+)\$")


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question with its formulas drawn."""

    place: int  # from 1
    question: Question
    context: SafeString  # empty where the question before it has the same
    stem: SafeString
    options: tuple[tuple[str, SafeString], ...]


def shown_questions(questions: Iterable[Question]) -> list[ShownQuestion]:
    """Questions for a page; all formulas are drawn together."""
    rows = list(questions)
    drawn = _drawn(text for row in rows for text in (row.context or "", row.stem, *row.options.values()))
    found: list[ShownQuestion] = []
    before = None
    for place, row in enumerate(rows, 1):
        context = row.context if row.context != before else None
        before = row.context
        options = tuple((letter, _html(text, drawn)) for letter, text in row.options.items())
        found.append(ShownQuestion(place, row, _html(context or "", drawn), _html(row.stem, drawn), options))
    return found


def _drawn(texts: Iterable[str]) -> Mapping[str, str | None]:
    formulas = [match[1] for text in texts for match in FORMULA.finditer(text)]
    try:
        return page_formulas(formulas)
    except NoResult:
        return {}  # pandoc does not run here: formulas stay as LaTeX


def _html(text: str, drawn: Mapping[str, str | None]) -> SafeString:
    lines = ((_line(line, drawn),) for line in text.split("\n") if line)
    return format_html_join(mark_safe("<br>"), "{}", lines)


def _line(line: str, drawn: Mapping[str, str | None]) -> SafeString:
    parts: list[str] = []
    end = 0
    for match in FORMULA.finditer(line):
        parts += [escape(line[end : match.start()]), _formula(match[1], drawn.get(match[1]))]
        end = match.end()
    return mark_safe("".join([*parts, escape(line[end:])]))  # noqa: S308  every part is escaped or MathML


def _formula(latex: str, mathml: str | None) -> str:
    """MathML comes from pandoc, which knows no scripts and no links."""
    return mathml or format_html("<code>{}</code>", latex)
