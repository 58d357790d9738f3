"""A QTI item as a question. What is not understood is named in flags, and its text kept."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from thucchat.engine.papers.interchange.doubts import flag
from thucchat.engine.papers.interchange.draft import Draft
from thucchat.engine.papers.interchange.markup import cut
from thucchat.engine.papers.interchange.qti_files import inside
from thucchat.engine.papers.interchange.qti_fit import POINTS
from thucchat.engine.papers.interchange.qti_interactions import read_interaction
from thucchat.engine.papers.interchange.qti_items import CONTEXT_CLASS, GROUP_CLASS
from thucchat.engine.papers.interchange.qti_names import TOOL
from thucchat.engine.papers.interchange.qti_test_in import Spot
from thucchat.engine.papers.model import Question
from thucchat.engine.papers.reading.names import Element, local

OWN_TITLE = re.compile(r"Câu (\d{1,6})")
GROUP = re.compile(GROUP_CLASS + r"(\d{1,6})(?:\s|$)")
ONE = re.compile(r"1([.]0*)?")  # points that say nothing
FEEDBACK = ("feedbackBlock", "feedbackInline")
TEMPLATES = ("templateDeclaration", "templateProcessing")


def read_item(spot: Spot, number: int, stimuli: Mapping[str, Element]) -> tuple[Question, str | None]:
    """The question, and what tells a context without group number apart; `stimuli` holds shared texts."""
    root, name = spot.file.root, spot.file.name
    own = root.get("toolName") == TOOL
    title = OWN_TITLE.fullmatch(root.get("title", "")) if own else None
    number = int(title[1]) if title else number
    draft = Draft(number, name, own, part_of=partial(inside, name), part=spot.part, points=_points(spot))
    for fault in spot.file.faults:
        draft.flags.append(flag("qti.rule", f"“{name}” dòng {fault.line}: {fault.message}.", name))
    _name_rules(draft, root)
    place = _read_context(draft, spot, stimuli)
    body = root.find("itemBody")
    if body is not None:
        group = GROUP.search(body.get("class", ""))
        draft.group = int(group[1]) if group else None
        draft.stem = _body(draft, body)
    for block in root.iterfind("modalFeedback"):
        draft.solve(draft.text(block))
    return draft.question(), None if own else place  # our own files carry group numbers


def _name_rules(draft: Draft, root: Element) -> None:
    if any(root.find(name) is not None for name in TEMPLATES):
        draft.doubt("item.template", "có giá trị thay đổi theo từng lượt làm, không được giữ")
    if root.get("adaptive") == "true":
        draft.doubt("item.adaptive", "là câu nhiều bước, chỉ phần hiện ra ban đầu được đọc")
    rules = root.find("responseProcessing")
    if rules is not None and len(rules) and not draft.own:
        draft.doubt("scoring.other", "có quy tắc chấm riêng, không được giữ")


def _read_context(draft: Draft, spot: Spot, stimuli: Mapping[str, Element]) -> str | None:
    """Put what the item shares into the draft, cut out of the body; what tells it apart from others."""
    test = spot.section.partition("\n")[0]
    texts = [draft.text(block, partial(inside, test)) for block in spot.shared]
    places = [spot.section] if any(texts) else []
    for line in spot.file.root.iterfind("assessmentStimulusRef"):
        name = inside(spot.file.name, line.get("href", ""))
        if name in stimuli:
            texts.append(draft.text(stimuli[name], partial(inside, name)))
            places.append(name)
        else:
            draft.doubt("file.missing", f"dùng ngữ liệu “{name[:80]}” không có trong gói", name)
    for block in [each for each in spot.file.root.iter("div") if each.get("class") == CONTEXT_CLASS]:
        texts.append(draft.text(block))
        cut(block)
    draft.context = "\n".join(filter(None, texts)) or None
    return "|".join(places) or None


def _points(spot: Spot) -> str | None:
    text = spot.points
    if text is None:
        outcomes = {each.get("identifier"): each for each in spot.file.root.iterfind("outcomeDeclaration")}
        most, score = outcomes.get("MAXSCORE"), outcomes.get("SCORE")
        text = most.findtext("defaultValue/value") if most is not None else None
        text = text or (score.get("normalMaximum") if score is not None else None)
        text = None if text and ONE.fullmatch(text.strip()) else text
    printed = (text or "").strip().replace(".", ",")
    return printed if POINTS.fullmatch(printed) else None


def _body(draft: Draft, body: Element) -> str:
    """The stem; what is not for the candidate goes to the explanation, and answers to where they belong."""
    hidden = [each for each in body.iter("rubricBlock") if "candidate" not in each.get("view", "").split()]
    for block in hidden:
        draft.solve(draft.text(block))
        cut(block)
    while (block := next(body.iter(*FEEDBACK), None)) is not None:
        draft.solve(draft.text(block))
        cut(block)
    read_interaction(draft, list(_interactions(body)))
    return draft.text(body)


def _interactions(body: Element) -> Iterator[Element]:
    for element in body.iter():
        above = [local(each) for each in element.iterancestors()]
        if local(element).endswith("Interaction") and not any(name.endswith("Interaction") for name in above):
            yield element
