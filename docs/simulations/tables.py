"""Markdown tables between two marks of a page, so that a page never shows a figure nobody measured."""

from collections.abc import Sequence
from pathlib import Path

BEGIN, END = "<!-- simulation: {} -->", "<!-- end: {} -->"


def put_table(page: Path, name: str, *, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Replace what stands between the marks `name` of `page`, and print it."""
    begin, end = BEGIN.format(name), END.format(name)
    lines = [heading, ["---"] * len(heading), *rows]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")
    print(f"{name}\n{table}\n")
