"""Blueprints are read from workbooks or Word files, or written on the page."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from thucchat.engine.errors import EngineError
from thucchat.engine.papers.blueprint import KIND_NAMES, PLACES, Blueprint, Cell, Level, Line
from thucchat.engine.papers.blueprint_plain import blueprint_as_plain, blueprint_from_plain, place_key
from thucchat.engine.papers.blueprint_reading import read_blueprint
from thucchat.web.bank.models import Blueprint as Kept
from thucchat.web.org.models import User
from thucchat.web.people.models import Subject
from thucchat.web.shared.errors import RuleBroken

MOST_LINES = 60


def read_file(content: bytes) -> Blueprint:
    """Raises RuleBroken with the code and message of what cannot be read."""
    try:
        return read_blueprint(content)
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal


def keep(blueprint: Blueprint, *, title: str, subject: Subject, grade: int, by: User) -> Kept:
    """A new blueprint of the province."""
    content = blueprint_as_plain(blueprint) | {"title": title}
    return Kept.objects.create(title=title, subject=subject, grade=grade, content=content, made_by=by)


def rewrite(kept: Kept, lines: Sequence[Line]) -> Kept:
    """Replace the lines. Raises RuleBroken: `blueprint.used` once a round stands on it."""
    if kept.rounds.exists():
        raise RuleBroken("blueprint.used", "Ma trận đã dùng cho một kì đề xuất; hãy lập ma trận mới.")
    before = blueprint_from_plain(kept.content)
    kept.content = blueprint_as_plain(Blueprint(kept.title, tuple(lines), before.worth))
    kept.save(update_fields=["content"])
    return kept


def lines_from_grid(grid: Mapping[str, str], before: Sequence[Line]) -> list[Line]:
    """Lines out of the editor's fields: topic-0, content-0, choice|Biết-0 … and choice|Biết-points-0.

    Lines without topic and content are dropped. What the grid does not show, outcomes and competencies, is
    taken over from the line that stood there.
    Raises RuleBroken: `blueprint.cell` naming line and cell.
    """
    found = []
    for number in range(MOST_LINES):
        topic, content = (grid.get(f"{name}-{number}", "").strip() for name in ("topic", "content"))
        if not topic and not content:
            continue
        old = before[number] if number < len(before) else None
        found.append(_line(grid, number, Line(topic[:150], content[:150], {}), old))
    return found


def _line(grid: Mapping[str, str], number: int, named: Line, old: Line | None) -> Line:
    cells = {}
    for place in PLACES:
        key = place_key(place)
        where = f"Dòng {number + 1}, {KIND_NAMES[place[0]]}, {place[1]}"
        count = _whole(grid.get(f"{key}-{number}", ""), where)
        if count:
            points = _points(grid.get(f"{key}-points-{number}", ""), where)
            competency = old.cells[place].competency if old and place in old.cells else ""
            cells[place] = Cell(count, points, competency)
    outcomes = {
        level: tuple(
            line.strip() for line in grid.get(f"{level}-outcome-{number}", "").split("\n") if line.strip()
        )
        for level in Level
    }
    kept = {level: texts for level, texts in outcomes.items() if texts}
    return Line(named.topic, named.content, cells, kept)


def _whole(text: str, where: str) -> int:
    bare = text.strip()
    if not bare:
        return 0
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 3):
        raise RuleBroken("blueprint.cell", f"{where}: “{bare}” phải là số câu (số ý) nguyên.")
    return int(bare)


def _points(text: str, where: str) -> Decimal | None:
    bare = text.strip().replace(",", ".")
    if not bare:
        return None
    try:
        value = Decimal(bare)
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value <= 10:
        raise RuleBroken("blueprint.cell", f"{where}: “{text.strip()}” phải là số điểm từ 0 đến 10.")
    return value
