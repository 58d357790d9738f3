"""A chain of events, each holding the hash of the one before.

A chain alone proves little: who may write can cut its tail or compute it again. It proves much beside a
hash that left the building, printed in signed minutes: that hash is an `Anchor` here.
Personal data never enter bare; `commitment` hides them behind a salt that can be destroyed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from thucchat.engine.custody.canonical import canonical, fingerprint

START = "0" * 64  # the hash before the first event


@dataclass(frozen=True, slots=True)
class Event:
    """One link."""

    sequence: int  # from 1, no gaps
    kind: str
    body: Mapping[str, object]  # what canonical text can hold
    previous: str  # hash of the event before, hexadecimal
    hash: str  # of this event, hexadecimal


@dataclass(frozen=True, slots=True)
class Anchor:
    """A hash held outside."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a chain is broken, and how."""

    code: str  # `sequence`, `previous`, `hash`, `anchor` or `cut`
    sequence: int
    message: str


def append(last: Event | None, kind: str, body: Mapping[str, object]) -> Event:
    """The event that follows `last`."""
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, START)
    return Event(sequence, kind, body, previous, event_hash(sequence, kind, body=body, previous=previous))


def event_hash(sequence: int, kind: str, *, body: Mapping[str, object], previous: str) -> str:
    """SHA-256 of the canonical list [sequence, kind, body, previous]."""
    return fingerprint([sequence, kind, body, previous])


def chain_faults(events: Iterable[Event], anchors: Sequence[Anchor] = ()) -> tuple[ChainFault, ...]:
    """Everything wrong with a chain that should begin at its first event and contain all anchors."""
    faults: list[ChainFault] = []
    hashes: dict[int, str] = {}
    previous, expected = START, 1
    for event in events:
        faults += _link_faults(event, expected, previous)
        hashes[event.sequence] = event.hash
        previous, expected = event.hash, event.sequence + 1
    for anchor in anchors:
        found = hashes.get(anchor.sequence)
        if found is None:
            message = f"Sự kiện {anchor.sequence} đã có trong biên bản nhưng không còn trong chuỗi."
            faults.append(ChainFault("cut", anchor.sequence, message))
        elif found != anchor.hash:
            message = f"Sự kiện {anchor.sequence} khác với mã đã in trong biên bản."
            faults.append(ChainFault("anchor", anchor.sequence, message))
    return tuple(faults)


def _link_faults(event: Event, expected: int, previous: str) -> list[ChainFault]:
    faults = []
    if event.sequence != expected:
        message = f"Sau sự kiện {expected - 1} là sự kiện {event.sequence}, lẽ ra là {expected}."
        faults.append(ChainFault("sequence", event.sequence, message))
    if event.previous != previous:
        message = f"Sự kiện {event.sequence} không nối với sự kiện đứng trước."
        faults.append(ChainFault("previous", event.sequence, message))
    if event_hash(event.sequence, event.kind, body=event.body, previous=event.previous) != event.hash:
        message = f"Nội dung sự kiện {event.sequence} không khớp mã của nó."
        faults.append(ChainFault("hash", event.sequence, message))
    return faults


def commitment(salt: bytes, value: object) -> str:
    """Hides `value` behind a random `salt` of 16 bytes or more; without the salt it cannot be guessed."""
    return hashlib.sha256(salt + canonical(value)).hexdigest()
