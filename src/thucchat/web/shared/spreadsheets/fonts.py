"""Vietnamese text typed before Unicode: TCVN3 (.VnTime) and VNI fonts, code page 1258; found and put right.

Such text looks like “NguyÔn V¨n An” (TCVN3) or “Nguyeãn Vaên An” (VNI). A column is judged as a whole: the
decoding under which most words are Vietnamese syllables wins.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

# TCVN 5712:1993, VN3, as Latin-1 shows it.
TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
# VNI: a letter, then a mark that stands for tone and circumflex or breve.
VNI_MARKS = {
    "ø": "\u0300",
    "ù": "\u0301",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "à": "\u0302\u0300",
    "á": "\u0302\u0301",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "è": "\u0306\u0300",
    "é": "\u0306\u0301",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
VNI_LETTERS = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
VNI_PIECE = re.compile(f"([aeiouyöô])([{''.join(VNI_MARKS)}])|[{''.join(VNI_LETTERS)}]", re.IGNORECASE)

# Letters of Latin-1 that Vietnamese Unicode text never holds, and signs that those fonts drew letters on.
SUSPECT = "[¡-§¨-¬\u00ad®µ¶·¸¹»¼½¾ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñöøûüþÿ]"
MODERN = "[ĂăĐđƠơƯư\u1ea0-\u1ef9]"
ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
NUCLEI = (
    "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iu iêu oa oă oe oi ôi ơi oai oay oao oeo oo "
    "ua uâ uê ui "
    "uô uơ uy uya uyê uyu uôi ưa ưi ươ ưu ươi ươu uây yê yêu uay uai ue uao"
)
CODA = "(?:ch|ng|nh|[cmnpt])?"
SYLLABLE = re.compile(f"{ONSET}(?:{'|'.join(sorted(NUCLEI.split(), key=len, reverse=True))}){CODA}")
TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
ENOUGH = 0.8  # share of syllables from which a decoding is believed


@dataclass(frozen=True, slots=True)
class Repaired:
    """Text of one column, in Unicode where the font could be told."""

    text: pl.Series
    font: str  # the font found; empty when nothing was changed
    unknown: pl.Series  # true where text is in some old font that could not be told


def from_tcvn3(text: str) -> str:
    return text.translate(TCVN3)


def from_vni(text: str) -> str:
    return VNI_PIECE.sub(_from_vni_piece, text)


def _from_vni_piece(found: re.Match[str]) -> str:
    first, mark = found[0][0], found[2] or ""
    letter = VNI_LETTERS.get(first.lower(), first.lower())
    made = unicodedata.normalize("NFC", letter + VNI_MARKS.get(mark.lower(), ""))
    return made.upper() if first.isupper() else made


def from_cp1258(text: str) -> str:
    decoded = text.encode("latin-1", errors="replace").decode("cp1258", errors="replace")
    return unicodedata.normalize("NFC", decoded)


DECODINGS: dict[str, Callable[[str], str]] = {
    "TCVN3": from_tcvn3,
    "VNI": from_vni,
    "Windows-1258": from_cp1258,
}


def repair(text: pl.Series) -> Repaired:
    """Put a column of texts right; columns in Unicode, nearly all, are only looked at."""
    old = (text.str.contains(SUSPECT) & ~text.str.contains(MODERN)).fill_null(value=False)
    if not old.any():
        return Repaired(text, "", old)
    sample = " ".join(text.filter(old).unique(maintain_order=True).head(500))
    scores = {name: _share_of_syllables(decode(sample)) for name, decode in DECODINGS.items()}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < ENOUGH:
        return Repaired(text, "", old)
    typed_old = ~text.str.contains(MODERN)
    decoded = text.map_elements(lambda one: _decoded(one, best), return_dtype=pl.String)
    return Repaired(
        pl.select(pl.when(typed_old).then(decoded).otherwise(text)).to_series(), best, old & False
    )


def _decoded(text: str, font: str) -> str:
    """The capital fonts of TCVN3 draw capitals on small letters: a name all in small letters was typed so."""
    decoded = DECODINGS[font](text)
    return decoded.title() if font == "TCVN3" and decoded == decoded.lower() else decoded


def _share_of_syllables(text: str) -> float:
    words = re.findall(r"[^\W\d_]+|[^\w\s.,'’/()-]+", text.lower())
    return sum(map(_is_syllable, words)) / max(len(words), 1)


def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word)
    tones = sum(ord(letter) in TONES for letter in parts)
    return tones < 2 and SYLLABLE.fullmatch(unicodedata.normalize("NFC", parts.translate(TONES))) is not None
