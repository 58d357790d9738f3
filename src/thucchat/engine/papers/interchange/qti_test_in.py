"""The order of a QTI test: which item stands where, under which heading, worth how much, after which text."""

from collections.abc import Iterator
from dataclasses import dataclass

from thucchat.engine.papers.interchange.doubts import flag
from thucchat.engine.papers.interchange.qti_files import ITEM, TEST, QtiFile, QtiFiles, inside
from thucchat.engine.papers.interchange.qti_out import UNTITLED
from thucchat.engine.papers.model import Flag
from thucchat.engine.papers.reading.names import Element, local

NOT_KEPT = {
    "selection": "chọn ngẫu nhiên một phần số câu",
    "ordering": "xếp thứ tự ngẫu nhiên",
    "preCondition": "điều kiện để câu hiện ra",
    "branchRule": "rẽ nhánh",
    "timeLimits": "giới hạn thời gian",
    "assessmentSectionRef": "phần đề nằm ở tệp khác",
    "testFeedback": "nhận xét cuối bài",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an item stands."""

    file: QtiFile
    part: str | None = None
    points: str | None = None  # as the weight is written
    shared: tuple[Element, ...] = ()  # what its sections show to candidates
    section: str = ""  # what tells sections apart: the test's name, then identifiers


def spots(files: QtiFiles) -> tuple[str, tuple[Spot, ...], tuple[Flag, ...]]:
    """The heading, every item in order, and doubts; items that no test names come last."""
    tests = files.of(TEST)
    flags = [each for test in tests for each in _test_flags(test)]
    found: list[Spot] = []
    for test in tests:
        for line in test.root.iter("assessmentItemRef"):
            file = files.files.get(inside(test.name, line.get("href", "")))
            if file is None or file.root.tag != ITEM:
                name = line.get("href", "")
                flags.append(flag("file.missing", f"Gói thiếu câu “{name[:80]}” mà đề có nêu.", name))
            else:
                found.append(_spot(test, line, file))
    used = {spot.file.name for spot in found}
    rest = [file for file in files.of(ITEM) if file.name not in used]
    if tests and rest:
        names = ", ".join(file.name for file in rest)
        flags.append(
            flag("item.unused", f"Có {len(rest)} câu không nằm trong đề nào, được xếp ở cuối.", names)
        )
    title = tests[0].root.get("title", "").strip() if tests else ""
    return "" if title == UNTITLED else title, (*found, *map(Spot, rest)), tuple(flags)


def _test_flags(test: QtiFile) -> Iterator[Flag]:
    for fault in test.faults:
        yield flag("qti.rule", f"“{test.name}” dòng {fault.line}: {fault.message}.", test.name)
    for name, words in NOT_KEPT.items():
        if next(test.root.iter(name), None) is not None:
            yield flag("test.rule", f"Đề có quy định “{words}” ({name}), không được giữ.", name)


def _spot(test: QtiFile, line: Element, file: QtiFile) -> Spot:
    sections = [above for above in line.iterancestors() if local(above) == "assessmentSection"]
    seen = next((section for section in sections if section.get("visible") != "false"), None)
    part = seen.get("title", "").strip() or None if seen is not None else None
    weight = line.find("weight")
    points = weight.get("value") if weight is not None else None
    blocks = [block for section in reversed(sections) for block in section.iterfind("rubricBlock")]
    identifiers = [above.get("identifier", "") for above in sections]
    return Spot(file, part, points, tuple(blocks), "\n".join([test.name, *identifiers]))
