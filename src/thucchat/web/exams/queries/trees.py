"""A document tree as JSON and back: what a snapshot keeps."""

from dataclasses import asdict
from datetime import date
from typing import Any

from thucchat.engine.documents.tree import (
    Block,
    Chart,
    Column,
    Document,
    Figure,
    Heading,
    Letterhead,
    PageBreak,
    Paragraph,
    Signature,
    Table,
)

KINDS: dict[str, type] = {kind.__name__: kind for kind in (Heading, Paragraph, Table, Figure, PageBreak)}


def to_plain(document: Document) -> dict[str, Any]:
    """The tree as values that JSON has."""
    return {
        "head": asdict(document.head) | {"day": document.head.day.isoformat()},
        "body": [{"kind": type(block).__name__} | asdict(block) for block in document.body],
        "recipients": list(document.recipients),
        "signatures": [asdict(one) for one in document.signatures],
    }


def from_plain(plain: dict[str, Any]) -> Document:
    """What `to_plain` was given."""
    head = Letterhead(**(plain["head"] | {"day": date.fromisoformat(plain["head"]["day"])}))
    signatures = tuple(Signature(tuple(one["office"]), one["name"]) for one in plain["signatures"])
    return Document(head, tuple(map(_block, plain["body"])), tuple(plain["recipients"]), signatures)


def table_from_plain(plain: dict[str, Any]) -> Table:
    """One table."""
    facts = {name: value for name, value in plain.items() if name != "kind"}
    facts["columns"] = tuple(Column(**column) for column in facts["columns"])
    return Table(**(facts | {"rows": tuple(map(tuple, facts["rows"]))}))


def _block(plain: dict[str, Any]) -> Block:
    if plain["kind"] == "Table":
        return table_from_plain(plain)
    facts = {name: value for name, value in plain.items() if name != "kind"}
    if plain["kind"] == "Figure":
        facts["chart"] = Chart(**facts["chart"])
    block: Block = KINDS[plain["kind"]](**facts)
    return block
