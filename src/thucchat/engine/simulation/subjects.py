"""Subjects by level, curriculum and grade, with lessons a year and who is trained to teach them.

Sources: Thông tư 32/2018/TT-BGDĐT (regulations §7.3). The lessons of the 2006 curriculum (Quyết định
16/2006/QĐ-BGDĐT) are from memory: they only size the teaching of the simulated years, and bind nobody.
"""

from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from thucchat.engine.simulation.schemas import FIELDS, SUBJECTS

HOMEROOM = "HOMEROOM"  # taught by the homeroom teacher, whoever that is
GENERAL = "GENERAL"  # the primary teacher who has the class all day

_Fields: TypeAlias = dict[str, tuple[str, str, str, int, tuple[int, ...]]]
# field: name, kind (s scored, c comment), specialty of its teachers, lessons by grade from the first named.
_PRIMARY_2018: _Fields = {
    "VAN": ("Tiếng Việt", "s", GENERAL, 1, (420, 350, 245, 245, 245)),
    "TOAN": ("Toán", "s", GENERAL, 1, (105, 175, 175, 175, 175)),
    "NN": ("Ngoại ngữ 1", "s", "NN", 3, (140, 140, 140)),
    "DD": ("Đạo đức", "c", GENERAL, 1, (35,) * 5),
    "TNXH": ("Tự nhiên và Xã hội", "c", GENERAL, 1, (70,) * 3),
    "SUDIA": ("Lịch sử và Địa lí", "s", GENERAL, 4, (70,) * 2),
    "KHOAHOC": ("Khoa học", "s", GENERAL, 4, (70,) * 2),
    "TIN": ("Tin học và Công nghệ", "s", "TIN", 3, (70,) * 3),
    "GDTC": ("Giáo dục thể chất", "c", "TD", 1, (70,) * 5),
    "NT": ("Nghệ thuật", "c", "NT", 1, (70,) * 5),
    "HDTN": ("Hoạt động trải nghiệm", "c", GENERAL, 1, (105,) * 5),
}
_PRIMARY_2006: _Fields = {
    "VAN": ("Tiếng Việt", "s", GENERAL, 4, (280, 280)),
    "TOAN": ("Toán", "s", GENERAL, 4, (175, 175)),
    "NN": ("Ngoại ngữ", "s", "NN", 4, (140, 140)),
    "DD": ("Đạo đức", "c", GENERAL, 4, (35, 35)),
    "SUDIA": ("Lịch sử và Địa lí", "s", GENERAL, 4, (70, 70)),
    "KHOAHOC": ("Khoa học", "s", GENERAL, 4, (70, 70)),
    "KT": ("Kĩ thuật", "c", GENERAL, 4, (35, 35)),
    "AN": ("Âm nhạc", "c", "NT", 4, (35, 35)),
    "MT": ("Mĩ thuật", "c", "NT", 4, (35, 35)),
    "GDTC": ("Thể dục", "c", "TD", 4, (70, 70)),
    "TIN": ("Tin học", "s", "TIN", 4, (70, 70)),
}
_LOWER_2018: _Fields = {
    "VAN": ("Ngữ văn", "s", "VAN", 6, (140,) * 4),
    "TOAN": ("Toán", "s", "TOAN", 6, (140,) * 4),
    "NN": ("Ngoại ngữ 1", "s", "NN", 6, (105,) * 4),
    "GDCD": ("Giáo dục công dân", "s", "VAN", 6, (35,) * 4),
    "SUDIA": ("Lịch sử và Địa lí", "s", "XH", 6, (105,) * 4),
    "KHTN": ("Khoa học tự nhiên", "s", "KHTN", 6, (140,) * 4),
    "CN": ("Công nghệ", "s", "TIN", 6, (35, 35, 52, 52)),
    "TIN": ("Tin học", "s", "TIN", 6, (35,) * 4),
    "GDTC": ("Giáo dục thể chất", "c", "TD", 6, (70,) * 4),
    "NT": ("Nghệ thuật", "c", "NT", 6, (70,) * 4),
    "HDTN": ("Hoạt động trải nghiệm, hướng nghiệp", "c", HOMEROOM, 6, (105,) * 4),
    "GDDP": ("Giáo dục địa phương", "c", "XH", 6, (35,) * 4),
}
_LOWER_2006: _Fields = {
    "VAN": ("Ngữ văn", "s", "VAN", 8, (140, 175)),
    "TOAN": ("Toán", "s", "TOAN", 8, (140, 140)),
    "NN": ("Ngoại ngữ", "s", "NN", 8, (105, 70)),
    "GDCD": ("Giáo dục công dân", "s", "VAN", 8, (35, 35)),
    "SU": ("Lịch sử", "s", "XH", 8, (52, 52)),
    "DIA": ("Địa lí", "s", "XH", 8, (52, 52)),
    "LI": ("Vật lí", "s", "KHTN", 8, (35, 70)),
    "HOA": ("Hoá học", "s", "KHTN", 8, (70, 70)),
    "SINH": ("Sinh học", "s", "KHTN", 8, (70, 70)),
    "CN": ("Công nghệ", "s", "TIN", 8, (52, 35)),
    "TIN": ("Tin học", "s", "TIN", 8, (70, 70)),
    "GDTC": ("Thể dục", "c", "TD", 8, (70, 70)),
    "AN": ("Âm nhạc", "c", "NT", 8, (35, 18)),
    "MT": ("Mĩ thuật", "c", "NT", 8, (35, 18)),
}
_UPPER_2018: _Fields = {
    "VAN": ("Ngữ văn", "s", "VAN", 10, (105,) * 3),
    "TOAN": ("Toán", "s", "TOAN", 10, (105,) * 3),
    "NN": ("Ngoại ngữ 1", "s", "NN", 10, (105,) * 3),
    "SU": ("Lịch sử", "s", "SU", 10, (52,) * 3),
    "GDTC": ("Giáo dục thể chất", "c", "TD", 10, (70,) * 3),
    "GDQP": ("Giáo dục quốc phòng và an ninh", "s", "TD", 10, (35,) * 3),
    "HDTN": ("Hoạt động trải nghiệm, hướng nghiệp", "c", HOMEROOM, 10, (105,) * 3),
    "GDDP": ("Giáo dục địa phương", "c", HOMEROOM, 10, (35,) * 3),
    "LI": ("Vật lí", "s", "LI", 10, (70,) * 3),
    "HOA": ("Hoá học", "s", "HOA", 10, (70,) * 3),
    "SINH": ("Sinh học", "s", "SINH", 10, (70,) * 3),
    "DIA": ("Địa lí", "s", "DIA", 10, (70,) * 3),
    "GDCD": ("Giáo dục kinh tế và pháp luật", "s", "GDCD", 10, (70,) * 3),
    "TIN": ("Tin học", "s", "TIN", 10, (70,) * 3),
    "CNCN": ("Công nghệ (Công nghiệp)", "s", "LI", 10, (70,) * 3),
    "CNNN": ("Công nghệ (Nông nghiệp)", "s", "SINH", 10, (70,) * 3),
}
_UPPER_2006: _Fields = {
    "VAN": ("Ngữ văn", "s", "VAN", 11, (123, 105)),
    "TOAN": ("Toán", "s", "TOAN", 11, (123, 123)),
    "NN": ("Ngoại ngữ", "s", "NN", 11, (105, 105)),
    "LI": ("Vật lí", "s", "LI", 11, (70, 70)),
    "HOA": ("Hoá học", "s", "HOA", 11, (70, 70)),
    "SINH": ("Sinh học", "s", "SINH", 11, (52, 52)),
    "SU": ("Lịch sử", "s", "SU", 11, (35, 52)),
    "DIA": ("Địa lí", "s", "DIA", 11, (35, 52)),
    "GDCD": ("Giáo dục công dân", "s", "GDCD", 11, (35, 35)),
    "CN": ("Công nghệ", "s", "SINH", 11, (52, 35)),
    "TIN": ("Tin học", "s", "TIN", 11, (52, 52)),
    "GDTC": ("Thể dục", "c", "TD", 11, (70, 70)),
    "GDQP": ("Giáo dục quốc phòng và an ninh", "s", "TD", 11, (35, 35)),
}
_CENTRE_2018: _Fields = {
    "VAN": ("Ngữ văn", "s", "VAN", 10, (105,) * 3),
    "TOAN": ("Toán", "s", "TOAN", 10, (105,) * 3),
    "SU": ("Lịch sử", "s", "XH", 10, (52,) * 3),
    "DIA": ("Địa lí", "s", "XH", 10, (70,) * 3),
    "GDCD": ("Giáo dục kinh tế và pháp luật", "s", "XH", 10, (70,) * 3),
    "SINH": ("Sinh học", "s", "KHTN", 10, (70,) * 3),
    "CNNN": ("Công nghệ (Nông nghiệp)", "s", "KHTN", 10, (70,) * 3),
    "HDTN": ("Hoạt động trải nghiệm, hướng nghiệp", "c", HOMEROOM, 10, (105,) * 3),
}
_CENTRE_2006: _Fields = {
    "VAN": ("Ngữ văn", "s", "VAN", 11, (105, 105)),
    "TOAN": ("Toán", "s", "TOAN", 11, (140, 140)),
    "LI": ("Vật lí", "s", "KHTN", 11, (70, 70)),
    "HOA": ("Hoá học", "s", "KHTN", 11, (70, 70)),
    "SINH": ("Sinh học", "s", "KHTN", 11, (52, 52)),
    "SU": ("Lịch sử", "s", "XH", 11, (52, 52)),
    "DIA": ("Địa lí", "s", "XH", 11, (52, 52)),
}
_CATALOGUE = {
    ("TH", "2018"): _PRIMARY_2018, ("TH", "2006"): _PRIMARY_2006,
    ("THCS", "2018"): _LOWER_2018, ("THCS", "2006"): _LOWER_2006,
    ("THPT", "2018"): _UPPER_2018, ("THPT", "2006"): _UPPER_2006,
    ("GDTX", "2018"): _CENTRE_2018, ("GDTX", "2006"): _CENTRE_2006,
}  # fmt: skip
_SHORT = {"TH": "TH", "THCS": "CS", "THPT": "PT", "GDTX": "TX"}

ELECTIVES = ("LI", "HOA", "SINH", "DIA", "GDCD", "TIN", "CNCN", "CNNN")
NATURAL = ("LI+HOA+SINH+TIN", "LI+HOA+TIN+CNCN")
SOCIAL = ("DIA+GDCD+TIN+CNNN", "DIA+GDCD+SINH+CNNN", "DIA+GDCD+LI+TIN", "DIA+GDCD+HOA+CNNN")

# What a teacher of a subject teaches of the abilities that are followed over the years.
ABILITIES_OF = {field: (field,) for field in FIELDS} | {
    "DD": ("GDCD",), "SUDIA": ("SU", "DIA"), "KHTN": ("LI", "HOA", "SINH"),
    "KHOAHOC": ("LI", "HOA", "SINH"), "TNXH": ("SINH", "SU", "DIA"),
}  # fmt: skip
# What a person of a specialty is trained for.
TRAINED_FOR = {
    GENERAL: ("VAN", "TOAN", "DD", "TNXH", "KHOAHOC", "SUDIA", "HDTN"), "XH": ("SUDIA", "SU", "DIA"),
    "KHTN": ("KHTN", "LI", "HOA", "SINH"), "TD": ("GDTC",), "NT": ("NT", "AN", "MT"), "CHILDREN": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of one level and curriculum."""

    code: str
    name: str
    level: str
    curriculum: str
    field: str
    kind: str  # scored, comment
    specialty: str  # of its teachers
    is_elective: bool
    periods: dict[int, int]  # lessons a year by grade


def catalogue() -> tuple[Subject, ...]:
    """Every subject of both curricula, grades 1-12."""
    return tuple(
        Subject(
            f"{_SHORT[level]}{curriculum[2:]}-{field}",
            name,
            level,
            curriculum,
            field,
            "scored" if kind == "s" else "comment",
            specialty,
            (level, curriculum) == ("THPT", "2018") and field in ELECTIVES,
            dict(enumerate(lessons, start=first)),
        )
        for (level, curriculum), fields in _CATALOGUE.items()
        for field, (name, kind, specialty, first, lessons) in fields.items()
    )


def subject_frame(subjects: tuple[Subject, ...]) -> pl.DataFrame:
    """The frame SUBJECTS."""
    rows = [
        (item.code, item.name, item.level, item.curriculum, item.field, item.kind, item.is_elective,
         list(item.periods), list(item.periods.values()))
        for item in subjects
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=SUBJECTS, orient="row")
