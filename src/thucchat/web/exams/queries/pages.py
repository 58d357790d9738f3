"""A finished report as a page shows it: the same tree as PDF and Excel, cut into sections."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field

from thucchat.engine.documents.tree import Figure, Heading, Paragraph, Table, cell_text
from thucchat.web.exams.models import Snapshot
from thucchat.web.exams.queries.trees import from_plain, table_from_plain


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell as printed, under which heading."""

    text: str
    heading: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ShownTable:
    title: str
    headings: list[ShownCell]
    rows: list[list[ShownCell]]
    note: str


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A chart as an image, and the numbers behind it."""

    source: str  # data URI
    alt: str
    width: int  # px
    height: int  # px
    caption: str
    details: ShownTable | None


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; figures follow each other as a gallery."""

    title: str
    parts: list[Paragraph | ShownTable | list[ShownFigure]] = field(default_factory=list)


def sections_of(snapshot: Snapshot) -> list[Section]:
    """The report, heading by heading."""
    details = iter(snapshot.document["details"])
    sections = [Section("")]
    for block in from_plain(snapshot.document).body:
        parts = sections[-1].parts
        if isinstance(block, Heading):
            sections.append(Section(block.text.split(". ", 1)[-1].capitalize()))
        elif isinstance(block, Paragraph):
            parts.append(block)
        elif isinstance(block, Table):
            parts.append(shown_table(block))
        elif isinstance(block, Figure):
            if not (parts and isinstance(parts[-1], list)):
                parts.append([])
            gallery = parts[-1]
            assert isinstance(gallery, list)
            gallery.append(_figure(block, next(details, None)))
    return [section for section in sections if section.parts]


def shown_table(table: Table) -> ShownTable:
    """Cells printed as in every other output."""
    headings = [ShownCell(one.heading, "", one.digits is not None) for one in table.columns]
    rows = [
        [
            ShownCell(cell_text(cell, column), column.heading, column.digits is not None)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    return ShownTable(table.title, headings, rows, table.note)


def kinds_of(section: Section) -> Iterator[tuple[str, object]]:
    """Parts with the word by which a template chooses how to show them."""
    for part in section.parts:
        name = {Paragraph: "text", ShownTable: "table", list: "figures"}[type(part)]
        yield name, part


def _figure(figure: Figure, details: dict[str, object] | None) -> ShownFigure:
    chart = figure.chart
    source = "data:image/svg+xml;base64," + b64encode(chart.svg.encode()).decode()
    table = shown_table(table_from_plain(details)) if details else None
    return ShownFigure(source, chart.alt, chart.width, chart.height, figure.caption, table)
