"""One text for one value, so that a fingerprint means the same on every machine.

The form is that of RFC 8785, for values that need none of its difficult parts: texts, whole numbers that
fit a double, true, false, null, lists, and objects. Decimals are written as texts.
"""

import hashlib
import json
import re
from collections.abc import Mapping

from thucchat.engine.errors import InvalidInput

LARGEST = 2**53 - 1  # beyond it other languages round
LAST_KEY_LETTER = "\ud7ff"  # beyond it, sorting by code point and by UTF-16 differ
HASH = re.compile(r"[0-9a-f]{64}")


def canonical(value: object) -> bytes:
    """`value` as canonical JSON in UTF-8.

    Raises:
        InvalidInput: `canonical.value` for what has no single text: fractions, odd keys, broken characters.
    """
    _check(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _refusal(text) from None


def fingerprint(value: object) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _check(value: object) -> None:
    if isinstance(value, Mapping):
        for key, inside in value.items():
            if not isinstance(key, str) or max(key, default="") > LAST_KEY_LETTER:
                raise _refusal(key)
            _check(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            _check(inside)
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise _refusal(value)
    elif value is not None and not isinstance(value, str):
        raise _refusal(value)


def _refusal(value: object) -> InvalidInput:
    shown = repr(value)[:60]
    return InvalidInput(
        "canonical.value", f"Giá trị {shown} không có cách ghi duy nhất; hãy ghi dưới dạng chữ."
    )
