"""A sealed package as bytes: canonical JSON, binary parts in base64."""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import comb

from thucchat.engine.custody.canonical import canonical
from thucchat.engine.errors import InvalidInput

FORMAT = "thucchat-sealed-1"


@dataclass(frozen=True, slots=True)
class Custodian:
    """A person who holds one key."""

    name: str
    recipient: str  # public key


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed paper."""

    cipher: str
    label: str  # what it is, visible to all: never the name of the proposing unit
    needed: int  # custodians
    custodians: tuple[Custodian, ...]
    envelopes: tuple[bytes, ...]  # one per set of `needed` custodians, in the order of combinations
    body: bytes


def header_fingerprint(
    cipher: str, label: str, *, needed: int, custodians: Sequence[Custodian], envelopes: Sequence[bytes]
) -> bytes:
    """SHA-256 over all that surrounds the body."""
    people = [[one.name, one.recipient] for one in custodians]
    prints = [sha256(envelope).hexdigest() for envelope in envelopes]
    return sha256(canonical([FORMAT, cipher, label, needed, people, prints])).digest()


def to_bytes(sealed: Sealed) -> bytes:
    """The package as a file."""
    return canonical(
        {
            "format": FORMAT,
            "cipher": sealed.cipher,
            "label": sealed.label,
            "needed": sealed.needed,
            "custodians": [{"name": one.name, "recipient": one.recipient} for one in sealed.custodians],
            "envelopes": [b64encode(envelope).decode() for envelope in sealed.envelopes],
            "body": b64encode(sealed.body).decode(),
        }
    )


def from_bytes(content: bytes) -> Sealed:
    """Read a package; a file that differs in any byte from what `to_bytes` writes is refused.

    Raises:
        InvalidInput: `seal.file`.
    """
    try:
        fields = json.loads(content)
        sealed = Sealed(
            str(fields["cipher"]),
            str(fields["label"]),
            int(fields["needed"]),
            tuple(Custodian(str(one["name"]), str(one["recipient"])) for one in fields["custodians"]),
            tuple(b64decode(envelope) for envelope in fields["envelopes"]),
            b64decode(fields["body"]),
        )
        complete = len(sealed.envelopes) == comb(len(sealed.custodians), sealed.needed)
        intact = complete and to_bytes(sealed) == content
    except (ValueError, KeyError, TypeError, Base64Error, RecursionError, InvalidInput):
        intact = False
    if not intact:
        raise InvalidInput("seal.file", "Tệp không phải là gói niêm phong nguyên vẹn của Thực Chất.")
    return sealed
