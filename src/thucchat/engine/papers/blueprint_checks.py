"""What is wrong with a blueprint, and where a paper leaves its blueprint. Nothing is corrected silently."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from thucchat.engine.papers.blueprint import (
    KIND_NAMES,
    Blueprint,
    Level,
    Line,
    Place,
    by_kind,
    by_level,
)
from thucchat.engine.papers.model import Kind
from thucchat.engine.vietnamese import tidy, vi_number

FULL = Decimal(10)
STATEMENTS = 4
PERCENT_STEP = Decimal("0.5")  # percents are usually printed whole


@dataclass(frozen=True, slots=True)
class BlueprintFault:
    """One thing that does not hold."""

    code: str
    message: str  # Vietnamese
    place: str  # line, kind or level it is about


@dataclass(frozen=True, slots=True)
class TaggedItem:
    """An item of a paper, as its author tagged it."""

    id: str
    topic: str
    content: str
    kind: Kind
    levels: tuple[Level, ...]  # one; of a true/false question that of each statement


def blueprint_faults(blueprint: Blueprint, *, full: Decimal = FULL) -> tuple[BlueprintFault, ...]:
    """Everything wrong inside the blueprint.

    Source: checks of Công văn 7991/BGDĐT-GDTrH: total 10, sums at the foot, percents, statements by four.
    """
    if not blueprint.lines:
        return (BlueprintFault("lines.none", "Ma trận chưa có dòng nội dung nào.", "Ma trận"),)
    faults = [*_total_faults(blueprint, full), *_foot_faults(blueprint), *_percent_faults(blueprint, full)]
    statements = sum(n for (kind, _), n in blueprint.counts().items() if kind == "true_false")
    if statements % STATEMENTS:
        message = f"Có {statements} ý đúng – sai, không chia hết cho {STATEMENTS}."
        faults.append(BlueprintFault("statements.four", message, KIND_NAMES["true_false"]))
    return (*faults, *_line_faults(blueprint))


def _total_faults(blueprint: Blueprint, full: Decimal) -> list[BlueprintFault]:
    total = sum(blueprint.points().values(), Decimal(0))
    if total == full:
        return []
    message = f"Tổng điểm là {vi_number(total)}, phải là {vi_number(full)}."
    return [BlueprintFault("points.total", message, "Tổng số điểm")]


def _foot_faults(blueprint: Blueprint) -> list[BlueprintFault]:
    points, faults = blueprint.points(), []
    kinds, levels = by_kind(points), by_level(points)
    pairs = [("points.kind", KIND_NAMES[k], v, kinds[k]) for k, v in blueprint.stated.kinds.items()]
    pairs += [("points.level", str(level), v, levels[level]) for level, v in blueprint.stated.levels.items()]
    for code, name, stated, found in pairs:
        if stated != found:
            message = f"{name}: cuối bảng ghi {vi_number(stated)} điểm, cộng các ô được {vi_number(found)}."
            faults.append(BlueprintFault(code, message, name))
    return faults


def _percent_faults(blueprint: Blueprint, full: Decimal) -> list[BlueprintFault]:
    stated = [line.percent for line in blueprint.lines if line.percent is not None]
    faults = []
    if stated and sum(stated) != 100:
        message = f"Cột tỉ lệ cộng lại được {vi_number(sum(stated, Decimal(0)))} %, phải là 100 %."
        faults.append(BlueprintFault("percent.total", message, "Tỉ lệ % điểm"))
    for line in blueprint.lines:
        found = sum(blueprint.points([line]).values(), Decimal(0)) / full * 100
        if line.percent is not None and abs(line.percent - found) > PERCENT_STEP:
            shown = f"ghi {vi_number(line.percent)} %, tính được {vi_number(found.normalize())} %"
            message = f"“{line.content}” {shown}."
            faults.append(BlueprintFault("percent.line", message, line.content))
    return faults


def _line_faults(blueprint: Blueprint) -> list[BlueprintFault]:
    faults = []
    seen: Counter[tuple[str, str]] = Counter()
    for line in blueprint.lines:
        seen[line.topic, line.content] += 1
        if seen[line.topic, line.content] == 2:
            message = f"“{line.content}” của “{line.topic}” có hai dòng."
            faults.append(BlueprintFault("line.twice", message, line.content))
        for (kind, level), cell in line.cells.items():
            where = f"{line.content}, {KIND_NAMES[kind]}, {level}"
            if cell.count and cell.points is None and kind not in blueprint.worth:
                message = f"{where}: chưa ghi điểm, ví dụ “1 (1,0đ)”."
                faults.append(BlueprintFault("points.missing", message, where))
            if cell.count and line.outcomes and not line.outcomes.get(level):
                message = f"{where}: bản đặc tả không có yêu cầu cần đạt ở mức {level}."
                faults.append(BlueprintFault("outcome.missing", message, where))
    return faults


def paper_faults(blueprint: Blueprint, items: Sequence[TaggedItem]) -> tuple[BlueprintFault, ...]:
    """Where the items of a paper are more or fewer than a cell asks for, or lie outside every line."""
    present = Counter(
        (tidy(item.topic), tidy(item.content), item.kind, level) for item in items for level in item.levels
    )
    faults = []
    for line in blueprint.lines:
        for place in _places(line, present):
            wanted = line.cells[place].count if place in line.cells else 0
            found = present.pop((tidy(line.topic), tidy(line.content), *place), 0)
            if found != wanted:
                where = f"{line.content}, {KIND_NAMES[place[0]]}, {place[1]}"
                faults.append(BlueprintFault("cell.count", f"{where}: cần {wanted}, đề có {found}.", where))
    for topic, content, kind, level in present:
        where = f"{topic}, {content}, {KIND_NAMES[kind]}, {level}"
        faults.append(BlueprintFault("item.outside", f"Ma trận không có dòng cho {where}.", where))
    for item in items:
        if len(item.levels) != (STATEMENTS if item.kind == "true_false" else 1):
            message = f"Câu {item.id} có {len(item.levels)} mức độ; câu đúng – sai cần 4, câu khác cần 1."
            faults.append(BlueprintFault("item.levels", message, item.id))
    return tuple(faults)


def _places(line: Line, present: Iterable[tuple[str, str, Kind, Level]]) -> list[Place]:
    """Places of a line that it asks for or that items fill."""
    key = (tidy(line.topic), tidy(line.content))
    filled = [(kind, level) for topic, content, kind, level in present if (topic, content) == key]
    return list(dict.fromkeys([*line.cells, *filled]))
