"""The cipher that seals papers, behind an interface: an authority may require another one.

The age format was chosen because other programs can open it too, today and in twenty years.
"""

from typing import Protocol

import pyrage

from thucchat.engine.errors import InvalidInput

BROKEN = "Gói niêm phong đã bị sửa hoặc không dành cho khoá này."


class Cipher(Protocol):
    """Public-key sealing of bytes. Keys are texts; what was tampered with raises InvalidInput."""

    name: str

    def new_secret(self) -> str:
        """A fresh secret key, from the randomness of the operating system."""

    def recipient(self, secret: str) -> str:
        """The public key of a secret one. Raises InvalidInput: `seal.secret`."""

    def encrypt(self, content: bytes, recipient: str) -> bytes:
        """Seal for one recipient. Raises InvalidInput: `seal.recipient`."""

    def decrypt(self, sealed: bytes, secret: str) -> bytes:
        """Open, or raise InvalidInput: `seal.broken`."""


class Age:
    """age with X25519 keys: ChaCha20-Poly1305 in a stream, header under its own code."""

    name = "age-x25519"

    def new_secret(self) -> str:
        return str(pyrage.x25519.Identity.generate())

    def recipient(self, secret: str) -> str:
        return str(self._identity(secret).to_public())

    def encrypt(self, content: bytes, recipient: str) -> bytes:
        try:
            key = pyrage.x25519.Recipient.from_str(recipient)
        except pyrage.RecipientError:
            raise InvalidInput("seal.recipient", f"“{recipient}” không phải là khoá công khai age.") from None
        return bytes(pyrage.encrypt(content, [key]))

    def decrypt(self, sealed: bytes, secret: str) -> bytes:
        try:
            return bytes(pyrage.decrypt(sealed, [self._identity(secret)]))
        except (pyrage.DecryptError, OSError, ValueError):
            raise InvalidInput(
                "seal.broken", "Gói niêm phong đã bị sửa hoặc không dành cho khoá này."
            ) from None

    def _identity(self, secret: str) -> pyrage.x25519.Identity:
        try:
            return pyrage.x25519.Identity.from_str(secret.strip())
        except pyrage.IdentityError:
            raise InvalidInput("seal.secret", "Khoá bí mật đã nhập không đúng dạng age.") from None


CIPHERS: dict[str, Cipher] = {Age.name: Age()}
