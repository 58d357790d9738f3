"""The whole ledger as lines of text, for the owner's connection, which sees every unit."""

from collections.abc import Iterator
from typing import Any

LINES = """
SELECT left(ledger_text(e, e.sequence, e.previous), -1) || ',"' || e.hash || '"]'
FROM ledger_event e WHERE e.sequence IS NOT NULL ORDER BY e.sequence
"""
CHUNK = 10_000


def ledger_lines(cursor: Any) -> Iterator[str]:
    """Each sealed event as [sequence, kind, body, previous, hash], rebuilt from the columns of its row."""
    cursor.execute(LINES)
    while rows := cursor.fetchmany(CHUNK):
        for (line,) in rows:
            yield line


def root_lines(cursor: Any) -> Iterator[str]:
    """Every stored root as it is printed in minutes."""
    cursor.execute("SELECT size, root FROM ledger_root ORDER BY size")
    for size, root in cursor.fetchall():
        yield f"THUCCHAT-SO {size} {root}"
