"""First lines of a document that a unit issues: who stands above it, its name, its place, its initials."""

import re
from collections.abc import Iterator
from datetime import date

from thucchat.engine.documents.tree import Letterhead
from thucchat.web.org.models import Unit

PLACE = re.compile(r"\b(tỉnh|thành phố|thị xã|huyện|xã|phường|thị trấn) (.+)$")
# Of the kinds that have one; a commitment or an explanation is none of the 29 kinds and bears no number.
# Source: Nghị định 30/2020/NĐ-CP, Phụ lục III.
ABBREVIATIONS = {"KẾ HOẠCH": "KH", "BÁO CÁO": "BC", "BIÊN BẢN": "BB", "QUYẾT ĐỊNH": "QĐ", "THÔNG BÁO": "TB"}
OFFICES = {Unit.Kind.PROVINCE: "SGDĐT", Unit.Kind.DISTRICT: "PGDĐT", Unit.Kind.COMMUNE: "UBND"}


def letterhead(unit: Unit, kind: str, subject: str, day: date) -> Letterhead:
    """Of a document of `unit`; the clerk writes the number when the document is issued."""
    short = ABBREVIATIONS.get(kind)
    number = f"Số: …/{short}-{initials(unit)}" if short else ""
    return Letterhead(authority_above(unit), agency_of(unit), number, place_of(unit), day, kind, subject)


def place_of(unit: Unit) -> str:
    """The place (địa danh) that the unit, or the nearest one above it, is named after; empty if none is."""
    for one in _upwards(unit):
        if found := PLACE.search(one.name):
            return found[2] if not found[2].isdecimal() else f"{found[1].capitalize()} {found[2]}"
    return ""


def authority_above(unit: Unit) -> str:
    """Cơ quan chủ quản: of an office of education the people's committee of its place."""
    if unit.kind in {Unit.Kind.PROVINCE, Unit.Kind.DISTRICT}:
        found = PLACE.search(unit.name)
        return f"UBND {found[0]}" if found else ""
    return _in_full(unit.parent.name) if unit.parent and unit.kind != Unit.Kind.COMMUNE else ""


def agency_of(unit: Unit) -> str:
    """Cơ quan ban hành: of an office of education without the place, which the line above it names."""
    if unit.kind not in {Unit.Kind.PROVINCE, Unit.Kind.DISTRICT}:
        return unit.name
    return _in_full(PLACE.sub("", unit.name).strip())


def _in_full(name: str) -> str:
    """An office of education by its whole name, as heads of documents bear it."""
    return re.sub(r"^(Sở|Phòng) GDĐT\b", r"\1 Giáo dục và Đào tạo", name)


def with_school(unit: Unit) -> str:
    """The unit's name, a team's with that of its school."""
    return f"{unit.name}, {unit.parent.name}" if unit.kind == Unit.Kind.TEAM and unit.parent else unit.name


def initials(unit: Unit) -> str:
    """The letters behind the number: SGDĐT; of “Trường THCS Pú Nhung” THCSPN."""
    if fixed := OFFICES.get(Unit.Kind(unit.kind)):
        return fixed
    words = re.findall(r"\w+", unit.name.removeprefix("Trường "))
    return "".join(word if word.isupper() and len(word) > 1 else word[0].upper() for word in words)


def _upwards(unit: Unit) -> Iterator[Unit]:
    here: Unit | None = unit
    while here:
        yield here
        here = here.parent
