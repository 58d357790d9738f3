"""Text typed for the TCVN3 (.Vn…) and VNI fonts, turned into Unicode so that it can be read.

Before Unicode, Vietnamese letters were drawn over other characters; only the font's name tells which.
Source: TCVN 5712:1993 (VN3); the VNI Windows character set, base letter followed by its mark.
"""

import re
import unicodedata

TCVN3_FONT = re.compile(r"^\.Vn", re.IGNORECASE)
VNI_FONT = re.compile(r"^VNI[- ]", re.IGNORECASE)

# Rows: the letter, then with huyền, hỏi, ngã, sắc, nặng.
_TCVN3_ROWS = {
    "a": "aµ¶·¸¹", "ă": "¨»¼½¾Æ", "â": "©ÇÈÉÊË", "e": "eÌÎÏÐÑ", "ê": "ªÒÓÔÕÖ", "i": "i×ØÜÝÞ",
    "o": "oßáâãä", "ô": "«åæçèé", "ơ": "¬êëìíî", "u": "uïñòóô", "ư": "\u00adõö÷øù", "y": "yúûüýþ",
}  # fmt: skip
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_TCVN3_CAPITALS = {"¡": "Ă", "¢": "Â", "£": "Ê", "¤": "Ô", "¥": "Ơ", "¦": "Ư", "§": "Đ", "®": "đ"}
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323", "â": "\u0302", "ê": "\u0306",
    "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_MARKED = re.compile("([aeouyôöAEOUYÔÖ])([" + "".join(_VNI_MARKS) + "".join(_VNI_MARKS).upper() + "])")


def _tcvn3_table() -> dict[int, str]:
    table = {
        ord(typed): unicodedata.normalize("NFC", letter + tone)
        for letter, row in _TCVN3_ROWS.items()
        for typed, tone in zip(row, _TONES, strict=True)
    }
    return table | {ord(typed): letter for typed, letter in _TCVN3_CAPITALS.items()}


_TCVN3 = _tcvn3_table()


def legacy_kind(font: str) -> str:
    """`TCVN3`, `VNI`, or empty for a font of ordinary Unicode text."""
    if TCVN3_FONT.match(font):
        return "TCVN3"
    return "VNI" if VNI_FONT.match(font) else ""


def to_unicode(text: str, font: str) -> str:
    """What a reader sees when `text` is printed in `font`."""
    kind = legacy_kind(font)
    if kind == "TCVN3":
        read = text.translate(_TCVN3)
        # Fonts whose name ends in H draw small letters as capitals.
        return read.upper() if font.rstrip().endswith("H") else read
    if kind == "VNI":
        return _from_vni(text)
    return text


def _from_vni(text: str) -> str:
    marked = _VNI_MARKED.sub(lambda pair: _vni_letter(pair[1]) + _VNI_MARKS[pair[2].lower()], text)
    return unicodedata.normalize("NFC", "".join(map(_vni_letter, marked)))


def _vni_letter(sign: str) -> str:
    letter = _VNI_LETTERS.get(sign.lower())
    if letter is None:
        return sign
    return letter.upper() if sign.isupper() else letter
