"""Options as exchangeable contents of fixed places, and the reasons for leaving their order alone."""

import re
from collections.abc import Sequence

from thucchat.engine.papers.model import Question
from thucchat.engine.papers.reading.flow import Flow, Piece
from thucchat.engine.papers.reading.laid import Laid, Option
from thucchat.engine.papers.reading.names import PPR, Element
from thucchat.engine.papers.writing.canonical import Slot

NAMES_OTHERS = re.compile(
    r"\b(?:cả|cả hai|hai|ba|các|phương án|đáp án|câu|ý|both|all|neither|either)\s+(?:phương án\s+"
    r"|đáp án\s+|câu\s+|ý\s+)?\(?[A-D]\)?"
    r"(?:\s*(?:,|và|hoặc|and|or|&)\s*\(?[A-D]\)?)+"
    r"|^\(?[A-D]\)?\s*(?:,\s*\(?[A-D]\)?\s*)*(?:và|hoặc|and|or|&)\s*\(?[A-D]\)?\s*(?:đều|đúng|sai|are|is|\.|$)"
    r"|(?:tất cả|cả (?:ba|bốn|hai|3|4|2)|các)\s+(?:các\s+)?(?:phương án|đáp án|câu|ý|lựa chọn|đều"
    r"|trên|điều|đặc điểm|trường hợp|yếu tố|nội dung)"
    r"[^.]{0,40}?(?:trên|đều|kể trên|đúng|sai|nêu|còn lại)"
    r"|^tất cả (?:đều )?(?:đúng|sai)|^(?:cả )?(?:ba|bốn) (?:phương án|đáp án|ý)|(?:phương án|đáp án"
    r"|kết quả|ý kiến) khác\b"
    r"|không (?:có )?(?:phương án|đáp án|câu|ý) nào"
    r"|\b(?:all|none|both|neither) of (?:the )?(?:above|these|them)|\ball are correct"
    r"|\bno (?:correct )?answer",
    re.IGNORECASE | re.MULTILINE,
)
LETTERS_IN_STEM = re.compile(r"[(\[]\s*([A-D])\s*[)\]]")
JUST_LETTER = re.compile(r"(?:(?:Hình|Đồ thị|Figure|Sơ đồ|hình|đồ thị)\s*)?[(\[]?[A-D][)\]]?\s*\.?")


def slots_of(flow: Flow, laid: Laid) -> list[Slot]:
    """The place and content of each option."""
    return [_slot(flow, option) for option in laid.options]


def _slot(flow: Flow, option: Option) -> Slot:
    pieces = [piece for piece in flow.between(option.start, option.end) if option.end > option.start]
    # Runs that were cut away with a solution have no parent any more.
    kept = [piece for piece in pieces if piece.run is not None and piece.run.getparent() is not None]
    mark = flow.piece_at(option.mark[0])
    runs = [piece.run for piece in kept if piece.run is not None]
    first = runs[0].getparent() if runs else mark.paragraph
    inline = _unique([run for run in runs if run.getparent() is first])
    anchor = inline[0].getprevious() if inline else None
    return Slot(option.letter, first, anchor, inline, _unique(_paragraphs_after(kept, first)))


def _paragraphs_after(pieces: list[Piece], first: Element | None) -> list[Element]:
    return [
        piece.run.getparent()
        for piece in pieces
        if piece.run is not None and piece.run.getparent() is not first
    ]


def _unique(elements: list[Element]) -> list[Element]:
    found: list[Element] = []
    for element in elements:
        if not found or found[-1] is not element:
            found.append(element)
    return found


def why_fixed(question: Question, slots: list[Slot]) -> str | None:
    """Why the options of a question must keep their order; none when they may be shuffled."""
    if question.type != "choice" or len(slots) < 2:
        return "không có phương án để hoán vị"
    if any(flag.code.startswith("option.") for flag in question.flags):
        return "phương án còn điểm nghi vấn"
    texts = list(question.options.values())
    if any(NAMES_OTHERS.search(text) for text in texts):
        return "có phương án nhắc tới phương án khác"
    if (
        len(set(LETTERS_IN_STEM.findall(question.stem))) >= 3
        or sum(JUST_LETTER.fullmatch(text) is not None for text in texts) >= 3
    ):
        return "phương án là tên hình hoặc chữ cái trong câu dẫn"
    if any(not slot.inline for slot in slots):
        return "có phương án trống"
    if any(slot.blocks for slot in slots) and not _each_has_own_paragraph(slots):
        return "phương án nhiều đoạn nằm chung dòng với phương án khác"
    return None


def _each_has_own_paragraph(slots: list[Slot]) -> bool:
    firsts = {id(slot.paragraph) for slot in slots}
    following = {id(block) for slot in slots for block in slot.blocks}
    return len(firsts) == len(slots) and not firsts & following


def fill(slots: list[Slot], order: Sequence[int]) -> None:
    """Put the content of slot `order[i]` into place `i`. Contents are named by where they stood at first."""
    for slot in slots:
        for element in (*slot.inline, *slot.blocks):
            element.getparent().remove(element)
    for place, source in zip(slots, order, strict=True):
        _insert(place, slots[source])


def _insert(place: Slot, content: Slot) -> None:
    position = 0
    if place.anchor is not None:
        position = place.paragraph.index(place.anchor) + 1
    elif len(place.paragraph) and place.paragraph[0].tag == PPR:
        position = 1
    for element in reversed(content.inline):
        place.paragraph.insert(position, element)
    for element in reversed(content.blocks):
        place.paragraph.addnext(element)


def blocks_in_order(blocks: Sequence[Element], slots: Sequence[Slot], order: Sequence[int]) -> list[Element]:
    """The blocks of a question once its options stand in `order`: whole paragraphs follow their option."""
    moving = {id(block) for slot in slots for block in slot.blocks}
    following = {
        id(place.paragraph): slots[source].blocks for place, source in zip(slots, order, strict=True)
    }
    found: list[Element] = []
    for block in blocks:
        if id(block) not in moving:
            found += [block, *following.get(id(block), [])]
    return found
