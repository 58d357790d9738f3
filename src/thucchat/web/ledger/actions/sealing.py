"""Sealing: events waiting get their place in the chain, and the tree over all of them a new root.

Writers never wait for each other: only the sealer is alone. An event that commits late is sealed late, so the
chain keeps the order of sealing, and a clock set back changes nothing in it.
"""

from datetime import datetime

from django.db import connection, transaction

from thucchat.engine.custody.frontier import Frontier
from thucchat.engine.custody.merkle import leaf_hash
from thucchat.web.ledger.models import Root
from thucchat.web.shared.errors import RuleBroken

BATCH = 20_000  # events whose hashes are held in memory together


@transaction.atomic
def seal(*, at: datetime, most: int = BATCH) -> Root | None:
    """Seal up to `most` waiting events and store the root; None when nothing waits.

    Raises RuleBroken `ledger.cut` when the chain no longer ends where the last root says: nothing may be
    added to a chain that was shortened or rewritten.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7002, 0)")
        last = Root.objects.last()
        cursor.execute("SELECT size, head FROM ledger_end()")
        end = cursor.fetchone()
        if end != ((last.size, last.head) if last else (0, None)):
            raise RuleBroken("ledger.cut", "Sổ không còn khớp mã gốc đã lưu; hãy xuất sổ và kiểm tra.")
        cursor.execute("SELECT hash FROM ledger_seal(%s)", [most])
        hashes = [row[0] for row in cursor.fetchall()]
    if not hashes:
        return None
    frontier = Frontier(last.size, tuple(map(bytes.fromhex, last.peaks))) if last else Frontier()
    frontier = frontier.grown(leaf_hash(bytes.fromhex(one)) for one in hashes)
    return Root.objects.create(
        size=frontier.size,
        root=frontier.root.hex(),
        head=hashes[-1],
        peaks=[peak.hex() for peak in frontier.peaks],
        at=at,
    )


def seal_all(*, at: datetime) -> Root | None:
    """Seal until nothing waits, each batch in a transaction of its own; returns the newest root."""
    while seal(at=at):
        pass
    return Root.objects.last()
