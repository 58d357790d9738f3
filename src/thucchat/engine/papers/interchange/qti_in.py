"""A QTI 2.1, 2.2 or 3.0 package, or one item of it, as a paper."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.doubts import flag
from thucchat.engine.papers.interchange.qti_files import ITEM, STIMULUS, files_of
from thucchat.engine.papers.interchange.qti_item_in import read_item
from thucchat.engine.papers.interchange.qti_test_in import spots
from thucchat.engine.papers.model import Paper, Question


def paper_from_qti(content: bytes, name: str = "tệp QTI") -> Paper:
    """The paper; `name` is what messages call the file.

    Questions stand in the order of the test, else of the manifest. Pictures are listed by their part names.
    Raises:
        InvalidInput: `interchange.…`, `paper.bomb` and its like for hostile or broken files (`safe_xml`),
            `qti.version`, `qti.unknown`, `qti.items`.
        NoResult: `formulas.pandoc` when formulas cannot be converted at all.
    """
    files = files_of(content, name)
    if not files.of(ITEM):
        raise InvalidInput("qti.items", f"“{name}” không có câu hỏi nào; hãy chọn cả gói nén chứa nó.")
    heading, places, flags = spots(files)
    stimuli = {file.name: file.root for file in files.of(STIMULUS)}
    read = [read_item(spot, number, stimuli) for number, spot in enumerate(places, 1)]
    broken = [
        flag("qti.rule", f"“{file.name}” dòng {fault.line}: {fault.message}.", file.name)
        for file in files.of(STIMULUS)
        for fault in file.faults
    ]
    questions = _grouped([question for question, _ in read], [place for _, place in read])
    return Paper(questions, (*files.flags, *flags, *broken), heading, files.equations)


def _grouped(questions: Sequence[Question], contexts: Sequence[str | None]) -> tuple[Question, ...]:
    """Questions that share a context get one group number, where the file gave none."""
    counts = Counter(place for place in contexts if place)
    first = 1 + max((question.group or 0 for question in questions), default=0)
    shared = [place for place, times in counts.items() if times > 1]
    numbers = {place: first + order for order, place in enumerate(shared)}
    return tuple(
        replace(question, group=numbers[place]) if place in numbers else question
        for question, place in zip(questions, contexts, strict=True)
    )
