"""Papers sealed so that any k of n custodians open them together, and fewer see nothing.

The content is sealed for a fresh key. The key lies in one envelope per set of k custodians, wrapped in
their k keys one inside another, so no secret-sharing arithmetic is needed and all works off-line.
The content carries the fingerprint of everything around it: no part can be exchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from math import comb

from thucchat.engine.custody.ciphers import CIPHERS, Age, Cipher
from thucchat.engine.custody.sealed_file import Custodian, Sealed, header_fingerprint
from thucchat.engine.errors import InvalidInput

SMALLEST = 1 << 20  # bytes; every content is padded to this or to the next power of two
LENGTH = 8  # bytes that hold the length
MOST_ENVELOPES = 126  # 4 of 9; more custodians make rehearsals, not papers, safer
DIGEST = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """What an opening gave, and by whom."""

    content: bytes
    by: tuple[str, ...]  # names of the custodians whose keys were used


def seal(
    content: bytes, custodians: Sequence[Custodian], needed: int, *, label: str, cipher: Cipher | None = None
) -> Sealed:
    """Seal `content` so that any `needed` of the custodians open it.

    The keys come from the operating system, not from a generator handed over: nobody may repeat them.
    Raises:
        InvalidInput: `seal.custodians`, `seal.needed`, `seal.recipient`.
    """
    chosen = cipher or CIPHERS[Age.name]
    _check(custodians, needed)
    secret = chosen.new_secret()
    envelopes = tuple(
        reduce(lambda inside, one: chosen.encrypt(inside, one.recipient), reversed(group), secret.encode())
        for group in combinations(custodians, needed)
    )
    head = header_fingerprint(chosen.name, label, needed=needed, custodians=custodians, envelopes=envelopes)
    body = chosen.encrypt(head + _padded(content), chosen.recipient(secret))
    return Sealed(chosen.name, label, needed, tuple(custodians), envelopes, body)


def unseal(sealed: Sealed, secrets: Sequence[str]) -> Opened:
    """Open with the secret keys of `sealed.needed` custodians or more, in any order.

    Raises:
        InvalidInput: `seal.stranger` naming which key belongs to nobody, `seal.few`, `seal.broken`.
    """
    cipher = CIPHERS.get(sealed.cipher)
    if cipher is None:
        raise InvalidInput("seal.cipher", f"Không có mô-đun mật mã “{sealed.cipher}” để mở gói này.")
    held = _held(sealed, secrets, cipher)
    if len(held) < sealed.needed:
        message = f"Cần khoá của {sealed.needed} người giữ khác nhau, mới có {len(held)}."
        raise InvalidInput("seal.few", message, needed=sealed.needed, present=len(held))
    group = tuple(sorted(held)[: sealed.needed])
    place = list(combinations(range(len(sealed.custodians)), sealed.needed)).index(group)
    wrapped = reduce(cipher.decrypt, (held[one] for one in group), sealed.envelopes[place])
    inside = cipher.decrypt(sealed.body, wrapped.decode("ascii"))
    return Opened(_content(sealed, inside), tuple(sealed.custodians[one].name for one in group))


def _check(custodians: Sequence[Custodian], needed: int) -> None:
    people = len(custodians)
    distinct = {one.recipient for one in custodians}, {one.name for one in custodians}
    if any(len(values) < people for values in distinct):
        raise InvalidInput("seal.custodians", "Hai người giữ khoá trùng tên hoặc trùng khoá.")
    if not 1 <= needed <= people or comb(people, needed) > MOST_ENVELOPES:
        message = f"Không thể niêm phong {needed} trên {people}: số phong bì phải từ 1 đến {MOST_ENVELOPES}."
        raise InvalidInput("seal.needed", message, needed=needed, people=people)


def _held(sealed: Sealed, secrets: Sequence[str], cipher: Cipher) -> dict[int, str]:
    """Secret keys by the place of the custodian."""
    places = {one.recipient: place for place, one in enumerate(sealed.custodians)}
    held: dict[int, str] = {}
    for number, secret in enumerate(secrets, start=1):
        place = places.get(cipher.recipient(secret))
        if place is None:
            message = f"Khoá thứ {number} không thuộc người giữ nào của gói này."
            raise InvalidInput("seal.stranger", message, number=number)
        held[place] = secret
    return held


def _padded(content: bytes) -> bytes:
    framed = len(content).to_bytes(LENGTH, "big") + content
    size = max(SMALLEST, 1 << (len(framed) - 1).bit_length())
    return framed.ljust(size, b"\0")


def _content(sealed: Sealed, inside: bytes) -> bytes:
    head, framed = inside[:DIGEST], inside[DIGEST:]
    length = int.from_bytes(framed[:LENGTH], "big")
    expected = header_fingerprint(
        sealed.cipher,
        sealed.label,
        needed=sealed.needed,
        custodians=sealed.custodians,
        envelopes=sealed.envelopes,
    )
    if head != expected or length > len(framed) - LENGTH:
        raise InvalidInput("seal.broken", "Phần đầu hoặc phong bì của gói niêm phong đã bị thay.")
    return framed[LENGTH : LENGTH + length]
