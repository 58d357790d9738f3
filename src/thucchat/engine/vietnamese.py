"""Numbers, dates and names as Vietnamese readers expect them, without any locale of the machine.

Names are sorted by given name first, then family name, then middle names; letters before tones.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

# The dictionary order: tones are compared only when the letters are equal.
LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
MARKS = {"\u0306": "ă", "\u0302": "â", "\u031b": "ơ"}
WITH_MARK = {("a", "\u0306"): "ă", ("a", "\u0302"): "â", ("e", "\u0302"): "ê"} | {
    ("o", "\u0302"): "ô",
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Composed Unicode (NFC), with every run of white space made one space and the ends trimmed."""
    return SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def unaccented(text: str) -> str:
    """Lower-case letters without tones and marks, đ as d: what a hurried person types to search."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    return tidy("".join(letter for letter in decomposed if not unicodedata.combining(letter)))


def word_key(word: str) -> str:
    """ASCII text whose byte order is the Vietnamese dictionary order of one word.

    Two digits a letter, then a blank, then the tones of the letters, so that tones only break ties.
    """
    letters: list[str] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFD", word.lower()):
        if character in TONES:
            if tones:
                tones[-1] = TONES[character]
        elif letters and (letters[-1], character) in WITH_MARK:
            letters[-1] = WITH_MARK[letters[-1], character]
        elif not unicodedata.combining(character):
            letters.append(character)
            tones.append(0)
    return "".join(map(_letter_key, letters)) + " " + "".join(map(str, tones))


def _letter_key(letter: str) -> str:
    place = LETTERS.find(letter)
    if place >= 0:
        return f"{place + 20:02d}"
    return f"{int(letter):02d}" if letter.isascii() and letter.isdigit() else "15"


def name_key(name: str) -> str:
    """Sort key of a person's name: given name, then family name, then middle names (bytewise order).

    Source: list order of exam rooms, given name first; đ after d, tones secondary.
    """
    words = tidy(name).split(" ")
    return "/".join(word_key(word) for word in (words[-1], *words[:-1]))


def text_key(text: str) -> str:
    """Sort key of any other text (a unit's or a class's name), word by word from the left.

    Runs of digits are compared as numbers: class 6A2 stands before class 6A10.
    """
    padded = re.sub(r"\d+", lambda digits: digits[0].zfill(6), tidy(text))
    return "/".join(word_key(word) for word in padded.split(" "))


def vi_number(value: Decimal | float, digits: int | None = None) -> str:
    """A number with a decimal comma and dots between thousands; `digits` decimals where given, half up."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if digits is not None:
        number = number.quantize(Decimal(1).scaleb(-digits), "ROUND_HALF_UP")
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


def vi_date(day: date) -> str:
    """A day as 05/09/2024."""
    return f"{day:%d/%m/%Y}"


def vi_long_date(day: date) -> str:
    """A day as the head of an official document writes it: ngày 05 tháng 9 năm 2024.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I: a zero before days below 10 and months 1 and 2.
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
