import unicodedata

import polars as pl
import pytest

from thucchat.web.shared.spreadsheets.fonts import TCVN3, VNI_LETTERS, VNI_MARKS, repair

NAMES = [
    "Nguyễn Văn An", "Lò Thị Hường", "Quàng Văn Đức", "Vàng A Dế", "Giàng Thị Sùng", "Trần Quốc Khánh",
    "Lường Thị Phượng", "Cà Văn Quyền", "Mùa A Páo", "Đặng Thuỳ Dương", "Phạm Ngọc Uyên", "Tòng Văn Thoả",
]  # fmt: skip
TYPED_IN_TCVN3 = ["NguyÔn V¨n An", "Lß ThÞ H\xadêng", "Quµng V¨n §øc"]
TYPED_IN_VNI = ["Nguyeãn Vaên An", "Loø Thò Höôøng", "Quaøng Vaên Ñöùc"]


def in_tcvn3(name: str) -> str:
    letters = {letter: chr(code) for code, letter in TCVN3.items()}
    return "".join(letters.get(ord(letter), letters.get(letter, letter)) for letter in name)


def in_vni(name: str) -> str:
    marks = {mark: sign for sign, mark in VNI_MARKS.items()}
    letters = {letter: sign for sign, letter in VNI_LETTERS.items()}
    typed = []
    for letter in name:
        small = letter.lower()
        if small in letters:
            sign = letters[small]
        else:
            base, *rest = unicodedata.normalize("NFD", small)
            if "\u031b" in rest:
                base, rest = {"u": "ö", "o": "ô"}[base], [mark for mark in rest if mark != "\u031b"]
            rest.sort(key=lambda mark: mark not in "\u0302\u0306")
            sign = base + (marks["".join(rest)] if rest else "")
        typed.append(sign[0].upper() + sign[1:] if letter.isupper() else sign)
    return "".join(typed)


def in_windows(name: str) -> str:
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = unicodedata.normalize("NFD", name)
    grouped = []
    for letter in parts:
        if letter in tones or not unicodedata.combining(letter):
            grouped.append(letter)
        else:
            tone = grouped.pop() if grouped[-1] in tones else ""
            grouped[-1] = unicodedata.normalize("NFC", grouped[-1] + letter)
            grouped += [tone] if tone else []
    return "".join(grouped).encode("cp1258").decode("latin-1")


def test_the_fonts_of_this_test_draw_what_old_files_hold():
    assert [in_tcvn3(name) for name in NAMES[:3]] == TYPED_IN_TCVN3
    assert [in_vni(name) for name in NAMES[:3]] == TYPED_IN_VNI


@pytest.mark.parametrize(
    ("font", "typed"), [("TCVN3", in_tcvn3), ("VNI", in_vni), ("Windows-1258", in_windows)]
)
def test_names_in_an_old_font_come_out_in_unicode(font, typed):
    repaired = repair(pl.Series([*map(typed, NAMES), None, "An"]))

    assert repaired.font == font
    assert repaired.text.to_list() == [*NAMES, None, "An"]
    assert not repaired.unknown.any()


def test_the_capital_font_of_tcvn3_gives_names_their_capitals():
    typed = pl.Series([in_tcvn3(name.lower()) for name in NAMES])

    assert repair(typed).text.to_list() == NAMES


def test_unicode_is_left_alone_with_all_its_signs():
    texts = pl.Series([*NAMES, "«Tổ 1» · Bản 2", "50 m²", "H'Mông", "Ê-đê", "đường 1 ½"])

    assert repair(texts).text.equals(texts)
    assert repair(texts).font == ""


def test_what_no_font_explains_is_told_not_changed():
    texts = pl.Series(["Ünal Çelik", "Müller", "An"])

    repaired = repair(texts)

    assert repaired.text.equals(texts)
    assert repaired.unknown.to_list() == [True, True, False]
